import Archive
import TestSupport
import Testing

/// Archives that somebody made to hurt, or that a disk or a wire has damaged.
@Suite struct HostileArchiveTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        var entry: ArchiveEntry
        var rules: ArchiveRules = .filesOnly
        var code: ArchiveError.Code
        var testDescription: String { "\(entry.path) \(entry.kind)" }
    }

    static let inside = ArchiveRules(allowsLinks: true)

    @Test(arguments: [
        Refused(entry: ArchiveEntry(path: "/etc/passwd"), code: .absolutePath),
        Refused(entry: ArchiveEntry(path: "/etc/passwd"), rules: .layer, code: .absolutePath),
        Refused(entry: ArchiveEntry(path: "../../etc/passwd"), code: .escapingPath),
        Refused(entry: ArchiveEntry(path: "a/../b"), rules: .layer, code: .escapingPath),
        Refused(entry: ArchiveEntry(path: "a", kind: .symbolicLink("b")), code: .forbiddenKind),
        Refused(entry: ArchiveEntry(path: "a", kind: .hardLink("b")), code: .forbiddenKind),
        Refused(entry: ArchiveEntry(path: "a", kind: .pipe), code: .forbiddenKind),
        Refused(entry: ArchiveEntry(path: "a", kind: .characterDevice(major: 1, minor: 3)), code: .forbiddenKind),
        Refused(
            entry: ArchiveEntry(path: "a", kind: .blockDevice(major: 1, minor: 3)), rules: inside,
            code: .forbiddenKind),
        Refused(entry: ArchiveEntry(path: "a", kind: .symbolicLink("/etc")), rules: inside, code: .escapingLink),
        Refused(entry: ArchiveEntry(path: "a/b", kind: .symbolicLink("../../c")), rules: inside, code: .escapingLink),
        Refused(
            entry: ArchiveEntry(path: "a/b", kind: .symbolicLink("../c/../../d")), rules: inside,
            code: .escapingLink),
        Refused(entry: ArchiveEntry(path: "a/b", kind: .hardLink("../c")), rules: inside, code: .escapingLink),
        Refused(entry: ArchiveEntry(path: "a/b/c/d/e/f"), code: .tooDeep),
    ])
    func ruleRefuses(_ refused: Refused) throws {
        let bytes = try archive([(refused.entry, [])])
        #expect(code { _ = try readAll(bytes, limits: ArchiveLimits(depth: 5), rules: refused.rules) } == refused.code)
    }

    @Test func linksInsideAreAllowedWhereRulesSaySo() throws {
        let bytes = try archive([
            (ArchiveEntry(path: "a/b", kind: .symbolicLink("../c")), []),
            (ArchiveEntry(path: "a/d", kind: .hardLink("c")), []),
        ])
        #expect(try readAll(bytes, rules: Self.inside).count == 2)
    }

    @Test func limitsAreExact() throws {
        let bytes = try archive([
            (ArchiveEntry(path: "a"), [UInt8](repeating: 0, count: 1000)), (ArchiveEntry(path: "b"), []),
        ])
        let total = 512 + 1024 + 512 + 1024
        let fits = ArchiveLimits(totalBytes: total, entryBytes: 1000, entries: 2, depth: 1)
        #expect(try readAll(bytes, limits: fits).count == 2)
        var limits = fits
        limits.totalBytes -= 1
        #expect(code { _ = try readAll(bytes, limits: limits) } == .tooLarge)
        limits = fits
        limits.entryBytes -= 1
        #expect(code { _ = try readAll(bytes, limits: limits) } == .entryTooLarge)
        limits = fits
        limits.entries -= 1
        #expect(code { _ = try readAll(bytes, limits: limits) } == .tooManyEntries)
    }

    @Test func bombIsRefusedByItsRatio() throws {
        let bytes = try archive([(ArchiveEntry(path: "a"), [UInt8](repeating: 0, count: 8 << 20))])
        #expect(bytes.count < 20_000)
        #expect(code { _ = try readAll(bytes, limits: ArchiveLimits(ratio: 100)) } == .tooCompressed)
    }

    @Test func sizeThatLiesTakesNoMemory() throws {
        var bytes = try archive([(ArchiveEntry(path: "a"), Array("text".utf8))], compression: nil)
        // 8 GiB less one in the header's octal field, and its checksum put right.
        bytes.replaceSubrange(124..<136, with: Array("77777777777\0".utf8))
        bytes.replaceSubrange(148..<156, with: Array("        ".utf8))
        let sum = bytes[..<512].reduce(0) { $0 + Int($1) }
        let octal = String(sum, radix: 8)
        bytes.replaceSubrange(
            148..<156, with: Array((String(repeating: "0", count: 6 - octal.count) + octal + "\0 ").utf8))
        let limits = ArchiveLimits(totalBytes: 1 << 40, entryBytes: 1 << 40)
        #expect(code { _ = try readAll(bytes, limits: limits) } == .damaged)
        #expect(code { _ = try readAll(bytes) } == .entryTooLarge)
    }

    static let sample: [(ArchiveEntry, [UInt8])] = [
        (ArchiveEntry(path: "chart/Chart.yaml"), Array("apiVersion: v2\nname: x\nversion: 1.0.0\n".utf8)),
        (ArchiveEntry(path: "chart/" + String(repeating: "long/", count: 30) + "ü"), Array("long".utf8)),
        (ArchiveEntry(path: "chart/values.yaml"), (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ]

    @Test func everyTruncationIsAnErrorOrWhole() throws {
        let whole = try archive(Self.sample)
        for length in 0..<whole.count {
            let failure = code { _ = try readAll(Array(whole.prefix(length))) }
            #expect(failure == .damaged || failure == .damagedCompression, "cut to \(length) bytes")
        }
    }

    @Test func everyFlippedBitOfCompressedDataIsNoticed() throws {
        let whole = try archive(Self.sample)
        let expected = try readAll(whole).map(\.contents)
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                // A flip in the gzip header (time, system) may go unnoticed, but then the contents are right.
                if let read = try? readAll(bytes) {
                    #expect(read.map(\.contents) == expected, "bit \(bit) of byte \(index)")
                }
            }
        }
    }

    @Test func flippedBitsOfPlainTarNeverEscape() throws {
        let whole = try archive(Self.sample, compression: nil)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<600 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0...7)
            }
            guard let read = try? readAll(bytes) else { continue }
            for (entry, _) in read {
                #expect(!entry.path.hasPrefix("/") && !entry.parts.contains(".."))
            }
        }
    }

    @Test func randomBytesAreNoArchive() {
        for length in [0, 1, 2, 100, 512, 5000] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255) }
            #expect(code { _ = try readAll(bytes) } != nil)
            #expect(code { _ = try readAll([0x1F, 0x8B] + bytes) } != nil)
        }
    }
}
