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

    /// The operation in the dialect of the definitions; those that it needs are made.
    func operation(_ definitions: inout Definitions) -> Value {
        let (types, schema) = answer(&definitions)
        var value: Value = [
            "tags": [.string(tag)], "description": .string(description), "operationId": .string(name),
        ]
        var response: Value = ["description": "OK"]
        switch definitions.dialect {
        case .v2:
            response["schema"] = schema
            if case .text = content {} else { value["consumes"] = .array(types.map { .string($0) }) }
            value["produces"] = .array(types.map { .string($0) })
            value["schemes"] = ["https"]
        case .v3: response["content"] = .object(Object(types.map { (Text($0), ["schema": schema]) }))
        }
        value["responses"] = ["200": response, "401": ["description": "Unauthorized"]]
        return value
    }

    /// The media types of the answer, and its schema.
    private func answer(_ definitions: inout Definitions) -> (types: [String], schema: Value) {
        switch content {
        case .meta(let kind):
            let types = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"]
            return (types, definitions.metaReference(kind))
        case .version:
            RootOperation.addVersion(to: &definitions)
            return (["application/json"], definitions.reference(RootOperation.versionDefinition))
        case .text(let type): return ([type], ["type": "string"])
        }
    }

    /// Adds the definition of what `/version` answers.
    static func addVersion(to definitions: inout Definitions) {
        definitions.add(versionDefinition, versionSchema(definitions.dialect))
    }

    /// `rbac`, `authorization` of `rbac.authorization.k8s.io` (apiserver's namer leaves the common end out).
    static func groupWords(_ group: String) -> [String] {
        let words = group.split(separator: ".").map(String.init)
        return words.suffix(2) == ["k8s", "io"] ? words.dropLast(2) : words
    }

    /// What tells of the resources of a version: `/apis/apps/v1/`.
    static func resources(group: String, version: String) -> RootOperation {
        let words = group.isEmpty ? ["core"] : groupWords(group)
        let tag = words[0] + words.dropFirst().map(\.capitalizedFirst).joined()
        let name = words.map(\.capitalizedFirst).joined() + version.capitalizedFirst
        return RootOperation(
            tag: "\(tag)_\(version)", name: "get\(name)APIResources", description: "tells what resources there are",
            content: .meta("APIResourceList"))
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
            let words = RootOperation.groupWords(group.name)
            found["apis/\(group.name)"] = RootOperation(
                tag: words[0] + words.dropFirst().map(\.capitalizedFirst).joined(),
                name: "get\(words.map(\.capitalizedFirst).joined())APIGroup",
                description: "get information of a group", content: .meta("APIGroup"))
        }
        return found
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
