import Archive
import Chart
import Document
import Glibc
import TestSupport
import Testing

/// Charts read from folders and archives, whole ones and hostile ones.
struct LoadingTests {
    /// A pipe has no size to go by.
    @Test(arguments: [0, 1, 4095, 4096, 4097, 300_000])
    func whatComesThroughAPipeIsReadToItsEnd(count: Int) throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { close(ends[0]) }
        // All of it fits into the pipe, so that nobody need read while it is written (fcntl(2), F_SETPIPE_SZ).
        #expect(fcntl(ends[1], 1031, 1 << 20) >= count)
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(write(ends[1], bytes, count) == count)
        close(ends[1])
        #expect(try HostFile.read("/proc/self/fd/\(ends[0])") == bytes)
    }

    private static let head = "apiVersion: v2\nname: c\nversion: 1.2.3\n"

    @Test func aFolderAndItsArchiveAreTheSameChart() throws {
        let folder = try ScratchFolder()
        let chart = try ChartLoader.load(Charts.hello)
        let packed = try ChartPacker.pack(chart)
        let again = try ChartLoader.load(archive: packed, named: "hello.tgz")
        #expect(again.metadata == chart.metadata && again.values == chart.values)
        #expect(again.templates.map(\.name) == chart.templates.map(\.name))
        #expect(try Charts.rendered(again) == Charts.rendered(chart))
        _ = folder
    }

    @Test(arguments: ["\n", "\r\n"])
    func helmignoreKeepsFilesOut(lineEnd: String) throws {
        let folder = try ScratchFolder()
        try folder.write(Self.head, to: "c/Chart.yaml")
        let lines = ["# comment", "*.bak", "/top.txt", "sub/", "deep/*.md", "[ab].x", "x*[", "[z-a].x", ""]
        try folder.write(lines.joined(separator: lineEnd), to: "c/.helmignore")
        for name in ["a.bak", "d/b.bak", "top.txt", "d/top.txt", "sub/x", "deep/x.md", "deep/er/y.md", "a.x", "c.x"] {
            try folder.write("x", to: "c/\(name)")
        }
        try folder.write("x", to: "c/templates/.hidden")
        let chart = try ChartLoader.load("\(folder.path)/c")
        #expect(chart.files.map(\.name) == [".helmignore", "c.x", "d/top.txt", "deep/er/y.md"])
        #expect(chart.templates.isEmpty)
    }

    @Test(
        arguments: [
            ([("Chart.yaml", head)], "chart illegally contains content outside the base directory: \"Chart.yaml\""),
            ([("c/Chart.yaml", head), ("c/../../etc/passwd", "x")], "chart illegally references parent directory"),
            ([("c/Chart.yaml", head), ("c//etc/passwd", "x")], "chart illegally contains absolute paths"),
            (
                [("c/Chart.yaml", head), ("c", "x")],
                "chart illegally contains content outside the base directory: \"c\""
            ),
            ([("c/values.yaml", "a: 1")], "Chart.yaml file is missing"),
            ([], "no files in chart archive"),
        ] as [([(String, String)], String)])
    func hostileArchivesAreRefused(entries: [(String, String)], words: String) throws {
        let bytes = try Charts.archive(entries)
        #expect(Charts.loadFailure { try ChartLoader.load(archive: bytes, named: "c.tgz") } == words)
    }

    @Test func linksOutOfAnArchiveAreNoFiles() throws {
        let writer = try ArchiveWriter(compression: ArchiveWriter.Compression())
        try writer.add(ArchiveEntry(path: "c/Chart.yaml", kind: .file), contents: Array(Self.head.utf8))
        try writer.add(ArchiveEntry(path: "c/files/passwd", kind: .symbolicLink("/etc/passwd")), contents: [])
        let chart = try ChartLoader.load(archive: try writer.finish(), named: "c.tgz")
        #expect(chart.files.map(\.name) == ["files/passwd"] && chart.files.allSatisfy { $0.bytes.isEmpty })
    }

    @Test func laterMetadataIsLaidOverTheFirst() throws {
        let bytes = try Charts.archive([("c/Chart.yaml", Self.head), ("c/Chart.yaml", "version: 2.0.0\nicon: i\n")])
        let chart = try ChartLoader.load(archive: bytes, named: "c.tgz")
        #expect([chart.name, chart.metadata.version, chart.metadata.icon] == ["c", "2.0.0", "i"])
    }

    /// Helm reads no further than the tar stream, whatever the compression says behind it.
    @Test(arguments: [(0, [0x78, 0x78]), (8, []), (8, [0, 0, 0, 0, 0, 0, 0, 0])] as [(Int, [UInt8])])
    func whatFollowsTheArchiveIsNotLookedAt(cut: Int, tail: [UInt8]) throws {
        let bytes = try ChartPacker.pack(try ChartLoader.load(Charts.hello))
        let chart = try ChartLoader.load(archive: Array(bytes.dropLast(cut) + tail), named: "hello.tgz")
        #expect(!chart.templates.isEmpty)
    }

    @Test func bombsAreRefused() throws {
        let writer = try ArchiveWriter(compression: ArchiveWriter.Compression())
        try writer.add(ArchiveEntry(path: "c/Chart.yaml", kind: .file), contents: Array(Self.head.utf8))
        let zeros = [UInt8](repeating: 0, count: 60 << 20)
        for name in ["c/a", "c/b"] { try writer.add(ArchiveEntry(path: name, kind: .file), contents: zeros) }
        let bytes = try writer.finish()
        let words = Charts.loadFailure { try ChartLoader.load(archive: bytes, named: "c.tgz") }
        #expect(words == "decompressed chart is larger than the maximum size 104857600")
    }

    @Test func damagedArchivesAreRefused() throws {
        let bytes = try ChartPacker.pack(try ChartLoader.load(Charts.hello))
        for cut in stride(from: 0, to: bytes.count, by: 97) {
            let short = Array(bytes[..<cut])
            #expect(!Charts.loadFailure { try ChartLoader.load(archive: short, named: "c.tgz") }.hasPrefix("loaded"))
        }
        for place in stride(from: 20, to: bytes.count, by: 101) {
            var flipped = bytes
            flipped[place] ^= 0x10
            _ = Charts.loadFailure { try ChartLoader.load(archive: flipped, named: "c.tgz") }
        }
        #expect(
            Charts.loadFailure { try ChartLoader.load(archive: Array("a: 1".utf8), named: "c.yaml") }
                == "file 'c.yaml' seems to be a YAML file, but expected a gzipped archive")
    }

    @Test(arguments: [
        ("apiVersion: v2\nname: c\n", "validation: chart.metadata.version is required"),
        ("apiVersion: v2\nversion: 1.0.0\n", "validation: chart.metadata.name is required"),
        ("apiVersion: v2\nname: c\nversion: x\n", "validation: chart.metadata.version \"x\" is invalid"),
        ("apiVersion: v2\nname: ../c\nversion: 1.0.0\n", "validation: chart.metadata.name \"../c\" is invalid"),
        (
            "apiVersion: v2\nname: c\nversion: 1.0.0\ntype: x\n",
            "validation: chart.metadata.type must be application or library"
        ),
        ("apiVersion: v2\nname: c\nversion: 01.2.3\n", "loaded c"),
        ("apiversion: v2\nNAME: c\nversion: 1.2\n", "loaded c"),
    ])
    func metadataIsChecked(text: String, words: String) {
        #expect(Charts.loadFailure { try Charts.chart(["Chart.yaml": text]) } == words)
    }

    @Test func subchartsAreLoadedFromFoldersAndArchives() throws {
        let packed = try Charts.archive([("s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\n")])
        var files = Charts.chartFiles(["charts/d/Chart.yaml": "apiVersion: v2\nname: d\nversion: 1.0.0\n"])
        files.append(ChartFile(name: "charts/s-1.0.0.tgz", bytes: packed))
        files.append(ChartFile(name: "charts/_skipped/Chart.yaml", bytes: []))
        let chart = try ChartLoader.load(files: files)
        #expect(Set(chart.dependencies.map(\.name)) == ["d", "s"])
    }

    @Test func requirementsOfV1ChartsAreDependencies() throws {
        let chart = try Charts.chart([
            "Chart.yaml": "apiVersion: v1\nname: c\nversion: 1.0.0\n",
            "requirements.yaml": "dependencies: [{name: d, version: 1.x, condition: d.on}]\n",
        ])
        #expect(chart.metadata.dependencies?.first??.condition == "d.on")
        #expect(chart.files.map(\.name) == ["requirements.yaml"])
    }
}
