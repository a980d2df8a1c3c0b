import Archive
import Glibc
import TestSupport
import Testing

/// Archives that others made.
@Suite struct RealArchiveTests {
    @Test(.needsShared) func publicChartsAreRead() throws {
        let folder = try #require(Machine.shared) + "/helm/charts"
        let names = try Command("ls", [folder]).run().output.split(separator: "\n").filter { $0.hasSuffix(".tgz") }
        #expect(names.count > 100)
        for name in names {
            let reader = try ArchiveReader(file: "\(folder)/\(name)", limits: ArchiveLimits(totalBytes: 100 << 20))
            var paths: [String] = []
            while let entry = try reader.next() {
                let contents = try reader.contents()
                #expect(contents.count == entry.size)
                paths.append(entry.path)
            }
            #expect(paths.contains { $0.hasSuffix("/Chart.yaml") }, "\(name)")
            #expect(reader.isCompressed)
        }
    }

    @Test func missingFileIsTold() {
        #expect(code { _ = try ArchiveReader(file: "/nowhere/x.tgz") } == .system)
    }
}
