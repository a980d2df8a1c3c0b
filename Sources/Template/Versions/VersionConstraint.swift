import Document

/// A range of versions as Masterminds/semver reads it: alternatives by `||`, each a list of comparisons.
public struct VersionConstraint: Sendable {
    private var alternatives: [[VersionComparison]] = []

    /// Reads a constraint.
    public init(_ text: String) throws(SemanticVersion.Malformed) {
        for part in GoStrings.split(VersionConstraint.rewriteRanges(text), "||") {
            alternatives.append(try VersionConstraint.comparisons(part))
        }
    }

    /// Whether the version lies in the range. Pre-releases do only where a comparison of the alternative names one.
    public func allows(_ version: SemanticVersion) -> Bool {
        alternatives.contains { group in
            let includesPrereleases = group.contains { !$0.version.prerelease.isEmpty }
            if !version.prerelease.isEmpty, !includesPrereleases { return false }
            return group.allSatisfy { $0.allows(version) }
        }
    }

    private static func improper(_ text: String) -> SemanticVersion.Malformed {
        SemanticVersion.Malformed(message: "improper constraint: " + Quoting.string(Text(text)))
    }

    private static func comparisons(_ text: String) throws(SemanticVersion.Malformed) -> [VersionComparison] {
        var scanner = VersionScanner(text)
        var found: [(word: String, core: VersionScanner.Core)] = []
        _ = scanner.skipSpaces()
        repeat {
            let word = operation(&scanner)
            _ = scanner.skipSpaces()
            guard let core = scanner.version(wildcards: true) else { throw improper(text) }
            found.append((word, core))
            let blanks = scanner.skipSpaces()
            if scanner.isAtEnd { break }
            if scanner.peek == UInt8(ascii: ",") {
                scanner.index += 1
                _ = scanner.skipSpaces()
            } else if blanks == 0 {
                throw improper(text)
            }
        } while true
        // Each is judged only when the whole has the form of a constraint.
        return try found.map { one throws(SemanticVersion.Malformed) in try VersionComparison(one.word, one.core) }
    }

    private static func operation(_ scanner: inout VersionScanner) -> String {
        for word in ["!=", ">=", "=>", "<=", "=<", "~>", "=", ">", "<", "~", "^"] {
            let bytes = Array(word.utf8)
            if scanner.bytes[scanner.index...].starts(with: bytes) {
                scanner.index += bytes.count
                return word
            }
        }
        return ""
    }

    /// `1.2 - 1.4` is `>= 1.2, <= 1.4`, with which the blanks before it go too.
    private static func rewriteRanges(_ text: String) -> String {
        guard text.contains(" - ") || text.contains("- ") else { return text }
        var scanner = VersionScanner(text)
        var out: [UInt8] = []
        while !scanner.isAtEnd {
            let start = scanner.index
            if let (low, high) = range(&scanner) {
                out += ">= \(low), <= \(high) ".utf8
            } else {
                scanner.index = start + 1
                out.append(scanner.bytes[start])
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func range(_ scanner: inout VersionScanner) -> (String, String)? {
        _ = scanner.skipSpaces()
        let start = scanner.index
        guard scanner.version(wildcards: true) != nil else { return nil }
        let end = scanner.index
        guard scanner.skipSpaces() > 0, scanner.peek == UInt8(ascii: "-") else { return nil }
        scanner.index += 1
        guard scanner.skipSpaces() > 0 else { return nil }
        let second = scanner.index
        guard scanner.version(wildcards: true) != nil else { return nil }
        let low = String(decoding: scanner.bytes[start..<end], as: UTF8.self)
        let high = String(decoding: scanner.bytes[second..<scanner.index], as: UTF8.self)
        _ = scanner.skipSpaces()
        return (low, high)
    }
}

/// One comparison; parts that are missing or wildcards make it dirty.
private struct VersionComparison: Sendable {
    let word: String
    let version: SemanticVersion
    var isDirty = false
    var minorDirty = false
    var patchDirty = false

    init(_ word: String, _ core: VersionScanner.Core) throws(SemanticVersion.Malformed) {
        self.word = word
        let parts = core.parts
        let tail = core.prerelease.isEmpty ? "" : "-" + core.prerelease
        func isOpen(_ index: Int) -> Bool { index >= parts.count || ["x", "X", "*"].contains(parts[index]) }
        // By hand: `joined` is generic, and its first use searches the conformances of the whole program.
        var text = parts[0]
        for part in parts.dropFirst() { text += "." + part }
        text += tail + (core.metadata.isEmpty ? "" : "+" + core.metadata)
        if isOpen(0) {
            (text, isDirty) = ("0.0.0" + tail, true)
        } else if isOpen(1) {
            (text, isDirty, minorDirty) = ("\(parts[0]).0.0" + tail, true, true)
        } else if isOpen(2) {
            (text, isDirty, patchDirty) = ("\(parts[0]).\(parts[1]).0" + tail, true, true)
        }
        do throws(SemanticVersion.Malformed) {
            version = try SemanticVersion(text)
        } catch {
            throw SemanticVersion.Malformed(message: "constraint parser error")
        }
    }

    func allows(_ other: SemanticVersion) -> Bool {
        switch word {
        case "", "=": isDirty ? tilde(other) : other == version
        case "!=": notEqual(other)
        case ">": greater(other)
        case "<": other < version
        case ">=", "=>": other >= version
        case "<=", "=<": lessOrEqual(other)
        case "~", "~>": tilde(other)
        default: caret(other)
        }
    }

    private func notEqual(_ other: SemanticVersion) -> Bool {
        guard isDirty else { return other != version }
        if other.major != version.major { return true }
        if minorDirty { return false }
        if other.minor != version.minor { return true }
        if !patchDirty { return other.patch != version.patch || other != version }
        if other.prerelease.isEmpty, version.prerelease.isEmpty { return false }
        return SemanticVersion.compare(prerelease: other.prerelease, version.prerelease) != 0
    }

    private func greater(_ other: SemanticVersion) -> Bool {
        guard isDirty else { return other > version }
        if other.major != version.major { return other.major > version.major }
        if minorDirty { return false }
        if patchDirty { return other.minor > version.minor }
        return other > version
    }

    private func lessOrEqual(_ other: SemanticVersion) -> Bool {
        guard isDirty else { return other <= version }
        if other.major > version.major { return false }
        return !(other.major == version.major && other.minor > version.minor && !minorDirty)
    }

    private func tilde(_ other: SemanticVersion) -> Bool {
        if other < version { return false }
        let isZero = version.major == 0 && version.minor == 0 && version.patch == 0
        if isZero, !minorDirty, !patchDirty { return true }
        return other.major == version.major && (other.minor == version.minor || minorDirty)
    }

    private func caret(_ other: SemanticVersion) -> Bool {
        if other < version { return false }
        if version.major > 0 || minorDirty { return other.major == version.major }
        if other.major > 0 { return false }
        if version.minor > 0 || patchDirty { return other.minor == version.minor }
        return other.minor == 0 && other.patch == version.patch
    }
}
