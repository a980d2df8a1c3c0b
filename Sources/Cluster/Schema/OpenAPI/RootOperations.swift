import Document

/// A path that tells of the server and not of objects: `/api/`, `/apis/GROUP/`, `/version/` …
struct RootOperation {
    /// What the path answers with.
    enum Content {
        /// A kind of meta/v1, in every encoding.
        case meta(String)
        /// What the server's version looks like.
        case version
        /// Text of that media type.
        case text(String)
    }

    let tag: String
    let name: String
    let description: String
    let content: Content

    /// The operation as OpenAPI 3 has it; the definitions that it needs are made.
    func operation(_ definitions: inout Definitions) -> Value {
        var content: [(Text, Value)] = []
        switch self.content {
        case .meta(let kind):
            let reference = definitions.metaReference(kind)
            for type in ["json", "vnd.kubernetes.protobuf", "yaml"] {
                content.append((Text("application/\(type)"), ["schema": reference]))
            }
        case .version:
            RootOperation.addVersion(to: &definitions)
            let reference = definitions.reference(RootOperation.versionDefinition)
            content.append(("application/json", ["schema": reference]))
        case .text(let type): content.append((Text(type), ["schema": ["type": "string"]]))
        }
        return [
            "tags": [.string(tag)], "description": .string(description), "operationId": .string(name),
            "responses": [
                "200": ["description": "OK", "content": .object(Object(content))],
                "401": ["description": "Unauthorized"],
            ],
        ]
    }

    /// Adds the definition of what `/version` answers.
    static func addVersion(to definitions: inout Definitions) {
        definitions.add(versionDefinition, versionSchema(definitions.dialect))
    }

    private static let versionDefinition = "io.k8s.apimachinery.pkg.version.Info"

    /// What `/version` answers (apimachinery's version.Info, which is no API kind).
    private static func versionSchema(_ dialect: Definitions.Dialect) -> Value {
        let always: [Text] = [
            "major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler",
            "platform",
        ]
        let sometimes: [Text] = ["emulationMajor", "emulationMinor", "minCompatibilityMajor", "minCompatibilityMinor"]
        let properties: [(Text, Value)] =
            always.map { ($0, dialect == .v3 ? ["type": "string", "default": ""] : ["type": "string"]) }
            + sometimes.map { ($0, ["type": "string"]) }
        return [
            "type": "object", "required": .array(always.map { .string($0) }),
            "properties": .object(Object(properties)),
        ]
    }
}

extension Catalogue {
    /// The paths beside those of objects, by their key in the `/openapi/v3` index. Groups of CRDs have none.
    var rootOperations: [String: RootOperation] {
        var found = Catalogue.fixedOperations
        for group in groups where !group.name.isEmpty {
            guard group.versions.contains(where: { $0.resources.contains { !$0.isCustom } }) else { continue }
            let words = Catalogue.groupWords(group.name)
            found["apis/\(group.name)"] = RootOperation(
                tag: words[0] + words.dropFirst().map(\.capitalizedFirst).joined(),
                name: "get\(words.map(\.capitalizedFirst).joined())APIGroup",
                description: "get information of a group", content: .meta("APIGroup"))
        }
        return found
    }

    /// `rbac`, `authorization` of `rbac.authorization.k8s.io` (apiserver's namer leaves the common end out).
    private static func groupWords(_ group: String) -> [String] {
        let words = group.split(separator: ".").map(String.init)
        return words.suffix(2) == ["k8s", "io"] ? words.dropLast(2) : words
    }

    private static let fixedOperations: [String: RootOperation] = [
        "api": RootOperation(
            tag: "core", name: "getCoreAPIVersions", description: "get available API versions",
            content: .meta("APIVersions")),
        "apis": RootOperation(
            tag: "apis", name: "getAPIVersions", description: "get available API versions",
            content: .meta("APIGroupList")),
        "version": RootOperation(
            tag: "version", name: "getCodeVersion", description: "get the version information for this server",
            content: .version),
        ".well-known/openid-configuration": RootOperation(
            tag: "WellKnown", name: "getServiceAccountIssuerOpenIDConfiguration",
            description: "where the keys of service-account tokens are, and who issues these",
            content: .text("application/json")),
        "openid/v1/jwks": RootOperation(
            tag: "openid", name: "getServiceAccountIssuerOpenIDKeyset",
            description: "the public keys of service-account tokens", content: .text("application/jwk-set+json")),
    ]
}
