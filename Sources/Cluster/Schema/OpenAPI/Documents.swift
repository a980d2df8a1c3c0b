public import Document

extension Catalogue {
    /// The whole `/openapi/v2` document.
    public func openAPIv2() -> Value {
        var definitions = Definitions(.v2, RegisteredVersions.everywhere)
        var paths: [(Text, Value)] = []
        for group in groups {
            for version in group.versions { paths += self.paths(of: version, &definitions) }
        }
        for name in ["APIGroup", "APIGroupList", "APIVersions"] { _ = definitions.metaReference(name) }
        RootOperation.addVersion(to: &definitions)
        return [
            "swagger": "2.0", "info": ["title": "Kubernetes", "version": "v1.36.2"],
            "paths": .object(Object(paths)), "definitions": definitions.finish(),
        ]
    }

    /// `/openapi/v2` as gnostic's `openapi.v2.Document` message, which kubectl asks for.
    public func openAPIv2Protobuf() -> [UInt8] { GnosticDocument.encode(openAPIv2()) }

    /// The keys of the `/openapi/v3` index, sorted: `api`, `api/v1`, `apis/apps`, `apis/apps/v1`, `version` …
    public var openAPIv3Paths: [String] {
        let versions = groupVersions.map { $0.group.isEmpty ? "api/\($0.version)" : "apis/\($0.group)/\($0.version)" }
        return (versions + rootOperations.keys).sorted()
    }

    /// The document of one such key; nil where there is none.
    public func openAPIv3(_ path: String) -> Value? {
        let words = path.split(separator: "/").map(String.init)
        var definitions = Definitions(.v3, RegisteredVersions.told(in: words, of: self))
        if let root = rootOperations[path] {
            let paths: Object = [Text("/\(path)/"): ["get": root.operation(&definitions)]]
            return Catalogue.openAPIv3(paths, definitions.finish())
        }
        let group = words.first == "api" && words.count == 2 ? "" : words.count == 3 ? words[1] : nil
        guard let name = group, let found = self.group(name),
            let version = found.versions.first(where: { $0.name == words.last })
        else { return nil }
        let paths = Object(self.paths(of: version, &definitions))
        return Catalogue.openAPIv3(paths, definitions.finish())
    }

    private static func openAPIv3(_ paths: Object, _ schemas: Value) -> Value {
        var components: Value = ["securitySchemes": ["BearerToken": bearerToken]]
        if schemas.object?.isEmpty == false { components["schemas"] = schemas }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "1.36"], "paths": .object(paths),
            "components": components,
        ]
    }

    private static let bearerToken: Value = [
        "type": "apiKey", "description": "a bearer token", "name": "authorization", "in": "header",
    ]

    private var groupVersions: [(group: String, version: String)] {
        groups.flatMap { group in group.versions.map { (group: group.name, version: $0.name) } }
    }

    private func paths(of version: APIVersion, _ definitions: inout Definitions) -> [(Text, Value)] {
        // What discovery and watches send; custom groups do not tell of it.
        if version.resources.contains(where: { !$0.isCustom }) { _ = definitions.metaReference("APIResourceList") }
        if version.resources.contains(where: { !$0.isCustom && $0.verbs.contains("watch") }) {
            _ = definitions.metaReference("WatchEvent")
        }
        return version.resources.flatMap { PathItems($0, self, &definitions).paths }
    }
}
