import Archive
import Glibc
import TestSupport
import Testing

/// Unpacking into folders, of friendly and of hostile layers.
@Suite struct UnpackTests {
    func unpack(
        _ entries: [(ArchiveEntry, [UInt8])], into folder: String, below: [String] = [],
        whiteouts: FolderUnpacker.Whiteouts = .ignored
    ) throws {
        _ = try Command("mkdir", ["-p", folder]).run()
        let reader = try ArchiveReader(bytes: archive(entries), rules: .layer)
        try FolderUnpacker(into: folder, below: below, whiteouts: whiteouts).unpack(reader)
    }

    func file(_ path: String, _ text: String = "text", mode: UInt32 = 0o644) -> (ArchiveEntry, [UInt8]) {
        (ArchiveEntry(path: path, mode: mode, modified: 1_600_000_000), Array(text.utf8))
    }

    func folder(_ path: String, mode: UInt32 = 0o755) -> (ArchiveEntry, [UInt8]) {
        (ArchiveEntry(path: path, kind: .folder, mode: mode, modified: 1_600_000_000), [])
    }

    func link(_ path: String, _ target: String) -> (ArchiveEntry, [UInt8]) {
        (ArchiveEntry(path: path, kind: .symbolicLink(target), mode: 0o777), [])
    }

    func tree(_ path: String) throws -> [String] {
        let command = Command("find", [".", "-mindepth", "1", "-printf", "%P %y %m %l\\n"], in: path)
        return try command.run().output.split(separator: "\n").map { $0.trimmingSuffix(" ") }.sorted()
    }

    @Test func treeIsAsTheArchiveSays() throws {
        let scratch = try ScratchFolder()
        try unpack(
            [
                folder("./"), folder("etc", mode: 0o700), file("etc/passwd", mode: 0o4600), link("bin", "usr/bin"),
                file("deep/er/file"), (ArchiveEntry(path: "hard", kind: .hardLink("etc/passwd")), []),
                folder("etc"), file("deep/er/file", "again"),
            ], into: "\(scratch.path)/root")
        #expect(
            try tree("\(scratch.path)/root") == [
                "bin l 777 usr/bin", "deep d 755", "deep/er d 755", "deep/er/file f 644", "etc d 755",
                "etc/passwd f 4600", "hard f 4600",
            ])
        #expect(try readFile("\(scratch.path)/root/deep/er/file") == Array("again".utf8))
        var status = stat()
        #expect(stat("\(scratch.path)/root/etc", &status) == 0 && status.st_mtim.tv_sec == 1_600_000_000)
    }

    @Test(arguments: ["/", "../../../../../..", "/proc/self/cwd/..", "up"])
    func linksLeadNobodyOut(target: String) throws {
        let scratch = try ScratchFolder()
        let outside = "\(scratch.path)/outside"
        _ = try Command("mkdir", ["-p", outside]).run()
        try unpack(
            [
                link("up", ".."), link("out", target), file("out\(outside)/evil"), link("passwd", "\(outside)/evil"),
                file("passwd"),
            ], into: "\(scratch.path)/root")
        #expect(try tree(outside) == [])
        let found = try Command("find", ["\(scratch.path)/root", "-name", "evil", "-type", "f"]).run()
        #expect(found.output.split(separator: "\n").count == 1)
        #expect(try readFile("\(scratch.path)/root/passwd") == Array("text".utf8))
    }

    @Test func endlessLinksAreRefused() throws {
        let scratch = try ScratchFolder()
        let entries = [link("a", "b"), link("b", "a"), file("a/file")]
        #expect(code { try unpack(entries, into: "\(scratch.path)/root") } == .escapingLink)
        #expect(
            code { try unpack([(ArchiveEntry(path: "x", kind: .hardLink("gone")), [])], into: "\(scratch.path)/r") }
                == .system)
    }

    @Test func linksOfLowerLayersLead() throws {
        let scratch = try ScratchFolder()
        let (lower, upper) = ("\(scratch.path)/lower", "\(scratch.path)/upper")
        try unpack([folder("usr/lib", mode: 0o711), link("lib", "usr/lib"), file("a/b")], into: lower)
        try unpack([file("lib/x.so"), file("a/c")], into: upper, below: [lower])
        #expect(try tree(upper) == ["a d 755", "a/c f 644", "usr d 755", "usr/lib d 711", "usr/lib/x.so f 644"])
    }

    @Test(.needsRoot) func whiteoutsBecomeOverlays() throws {
        let scratch = try ScratchFolder()
        let root = "\(scratch.path)/root"
        try unpack(
            [
                file(".wh.gone"), file("dir/.wh..wh..opq"), file("dir/new"), file("kept"), file(".wh.kept"),
                file(".wh.remade"), folder("remade"), folder("sub"), file(".wh.sub"),
            ], into: root, whiteouts: .overlay)
        #expect(
            try tree(root) == ["dir d 755", "dir/new f 644", "gone c 0", "kept f 644", "remade d 755", "sub d 755"])
        try unpack(
            [file("gone"), file("dir/old"), file("remade/old"), file("sub/old"), file("stays")],
            into: "\(scratch.path)/lower")
        let merged = try Command(
            "unshare",
            [
                "-m", "sh", "-c",
                "mount -t overlay none -o lowerdir=root:lower lower && cd lower/. && cd ../lower && find *",
            ],
            in: scratch.path
        ).run()
        #expect(merged.output == "dir\ndir/new\nkept\nremade\nstays\nsub\n", "\(merged.errors)")
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: Character) -> String {
        String(last == suffix ? dropLast() : self)
    }
}
