import Document

/// The cluster that a chart is rendered for: `.Capabilities`.
public struct Capabilities: Sendable {
    /// A Kubernetes version, as `v1.36.0`, with its first two numbers as text.
    public struct KubeVersion: Sendable, Hashable {
        public var version: String
        public var normalized: String
        public var major: String
        public var minor: String

        public init(version: String, normalized: String, major: String, minor: String) {
            self.version = version
            self.normalized = normalized
            self.major = major
            self.minor = minor
        }

        /// Reads a version as Kubernetes' ParseGeneric does: `v` in front is added, the printed text leaves out what
        /// follows the numbers.
        public init(parsing text: String) throws(SemanticVersion.Malformed) {
            let trimmed = text.drop { $0 == " " || $0 == "\t" }
            let digits = (trimmed.hasPrefix("v") ? trimmed.dropFirst() : trimmed)
                .prefix { $0 == "." || $0.isASCII && $0.isNumber }
            let parts = digits.split(separator: ".").map(String.init)
            guard let first = parts.first, digits.hasPrefix(first) else {
                throw SemanticVersion.Malformed(
                    message: "invalid kube version '\(text)': could not parse \(Quoting.string(Text(text))) as version")
            }
            guard parts.count > 1 else {
                throw SemanticVersion.Malformed(message: "illegal version string \(Quoting.string(Text(text)))")
            }
            if first.hasPrefix("0"), first != "0" {
                let component = "\(Quoting.string(Text(first))) in \(Quoting.string(Text(text)))"
                throw SemanticVersion.Malformed(message: "illegal zero-prefixed version component \(component)")
            }
            let numbers = parts.map { String($0.drop { $0 == "0" }) }.map { $0.isEmpty ? "0" : $0 }
            version = text.hasPrefix("v") ? text : "v" + text
            normalized = "v" + numbers.joined(separator: ".")
            major = numbers[0]
            minor = numbers[1]
        }
    }

    public var kubeVersion: KubeVersion
    public var apiVersions: [String]

    public init(kubeVersion: KubeVersion, apiVersions: [String]) {
        self.kubeVersion = kubeVersion
        self.apiVersions = apiVersions
    }

    /// The value of `.Capabilities`.
    public var value: GoValue { .object(CapabilitiesObject(self)) }
}

private final class CapabilitiesObject: GoObject {
    let capabilities: Capabilities
    init(_ capabilities: Capabilities) { self.capabilities = capabilities }

    var typeName: String { "*common.Capabilities" }
    var inner: Text {
        let address = UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque())
        let digits = String(address & 0xFFFF_FFFF_FFFF, radix: 16)
        return Text("0x" + String(repeating: "1", count: max(0, 12 - digits.count)) + digits)
    }

    private var kubeVersion: KubeVersionObject { KubeVersionObject(capabilities.kubeVersion) }

    var isStringer: Bool { false }
    var text: Text { Text("&" + printed.string) }
    /// An action prints what the pointer leads to.
    var printed: Text {
        let versions = capabilities.apiVersions.joined(separator: " ")
        return Text("{\(kubeVersion.text.string) [\(versions)] \(HelmVersionObject().text.string)}")
    }
    var printedFields: [(name: String, value: GoValue)]? {
        [
            ("KubeVersion", .object(kubeVersion)), ("APIVersions", .object(VersionSetObject(capabilities.apiVersions))),
            ("HelmVersion", .object(HelmVersionObject())),
        ]
    }

    var declaredFields: [Text]? { ["KubeVersion", "APIVersions", "HelmVersion"] }
    var json: Value {
        .declared([
            ("KubeVersion", kubeVersion.json), ("APIVersions", .array(capabilities.apiVersions.map { .string($0) })),
            ("HelmVersion", HelmVersionObject().json),
        ])
    }

    func method(_ name: Text) -> Function? { name == "Copy" ? CapabilitiesObject.copy : nil }

    private static let copy = Function(method: "Copy") { receiver, _ in receiver }

    func field(_ name: Text) -> GoValue? {
        switch name {
        case "KubeVersion": .object(kubeVersion)
        case "APIVersions": .object(VersionSetObject(capabilities.apiVersions))
        case "HelmVersion": .object(HelmVersionObject())
        default: nil
        }
    }
}

