import Archive
import Document
import Glibc
import TestSupport
import Testing

/// What a whole archive holds, read with given limits and rules.
func readAll(
    _ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits(), rules: ArchiveRules = .filesOnly
) throws -> [(entry: ArchiveEntry, contents: [UInt8])] {
    let reader = try ArchiveReader(bytes: bytes, limits: limits, rules: rules)
    var result: [(entry: ArchiveEntry, contents: [UInt8])] = []
    while let entry = try reader.next() { result.append((entry, try reader.contents())) }
    return result
}

/// An archive of these entries.
func archive(
    _ entries: [(ArchiveEntry, [UInt8])], compression: ArchiveWriter.Compression? = ArchiveWriter.Compression()
) throws -> [UInt8] {
    let writer = try ArchiveWriter(compression: compression)
    for (entry, contents) in entries { try writer.add(entry, contents: contents) }
    return try writer.finish()
}

/// The code of the error that `body` throws.
func code(_ body: () throws -> Void) -> ArchiveError.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? ArchiveError)?.code }
}

@Suite struct ArchiveTests {
    static let long = String(repeating: "folder/", count: 40) + "ünïcode.txt"

    @Test(arguments: [nil, ArchiveWriter.Compression(), ArchiveWriter.Compression(level: 9)])
    func whatIsWrittenIsRead(compression: ArchiveWriter.Compression?) throws {
        let entries: [(ArchiveEntry, [UInt8])] = [
            (ArchiveEntry(path: "chart/Chart.yaml", modified: 1_700_000_000), Array("name: x\n".utf8)),
            (ArchiveEntry(path: Self.long, mode: 0o4755, owner: 12, group: 34), [UInt8](repeating: 7, count: 300_000)),
            (ArchiveEntry(path: "empty", mode: 0o600), []),
        ]
        let read = try readAll(archive(entries, compression: compression))
        #expect(read.map(\.entry.path) == entries.map(\.0.path))
        #expect(read.map(\.contents) == entries.map(\.1))
        #expect(read[1].entry.mode == 0o4755)
        #expect(read[1].entry.owner == 12 && read[1].entry.group == 34)
        #expect(read[0].entry.modified == 1_700_000_000)
    }

    /// Of plain names the contents are parts of the archive's memory, of others copies; both outlive the reader.
    @Test(arguments: ["chart/short.txt", long])
    func contentsMayBeShared(path: String) throws {
        let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let bytes = try archive([
            (ArchiveEntry(path: "chart/empty"), []), (ArchiveEntry(path: path), contents),
            (ArchiveEntry(path: "chart/last"), [1, 2, 3]),
        ])
        var shared: [FileBytes] = []
        do {
            let reader = try ArchiveReader(bytes: bytes)
            while try reader.next() != nil { shared.append(try reader.sharedContents()) }
        }
        #expect(shared.map(\.bytes) == [[], contents, [1, 2, 3]])
        #expect(shared.map(\.count) == [0, 300_000, 3])
        #expect(shared[1].dropFirst(299_998).bytes == contents.suffix(2))
        #expect(shared[1].dropFirst(400_000).bytes.isEmpty)
        #expect(shared[2] == FileBytes([1, 2, 3]) && shared[2] != shared[1])
    }

    /// However much of a file is missing, nothing that stands behind it is taken for it.
    @Test(arguments: [512, 513, 1000, 1535])
    func sharedContentsOfAnArchiveCutShortAreRefused(length: Int) throws {
        let tar = try archive([(ArchiveEntry(path: "a"), [UInt8](repeating: 7, count: 1024))], compression: nil)
        let bytes = try Gzip.compress(Array(tar.prefix(length)))
        for shares in [true, false] {
            let found = code {
                let reader = try ArchiveReader(bytes: bytes)
                while try reader.next() != nil {
                    if shares { _ = try reader.sharedContents() } else { _ = try reader.contents() }
                }
            }
            #expect(found == .damaged, "\(shares)")
        }
    }

    @Test func everyKindSurvives() throws {
        let kinds: [ArchiveEntry] = [
            ArchiveEntry(path: "dir/", kind: .folder, mode: 0o755),
            ArchiveEntry(path: "dir/file", attributes: ["user.key": [1, 2, 0, 3]]),
            ArchiveEntry(path: "dir/link", kind: .symbolicLink("../étranger"), mode: 0o777),
            ArchiveEntry(path: "dir/hard", kind: .hardLink("dir/file")),
            ArchiveEntry(path: "dir/null", kind: .characterDevice(major: 1, minor: 3)),
            ArchiveEntry(path: "dir/disk", kind: .blockDevice(major: 8, minor: 1)),
            ArchiveEntry(path: "dir/pipe", kind: .pipe),
        ]
        let read = try readAll(archive(kinds.map { ($0, []) }), rules: .layer)
        #expect(read.map(\.entry.kind) == kinds.map(\.kind))
        #expect(read[1].entry.attributes == ["user.key": [1, 2, 0, 3]])
    }

    @Test func equalInputGivesEqualBytes() throws {
        let entries = [(ArchiveEntry(path: "a"), [UInt8]("text".utf8))]
        #expect(try archive(entries) == archive(entries))
    }

    @Test func otherToolsReadIt() throws {
        let folder = try ScratchFolder()
        let bytes = try archive([
            (ArchiveEntry(path: "a/b.txt"), Array("one".utf8)), (ArchiveEntry(path: Self.long), Array("two".utf8)),
        ])
        try write(bytes, to: "\(folder.path)/x.tgz")
        let listed = try Command("tar", ["-tzf", "\(folder.path)/x.tgz", "--quoting-style=literal"]).run()
        #expect(listed.output == "a/b.txt\n\(Self.long)\n")
        #expect(listed.status == 0)
    }

    @Test func gzipHeaderIsTheCallers() throws {
        let header = Gzip.Header(extra: Array("+aHR0".utf8), comment: "Helm")
        let bytes = try archive(
            [(ArchiveEntry(path: "a"), [])], compression: ArchiveWriter.Compression(header: header))
        // RFC 1952: magic, deflate, FEXTRA|FCOMMENT, no time, no flags, system unknown, length and bytes, comment.
        let expected: [UInt8] =
            [0x1F, 0x8B, 8, 0x14, 0, 0, 0, 0, 0, 255, 5, 0] + Array("+aHR0".utf8) + Array("Helm".utf8) + [0]
        #expect(Array(bytes.prefix(expected.count)) == expected)
        #expect(try readAll(bytes).map(\.entry.path) == ["a"])
    }

    @Test func gzipMembersFollowEachOther() throws {
        let both = try Gzip.compress(Array("one ".utf8)) + Gzip.compress(Array("two".utf8), level: 9)
        #expect(try Gzip.decompress(both, limit: 7) == Array("one two".utf8))
        #expect(code { _ = try Gzip.decompress(both, limit: 6) } == .tooLarge)
        #expect(code { _ = try Gzip.decompress(both.dropLast(), limit: 100) } == .damagedCompression)
        #expect(code { _ = try Gzip.decompress([1, 2, 3], limit: 100) } == .damagedCompression)
    }
}

/// Writes a file of a test.
func write(_ bytes: [UInt8], to path: String) throws {
    guard let stream = fopen(path, "w") else { throw SystemFailure("open \(path)") }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw SystemFailure("write \(path)") }
}
