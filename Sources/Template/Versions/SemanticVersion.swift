import Document

/// A semantic version as Masterminds/semver reads it: `v` in front, missing parts and leading zeros pass.
public struct SemanticVersion: Sendable, Hashable {
    public var major: UInt64
    public var minor: UInt64
    public var patch: UInt64
    public var prerelease: String
    public var metadata: String
    /// The text that was read.
    public let original: String

    /// Why a text is no version.
    public struct Malformed: Error, Sendable {
        /// The library's words.
        public let message: String
    }

    /// Reads a version.
    public init(_ text: String) throws(Malformed) {
        var scanner = VersionScanner(text)
        guard let core = scanner.version(wildcards: false), scanner.isAtEnd else {
            throw Malformed(message: "invalid semantic version")
        }
        original = text
        (major, minor, patch) = (0, 0, 0)
        prerelease = core.prerelease
        metadata = core.metadata
        major = try SemanticVersion.number(core.parts[0])
        minor = core.parts.count > 1 ? try SemanticVersion.number(core.parts[1]) : 0
        patch = core.parts.count > 2 ? try SemanticVersion.number(core.parts[2]) : 0
        for part in prerelease.split(separator: ".", omittingEmptySubsequences: false)
        where part.count > 1 && part.hasPrefix("0") && part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw Malformed(message: "version segment starts with 0")
        }
    }

    private static func number(_ digits: String) throws(Malformed) -> UInt64 {
        guard let value = UInt64(digits) else {
            let words = "strconv.ParseUint: parsing \(Quoting.string(Text(digits))): value out of range"
            throw Malformed(message: "error parsing version segment: " + words)
        }
        return value
    }
}

extension SemanticVersion: Comparable, CustomStringConvertible {
    public var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-" + prerelease)
            + (metadata.isEmpty ? "" : "+" + metadata)
    }

    /// Negative, zero or positive; metadata does not count.
    public func compare(_ other: SemanticVersion) -> Int {
        for (a, b) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where a != b {
            return a < b ? -1 : 1
        }
        return SemanticVersion.compare(prerelease: prerelease, other.prerelease)
    }

    public static func < (left: SemanticVersion, right: SemanticVersion) -> Bool { left.compare(right) < 0 }
    public static func == (left: SemanticVersion, right: SemanticVersion) -> Bool { left.compare(right) == 0 }

    /// The order of pre-releases; none at all is the highest.
    static func compare(prerelease left: String, _ right: String) -> Int {
        if left == right { return 0 }
        if left.isEmpty { return 1 }
        if right.isEmpty { return -1 }
        let a = left.split(separator: ".", omittingEmptySubsequences: false)
        let b = right.split(separator: ".", omittingEmptySubsequences: false)
        for index in 0..<max(a.count, b.count) {
            guard index < a.count else { return -1 }
            guard index < b.count else { return 1 }
            let order = compare(part: a[index], b[index])
            if order != 0 { return order }
        }
        return 0
    }

    private static func compare(part a: Substring, _ b: Substring) -> Int {
        if a == b { return 0 }
        switch (UInt64(a), UInt64(b)) {
        case (let left?, let right?): return left < right ? -1 : left == right ? 0 : 1
        case (_?, nil): return -1
        case (nil, _?): return 1
        case (nil, nil): return Text(a) < Text(b) ? -1 : 1
        }
    }
}

/// Reads versions and constraints byte by byte.
struct VersionScanner {
    /// A version's text in pieces.
    struct Core {
        var parts: [String]
        var prerelease: String
        var metadata: String
    }

    let bytes: [UInt8]
    var index = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { index == bytes.count }
    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skipSpaces() -> Int {
        let start = index
        while let byte = peek, byte == 0x20 || (0x09...0x0A).contains(byte) || (0x0C...0x0D).contains(byte) {
            index += 1
        }
        return index - start
    }

    /// Up to three dotted numbers (or wildcards), a pre-release and metadata; nil, and nothing read, where none stands.
    mutating func version(wildcards: Bool) -> Core? {
        let start = index
        if peek == UInt8(ascii: "v") { index += 1 }
        guard let first = segment(wildcards) else {
            index = start
            return nil
        }
        var parts = [first]
        while parts.count < 3, peek == UInt8(ascii: ".") {
            index += 1
            guard let part = segment(wildcards) else {
                index -= 1
                break
            }
            parts.append(part)
        }
        let prerelease = suffix(UInt8(ascii: "-"))
        return Core(parts: parts, prerelease: prerelease, metadata: suffix(UInt8(ascii: "+")))
    }

    private mutating func segment(_ wildcards: Bool) -> String? {
        let start = index
        while let byte = peek, (0x30...0x39).contains(byte) || wildcards && "|xX*".utf8.contains(byte) { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    /// `-a.b` or `+a.b` without its mark; empty where none stands.
    private mutating func suffix(_ mark: UInt8) -> String {
        guard peek == mark else { return "" }
        let start = index
        index += 1
        var end = start
        while true {
            let first = index
            while let byte = peek, isIdentifier(byte) { index += 1 }
            guard index > first else { break }
            end = index
            guard peek == UInt8(ascii: ".") else { break }
            index += 1
        }
        index = end
        return end == start ? "" : String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    }

    private func isIdentifier(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-")
    }
}
