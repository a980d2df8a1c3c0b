import Document

extension PathItems {
    private static let encodings = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"]
    private static let streams = ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"]
    private static let customEncodings = ["application/json", "application/yaml"]

    /// An operation on objects.
    ///
    /// - Parameters:
    ///   - verb: how its name starts.
    ///   - suffix: how its name ends: the part in upper case; `Collection` goes before the kind.
    func operation(
        _ method: Text, _ action: String, _ verb: String, _ suffix: String, _ parameters: [Parameter],
        _ body: Value?, _ answer: Value, _ description: String, _ kind: Kind? = nil
    ) -> Operation {
        let kind = kind ?? resource.kind
        var operation = Operation(
            method: method, action: action, name: name(verb, suffix), description: description, tag: tag,
            kind: (kind.group, kind.version, kind.name), parameters: parameters, body: body, answer: answer,
            gives: gives(action, suffix))
        operation.statuses = statuses(action)
        if action == "patch" {
            operation.accepts = patchTypes
        } else if resource.isCustom, body != nil {
            operation.accepts = PathItems.customEncodings
        }
        return operation
    }

    private func gives(_ action: String, _ suffix: String) -> [String] {
        if resource.isCustom { return PathItems.customEncodings }
        if suffix == "Log" { return ["text/plain"] + PathItems.encodings }
        return PathItems.encodings + (["list", "watch", "watchlist"].contains(action) ? PathItems.streams : [])
    }

    private func statuses(_ action: String) -> [Int] {
        switch action {
        case "post": [200, 201, 202]
        case "put": [200, 201]
        case "patch": resource.isCustom ? [200] : [200, 201]
        case "delete": [200, 202]
        default: [200]
        }
    }

    private var patchTypes: [String] {
        ["application/json-patch+json", "application/merge-patch+json"]
            + (resource.isCustom ? [] : ["application/strategic-merge-patch+json"]) + ["application/apply-patch+yaml"]
    }

    /// What is no object but a connection to a pod, a node or a service.
    func connections(_ part: Subresource, _ suffix: String) -> [Operation] {
        guard let kind = catalogue.kind(group: part.group, version: part.version, kind: part.kind) else { return [] }
        let methods: [Text] =
            part.name == "proxy" ? ["get", "put", "post", "delete", "options", "head", "patch"] : ["get", "post"]
        return methods.map { method in
            let start = "connect\(groupWords)\(resource.version.capitalizedFirst)\(method.string.capitalizedFirst)"
            return Operation(
                method: method, action: "connect",
                name: start + scope + resource.kind.name + part.name.capitalizedFirst + suffix,
                description: "connects to \(part.name) of a \(resource.kind.name)", tag: tag,
                kind: (kind.group, kind.version, kind.name), parameters: Parameter.fields(of: kind.structure),
                answer: ["type": "string"], gives: ["*/*"])
        }
    }

    /// The paths that told of changes before lists could; built-in kinds still have them.
    mutating func addWatches(_ root: String, _ place: [String], _ definitions: inout Definitions) {
        guard !resource.isCustom, resource.verbs.contains("watch") else { return }
        let event = definitions.metaReference("WatchEvent")
        let base = resource.isNamespaced ? "\(root)/watch/namespaces/{namespace}" : "\(root)/watch"
        let words = "tells changes of \(resource.kind.name) objects; a list with watch=true does so too"
        func watch(_ action: String, _ suffix: String) -> Operation {
            operation("get", action, "watch", suffix, Parameter.list, nil, event, words)
        }
        add("\(base)/\(resource.plural)", place, [watch("watchlist", "List")])
        if resource.isNamespaced {
            add("\(root)/watch/\(resource.plural)", [], [watch("watchlist", "ListForAllNamespaces")])
        }
        add("\(base)/\(resource.plural)/{name}", place + ["name"], [watch("watch", "")])
    }

    private var tag: String {
        let words = resource.group.isEmpty ? ["core"] : RootOperation.groupWords(resource.group)
        return "\(words[0] + words.dropFirst().map(\.capitalizedFirst).joined())_\(resource.version)"
    }

    private var groupWords: String {
        let words = resource.group.isEmpty ? ["core"] : RootOperation.groupWords(resource.group)
        return words.map(\.capitalizedFirst).joined()
    }

    private var scope: String { resource.isNamespaced ? "Namespaced" : "" }

    /// `readAppsV1NamespacedDeployment`, `listAppsV1DeploymentForAllNamespaces`,
    /// `deleteAppsV1CollectionNamespacedDeployment`
    private func name(_ verb: String, _ suffix: String) -> String {
        let start = verb + groupWords + resource.version.capitalizedFirst
        if suffix == "Collection" { return start + suffix + scope + resource.kind.name }
        let scope = suffix.hasSuffix("ForAllNamespaces") ? "" : scope
        return start + scope + resource.kind.name + suffix
    }
}

extension String {
    /// The text with its first letter in upper case, as names of operations want it.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
