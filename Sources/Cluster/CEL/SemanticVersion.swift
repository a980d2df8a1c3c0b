/// A version: values of the `semver` library (Semantic Versioning 2.0.0).
public struct SemanticVersion: Sendable, Hashable {
    let major, minor, patch: UInt64
    /// What comes before the version itself: `alpha`, `1`.
    let stages: [String]

    /// - Parameter isLenient: whether a `v`, leading zeros and missing numbers are put right first.
    init?(_ text: String, isLenient: Bool = false) {
        let whole = isLenient ? Self.normal(text) : text
        guard let text = whole else { return nil }
        let build = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let head = build[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = head[0].split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
        guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else {
            return nil
        }
        let stages = head.count == 2 ? head[1].split(separator: ".", omittingEmptySubsequences: false) : []
        let marks = build.count == 2 ? build[1].split(separator: ".", omittingEmptySubsequences: false) : []
        guard (stages + marks).allSatisfy(Self.isWord),
            stages.allSatisfy({ !$0.allSatisfy(\.isNumber) || Self.number($0) != nil })
        else { return nil }
        (self.major, self.minor, self.patch) = (major, minor, patch)
        self.stages = stages.map(String.init)
    }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    /// Digits without a zero before them.
    private static func number(_ text: Substring) -> UInt64? {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), text.count == 1 || text.first != "0" else { return nil }
        return UInt64(text)
    }

    private static func normal(_ text: String) -> String? {
        var parts = (text.hasPrefix("v") ? text.dropFirst() : text[...])
            .split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        for index in parts.indices where parts[index].count > 1 {
            let rest = String(parts[index].drop { $0 == "0" })
            parts[index] = rest.first.map { $0.isASCII && $0.isNumber } == true ? rest : "0\(rest)"
        }
        if parts.count < 3, parts[parts.count - 1].contains(where: { $0 == "+" || $0 == "-" }) { return nil }
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

    private static func version(_ values: [CELValue]) throws(CELError) -> SemanticVersion? {
        guard case .string(let text) = values[0] else { throw .noOverload }
        guard values.count == 2 else { return SemanticVersion(text) }
        return SemanticVersion(text, isLenient: values[1] == .bool(true))
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
                    guard let version = try version(values) else { throw CELError("invalid semantic version") }
                    return .semver(version)
                },
                plain("isSemver", parameters, .bool) { values throws(CELError) in .bool(try version(values) != nil) },
            ]
        } + [
            ask("isLessThan", .bool) { .bool($0 < 0) }, ask("isGreaterThan", .bool) { .bool($0 > 0) },
            ask("compareTo", .int) { .int($0) }, number("major", \.major), number("minor", \.minor),
            number("patch", \.patch),
        ]
}