private final class KubeVersionObject: GoObject {
    let version: Capabilities.KubeVersion
    /// Whether it is the field itself: its methods have a pointer receiver, which no copy in an `interface {}` has.
    private let isAddressable: Bool

    init(_ version: Capabilities.KubeVersion, isAddressable: Bool = true) {
        self.version = version
        self.isAddressable = isAddressable
    }

    var copied: any GoObject { isAddressable ? KubeVersionObject(version, isAddressable: false) : self }

    var typeName: String { "common.KubeVersion" }
    var declaredFields: [Text]? { ["Version", "Major", "Minor"] }
    var text: Text { Text("{\(version.version) \(version.normalized) \(version.major) \(version.minor)}") }
    var isStringer: Bool { false }
    var printedFields: [(name: String, value: GoValue)]? {
        [
            ("Version", .string(version.version)), ("normalizedVersion", .string(version.normalized)),
            ("Major", .string(version.major)), ("Minor", .string(version.minor)),
        ]
    }
    /// Only an action that prints the field itself finds its String method.
    var printed: Text { isAddressable ? Text(version.normalized) : text }
    var json: Value {
        .declared([
            ("Version", .string(version.version)), ("Major", .string(version.major)), ("Minor", .string(version.minor)),
        ])
    }

    func field(_ name: Text) -> GoValue? {
        switch name {
        case "Version": .string(version.version)
        case "Major": .string(version.major)
        case "Minor": .string(version.minor)
        default: nil
        }
    }

    func method(_ name: Text) -> Function? {
        switch name {
        case "String" where isAddressable: KubeVersionObject.string
        case "GitVersion" where isAddressable: KubeVersionObject.gitVersion
        default: nil
        }
    }

    private static let string = Function(method: "String") { receiver, _ in
        of(receiver).map { .string($0.normalized) } ?? .null
    }

    /// Deprecated in Helm; the same as Version.
    private static let gitVersion = Function(method: "GitVersion") { receiver, _ in
        of(receiver).map { .string($0.version) } ?? .null
    }

    private static func of(_ value: GoValue) -> Capabilities.KubeVersion? {
        guard case .object(let object) = value else { return nil }
        return (object as? KubeVersionObject)?.version
    }
}

/// `.Capabilities.APIVersions`
private final class VersionSetObject: GoObject {
    let versions: [String]
    init(_ versions: [String]) { self.versions = versions }

    var typeName: String { "common.VersionSet" }
    var kindName: String { "slice" }
    var text: Text { GoFormat.text(.strings(versions.map { Text($0) })) }
    var underlying: GoValue? { .strings(versions.map { Text($0) }) }
    func part(_ elements: [GoValue]) -> GoValue {
        .object(VersionSetObject(elements.map { ($0.text ?? "").string }))
    }
    func method(_ name: Text) -> Function? { name == "Has" ? VersionSetObject.has : nil }

    private static let has = Function(method: "Has", .string) { receiver, arguments in
        guard case .object(let object) = receiver, let set = object as? VersionSetObject else { return .bool(false) }
        return .bool(set.versions.contains((arguments[0].text ?? "").string))
    }
}

/// `.Capabilities.HelmVersion`: what Helm 4.2 says of itself when it is used as a library.
private final class HelmVersionObject: GoObject {
    private let members: [(name: String, json: String, value: String)] = [
        ("Version", "version", "v4.2"), ("GitCommit", "git_commit", ""), ("GitTreeState", "git_tree_state", ""),
        ("GoVersion", "go_version", "go1.26.6"), ("KubeClientVersion", "kube_client_version", "v1.36"),
    ]

    var typeName: String { "version.BuildInfo" }
    var text: Text { Text("{" + members.map(\.value).joined(separator: " ") + "}") }
    var isStringer: Bool { false }
    var printedFields: [(name: String, value: GoValue)]? { members.map { ($0.name, .string($0.value)) } }
    var declaredFields: [Text]? { members.map { Text($0.name) } }
    var json: Value {
        .declared(members.filter { !$0.value.isEmpty }.map { (Text($0.json), .string($0.value)) })
    }

    func field(_ name: Text) -> GoValue? { members.first { Text($0.name) == name }.map { .string($0.value) } }
}
