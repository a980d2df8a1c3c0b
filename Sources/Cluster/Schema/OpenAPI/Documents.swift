public import Document

extension Catalogue {
    /// The whole `/openapi/v2` document.
    public func openAPIv2() -> Value {
        var definitions = Definitions(.v2, RegisteredVersions.everywhere)
        var paths: [(Text, Value)] = []
        for group in groups {
            for version in group.versions { paths += self.paths(of: version, &definitions) }
        }
        for (path, operation) in rootOperations {
            paths.append((Text("/\(path)/"), ["get": operation.operation(&definitions)]))
        }
        return [
            "swagger": "2.0", "info": ["title": "Kubernetes", "version": "1.36"], "paths": .object(Object(paths)),
            "definitions": definitions.finish(), "security": [["BearerToken": []]],
            "securityDefinitions": ["BearerToken": Catalogue.bearerToken],
        ]
    }

    /// `/openapi/v2` as gnostic's `openapi.v2.Document` message, which kubectl asks for.
    public func openAPIv2Protobuf() -> [UInt8] { GnosticDocument.v2.bytes(openAPIv2()) }

    /// The document of `/openapi/v3` of that key as gnostic's `openapi.v3.Document` message; nil where there is none.
    public func openAPIv3Protobuf(_ path: String) -> [UInt8]? { openAPIv3(path).map(GnosticDocument.v3.bytes) }

    /// The keys of the `/openapi/v3` index, sorted: `api`, `api/v1`, `apis/apps`, `apis/apps/v1`, `version` …
    public var openAPIv3Paths: [String] {
        let versions = groupVersions.map { $0.group.isEmpty ? "api/\($0.version)" : "apis/\($0.group)/\($0.version)" }
        return (versions + rootOperations.keys).sorted()
    }

    /// What the document of a key is made of beside this program: the definitions of its group, as they were written.
    public func openAPIv3Source(_ path: String) -> [UInt8] {
        let words = path.split(separator: "/")
        guard words.count == 3 else { return [] }
        return definitions.values.filter { $0.group == words[1] }.sorted { $0.name < $1.name }
            .flatMap { JSON.write($0.object["spec"] ?? .null) }
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
        let isCustom = version.resources.allSatisfy(\.isCustom)
        return Catalogue.openAPIv3(paths, definitions.finish(), isCustom: isCustom)
    }

    /// - Parameter isCustom: whether the document tells of CRDs, which upstream documents in a server of its own.
    private static func openAPIv3(_ paths: Object, _ schemas: Value, isCustom: Bool = false) -> Value {
        var components: Value = isCustom ? [:] : ["securitySchemes": ["BearerToken": bearerToken]]
        if schemas.object?.isEmpty == false { components["schemas"] = schemas }
        let info: Value =
            isCustom
            ? ["title": "Kubernetes CRD Swagger", "version": "v0.1.0"] : ["title": "Kubernetes", "version": "1.36"]
        return ["openapi": "3.0.0", "info": info, "paths": .object(paths), "components": components]
    }

    private static let bearerToken: Value = [
        "type": "apiKey", "description": "a bearer token", "name": "authorization", "in": "header",
    ]

    private var groupVersions: [(group: String, version: String)] {
        groups.flatMap { group in group.versions.map { (group: group.name, version: $0.name) } }
    }

    private func paths(of version: APIVersion, _ definitions: inout Definitions) -> [(Text, Value)] {
        var paths = version.resources.flatMap { PathItems($0, self, &definitions).paths }
        if let group = version.resources.first(where: { !$0.isCustom })?.group {
            let root = RootOperation.resources(group: group, version: version.name)
            let path = group.isEmpty ? "/api/\(version.name)/" : "/apis/\(group)/\(version.name)/"
            paths.append((Text(path), ["get": root.operation(&definitions)]))
        }
        return paths
    }
}
