import Document

/// A version: values of the `semver` library (Semantic Versioning 2.0.0).
public struct SemanticVersion: Sendable, Hashable {
    let major, minor, patch: UInt64
    /// What comes before the version itself: `alpha`, `1`.
    let stages: [String]

    /// Why a text is no version.
    struct Malformed: Error {
        let message: String
    }

    /// - Parameter isLenient: whether a `v`, leading zeros and missing numbers are put right first.
    init(_ text: String, isLenient: Bool = false) throws(Malformed) {
        let text = isLenient ? try Self.normal(text) : text
        if text.isEmpty { throw Malformed(message: "Version string empty") }
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw Malformed(message: "No Major.Minor.Patch elements found") }
        let build = parts[2].split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let head = build[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        major = try Self.number(parts[0], "major", "Major")
        minor = try Self.number(parts[1], "minor", "Minor")
        patch = try Self.number(head[0], "patch", "Patch")
        let stages = head.count == 2 ? head[1].split(separator: ".", omittingEmptySubsequences: false) : []
        for stage in stages {
            if stage.isEmpty { throw Malformed(message: "Prerelease is empty") }
            if stage.allSatisfy(Self.isDigit) {
                if stage.count > 1, stage.first == "0" {
                    throw Malformed(
                        message: "Numeric PreRelease version must not contain leading zeroes \(Self.quoted(stage))")
                }
                _ = try Self.number(stage)
            } else if !Self.isWord(stage) {
                throw Malformed(message: "Invalid character(s) found in prerelease \(Self.quoted(stage))")
            }
        }
        for mark in build.count == 2 ? build[1].split(separator: ".", omittingEmptySubsequences: false) : [] {
            if mark.isEmpty { throw Malformed(message: "Build meta data is empty") }
            if !Self.isWord(mark) {
                throw Malformed(message: "Invalid character(s) found in build meta data \(Self.quoted(mark))")
            }
        }
        self.stages = stages.map(String.init)
    }

    private static func quoted(_ text: Substring) -> String { GoQuote.quote(Text(String(text))).string }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func isWord(_ text: Substring) -> Bool {
        text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    /// Digits without a zero before them.
    private static func number(_ text: Substring, _ name: String, _ title: String) throws(Malformed) -> UInt64 {
        guard text.allSatisfy(isDigit) else {
            throw Malformed(message: "Invalid character(s) found in \(name) number \(quoted(text))")
        }
        if text.count > 1, text.first == "0" {
            throw Malformed(message: "\(title) number must not contain leading zeroes \(quoted(text))")
        }
        return try number(text)
    }

    private static func number(_ text: Substring) throws(Malformed) -> UInt64 {
        if let number = UInt64(text) { return number }
        let why = text.isEmpty ? "invalid syntax" : "value out of range"
        throw Malformed(message: "strconv.ParseUint: parsing \(quoted(text)): \(why)")
    }

    private static func normal(_ text: String) throws(Malformed) -> String {
        var parts = (text.hasPrefix("v") ? text.dropFirst() : text[...])
            .split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        for index in parts.indices where parts[index].count > 1 {
            let rest = String(parts[index].drop { $0 == "0" })
            parts[index] = rest.first.map { $0.isASCII && $0.isNumber } == true ? rest : "0\(rest)"
        }
        if parts.count < 3, parts[parts.count - 1].contains(where: { $0 == "+" || $0 == "-" }) {
            throw Malformed(message: "short version cannot contain PreRelease/Build meta data")
        }
        while parts.count < 3 { parts.append("0") }
        return parts.joined(separator: ".")
    }

    /// Less, equal or greater.
    func order(_ other: SemanticVersion) -> Int64 {
        let (left, right) = ([major, minor, patch], [other.major, other.minor, other.patch])
        if left != right { return left.lexicographicallyPrecedes(right) ? -1 : 1 }
        // What has stages comes before what has none.
        if stages.isEmpty || other.stages.isEmpty {
            return stages.isEmpty == other.stages.isEmpty ? 0 : stages.isEmpty ? 1 : -1
        }
        for (one, two) in zip(stages, other.stages) where one != two {
            switch (UInt64(one), UInt64(two)) {
            case (let one?, let two?): return one < two ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            case (nil, nil): return one.utf8.lexicographicallyPrecedes(two.utf8) ? -1 : 1
            }
        }
        return stages.count == other.stages.count ? 0 : stages.count < other.stages.count ? -1 : 1
    }
}

// MARK: The library semver (Kubernetes documentation, "CEL in Kubernetes")

extension Function {
    private static let semver = CELType.opaque("kubernetes.Semver")

    private static func version(_ values: [CELValue]) throws(CELError) -> SemanticVersion {
        guard case .string(let text) = values[0] else { throw .noOverload }
        do throws(SemanticVersion.Malformed) {
            return try SemanticVersion(text, isLenient: values.count == 2 && values[1] == .bool(true))
        } catch {
            throw CELError(error.message)
        }
    }

    private static func ask(
        _ name: String, _ result: CELType, _ body: @escaping @Sendable (Int64) -> CELValue
    ) -> Function {
        member(semver, name, [semver], result) { values throws(CELError) in
            guard case .semver(let left) = values[0], case .semver(let right) = values[1] else { throw .noOverload }
            return body(left.order(right))
        }
    }

    private static func number(
        _ name: String, _ body: @escaping @Sendable (SemanticVersion) -> UInt64
    ) -> Function {
        member(semver, name, [], .int) { values throws(CELError) in
            guard case .semver(let version) = values[0] else { throw .noOverload }
            return .int(Int64(clamping: body(version)))
        }
    }

    static let versions: [Function] =
        [[CELType.string], [.string, .bool]].flatMap { parameters in
            [
                plain("semver", parameters, semver) { values throws(CELError) in
                    .semver(try version(values))
                },
                plain("isSemver", parameters, .bool) { values throws(CELError) in
                    do throws(CELError) { _ = try version(values) } catch { return .bool(false) }
                    return .bool(true)
                },
            ]
        } + [
            ask("isLessThan", .bool) { .bool($0 < 0) }, ask("isGreaterThan", .bool) { .bool($0 > 0) },
            ask("compareTo", .int) { .int($0) }, number("major", \.major), number("minor", \.minor),
            number("patch", \.patch),
        ]
}
