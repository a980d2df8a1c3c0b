import Document

/// A `*semver.Version` as templates see it.
final class VersionObject: GoObject {
    let version: SemanticVersion
    /// Whether this is a `*semver.Version`, as `semver` answers; its methods answer plain ones.
    let isPointer: Bool

    init(_ version: SemanticVersion, isPointer: Bool = true) {
        self.version = version
        self.isPointer = isPointer
    }

    var typeName: String { isPointer ? "*semver.Version" : "semver.Version" }
    var text: Text { Text(version.description) }
    var json: Value { .string(version.description) }
    var printedFields: [(name: String, value: GoValue)]? {
        [
            ("major", .uint64(version.major)), ("minor", .uint64(version.minor)), ("patch", .uint64(version.patch)),
            ("pre", .string(version.prerelease)), ("metadata", .string(version.metadata)),
            ("original", .string(version.original)),
        ]
    }

    func method(_ name: Text) -> Function? { VersionObject.methods.function(named: name) }

    private static func of(_ value: GoValue) -> SemanticVersion? {
        guard case .object(let object) = value, let version = object as? VersionObject else { return nil }
        return version.version
    }

    private static func reading(
        _ name: String, _ read: @escaping @Sendable (SemanticVersion) -> GoValue
    ) -> Function {
        Function(method: name) { receiver, _ in of(receiver).map(read) ?? .null }
    }

    private static func comparing(
        _ name: String, _ compare: @escaping @Sendable (SemanticVersion, SemanticVersion) -> GoValue
    ) -> Function {
        Function(method: name, .version) { receiver, arguments throws(CallFailure) in
            guard let left = of(receiver), let right = of(arguments[0]) else {
                throw .text("runtime error: invalid memory address or nil pointer dereference")
            }
            return compare(left, right)
        }
    }

    private static func next(_ version: SemanticVersion, _ change: (inout SemanticVersion) -> Void) -> GoValue {
        var result = version
        change(&result)
        return .object(VersionObject(result, isPointer: false))
    }

    /// The version with another suffix, which has to be a good one.
    private static func changed(
        _ receiver: GoValue, _ suffix: String, _ change: (inout SemanticVersion) -> Void
    ) throws(CallFailure) -> GoValue {
        guard let version = of(receiver) else { return .null }
        if suffix.count > 1 {
            do throws(SemanticVersion.Malformed) {
                _ = try SemanticVersion("0.0.0" + suffix)
            } catch {
                let part = suffix.hasPrefix("-") ? "prerelease" : "metadata"
                throw .text(error.message.contains("segment") ? error.message : "invalid \(part) string")
            }
        }
        return next(version, change)
    }

    private static let methods = FunctionTable([
        [
            reading("Major") { .uint64($0.major) },
            reading("Minor") { .uint64($0.minor) },
            reading("Patch") { .uint64($0.patch) },
            reading("Prerelease") { .string($0.prerelease) },
            reading("Metadata") { .string($0.metadata) },
            reading("Original") { .string($0.original) },
            reading("String") { .string($0.description) },
            reading("IncMajor") { version in
                next(version) {
                    ($0.major, $0.minor, $0.patch, $0.prerelease, $0.metadata) = (version.major + 1, 0, 0, "", "")
                }
            },
            reading("IncMinor") { version in
                next(version) { ($0.minor, $0.patch, $0.prerelease, $0.metadata) = (version.minor + 1, 0, "", "") }
            },
            reading("IncPatch") { version in
                // A pre-release comes before its patch, which is then the next one.
                next(version) {
                    if version.prerelease.isEmpty { $0.patch += 1 }
                    ($0.prerelease, $0.metadata) = ("", "")
                }
            },
            Function(method: "SetPrerelease", .string) { receiver, arguments throws(CallFailure) in
                try changed(receiver, "-" + arguments.text(0).string) { $0.prerelease = arguments.text(0).string }
            },
            Function(method: "SetMetadata", .string) { receiver, arguments throws(CallFailure) in
                try changed(receiver, "+" + arguments.text(0).string) { $0.metadata = arguments.text(0).string }
            },
            comparing("Compare") { .int($0.compare($1)) },
            comparing("Equal") { .bool($0 == $1) },
            comparing("LessThan") { .bool($0 < $1) },
            comparing("LessThanEqual") { .bool($0 <= $1) },
            comparing("GreaterThan") { .bool($0 > $1) },
            comparing("GreaterThanEqual") { .bool($0 >= $1) },
        ]
    ])
}

extension Function {
    /// Semantic versions.
    static let versions: [Function] = [
        Function("semver", .string) { arguments throws(CallFailure) in
            .object(VersionObject(try version(arguments[0])))
        },
        Function("semverCompare", .string, .string) { arguments throws(CallFailure) in
            do throws(SemanticVersion.Malformed) {
                let constraint = try VersionConstraint((arguments[0].text ?? "").string)
                return .bool(constraint.allows(try SemanticVersion((arguments[1].text ?? "").string)))
            } catch {
                throw .text(error.message)
            }
        },
    ]

    private static func version(_ value: GoValue) throws(CallFailure) -> SemanticVersion {
        do throws(SemanticVersion.Malformed) {
            return try SemanticVersion((value.text ?? "").string)
        } catch {
            throw .text(error.message)
        }
    }
}
