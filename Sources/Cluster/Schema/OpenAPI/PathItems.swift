import Document

/// The path items of a resource: what can be done at its collection, its objects and their parts.
struct PathItems {
    private let dialect: Definitions.Dialect
    private let resource: Resource
    private let catalogue: Catalogue
    private(set) var paths: [(Text, Value)] = []

    init(_ resource: Resource, _ catalogue: Catalogue, _ definitions: inout Definitions) {
        dialect = definitions.dialect
        self.resource = resource
        self.catalogue = catalogue
        let root = resource.group.isEmpty ? "/api/v1" : "/apis/\(resource.apiVersion)"
        let base = resource.isNamespaced ? "\(root)/namespaces/{namespace}" : root
        let object = definitions.kindReference(resource.kind)
        let list: Value = resource.verbs.contains("list") ? definitions.listReference(resource) : .null
        definitions.noteSelectors(of: resource)
        let place: [String] = resource.isNamespaced ? ["namespace"] : []
        add("\(base)/\(resource.plural)", place, collection(object, list, &definitions))
        if resource.isNamespaced, resource.verbs.contains("list") {
            let get = operation("list", "ForAllNamespaces", QueryParameters.list, nil, list)
            add("\(root)/\(resource.plural)", [], [("get", get)])
        }
        add("\(base)/\(resource.plural)/{name}", place + ["name"], item(object, &definitions))
        for part in resource.subresources {
            add("\(base)/\(resource.plural)/{name}/\(part.name)", place + ["name"], self.part(part, &definitions))
        }
    }

    private mutating func add(_ path: String, _ parameters: [String], _ operations: [(Text, Value)]) {
        guard !operations.isEmpty else { return }
        var item = Value.object(Object(operations))
        let all =
            parameters.map { QueryParameters.path($0, dialect) }
            + QueryParameters.pretty.map { QueryParameters.value($0, dialect) }
        item["parameters"] = .array(all)
        paths.append((Text(path), item))
    }

    private func collection(_ object: Value, _ list: Value, _ definitions: inout Definitions) -> [(Text, Value)] {
        var operations: [(Text, Value)] = []
        if resource.verbs.contains("list") {
            operations.append(("get", operation("list", "", QueryParameters.list, nil, list)))
        }
        if resource.verbs.contains("create") {
            operations.append(("post", operation("post", "", QueryParameters.write, object, object)))
        }
        if resource.verbs.contains("deletecollection") {
            let parameters = QueryParameters.delete + QueryParameters.list.filter { $0.name != "watch" }
            let options = definitions.metaReference("DeleteOptions")
            let status = definitions.metaReference("Status")
            operations.append(("delete", operation("deletecollection", "", parameters, options, status)))
        }
        return operations
    }

    private func item(_ object: Value, _ definitions: inout Definitions) -> [(Text, Value)] {
        var operations: [(Text, Value)] = []
        let verbs = resource.verbs
        if verbs.contains("get") { operations.append(("get", operation("get", "", [], nil, object))) }
        if verbs.contains("update") {
            operations.append(("put", operation("put", "", QueryParameters.write, object, object)))
        }
        if verbs.contains("patch") {
            let patch = definitions.metaReference("Patch")
            operations.append(("patch", operation("patch", "", QueryParameters.patch, patch, object)))
        }
        if verbs.contains("delete") {
            let options = definitions.metaReference("DeleteOptions")
            let status = definitions.metaReference("Status")
            operations.append(("delete", operation("delete", "", QueryParameters.delete, options, status)))
        }
        return operations
    }

    private func part(_ part: Subresource, _ definitions: inout Definitions) -> [(Text, Value)] {
        guard let kind = catalogue.kind(group: part.group, version: part.version, kind: part.kind),
            kind.custom != nil || !kind.structure.isHidden
        else { return [] }
        let object = definitions.kindReference(kind)
        let patch = part.verbs.contains("patch") ? definitions.metaReference("Patch") : .null
        let suffix = part.name.prefix(1).uppercased() + part.name.dropFirst()
        var operations: [(Text, Value)] = []
        for (verb, method, action) in [
            ("get", "get", "get"), ("update", "put", "put"), ("create", "post", "post"), ("patch", "patch", "patch"),
        ] as [(String, Text, String)] where part.verbs.contains(verb) {
            let parameters = verb == "get" ? [] : verb == "patch" ? QueryParameters.patch : QueryParameters.write
            let body = verb == "get" ? nil : verb == "patch" ? patch : object
            operations.append((method, operation(action, suffix, parameters, body, object, kind: kind)))
        }
        return operations
    }

    private func operation(
        _ action: String, _ suffix: String, _ parameters: [QueryParameters.Parameter], _ body: Value?, _ answer: Value,
        kind: Kind? = nil
    ) -> Value {
        let kind = kind ?? resource.kind
        var operation: Value = [
            "operationId": .string(operationName(action) + suffix), "x-kubernetes-action": .string(action),
            "tags": [.string(tag)],
            "x-kubernetes-group-version-kind": [
                "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.name),
            ],
        ]
        var all = parameters.map { QueryParameters.value($0, dialect) }
        switch dialect {
        case .v2:
            if let body { all.append(["name": "body", "in": "body", "required": true, "schema": body]) }
            operation["consumes"] = action == "patch" ? .array(patchTypes.map { .string($0) }) : ["*/*"]
            operation["produces"] = ["application/json", "application/yaml"]
            operation["schemes"] = ["https"]
            operation["responses"] = ["200": ["description": "OK", "schema": answer]]
        case .v3:
            if let body { operation["requestBody"] = ["content": content(action, body)] }
            operation["responses"] = [
                "200": ["description": "OK", "content": ["application/json": ["schema": answer]]]
            ]
        }
        if !all.isEmpty { operation["parameters"] = .array(all) }
        return operation
    }

    private var patchTypes: [String] {
        ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"]
            + (resource.isCustom ? [] : ["application/strategic-merge-patch+json"])
    }

    private func content(_ action: String, _ body: Value) -> Value {
        let types = action == "patch" ? patchTypes : ["*/*"]
        return .object(Object(types.map { (Text($0), ["schema": body]) }))
    }

    private var tag: String {
        let words = resource.group.isEmpty ? ["core"] : resource.group.split(separator: ".").map(String.init)
        let name = words[0] + (resource.isCustom ? words.dropFirst().map(\.capitalizedFirst).joined() : "")
        return "\(name)_\(resource.version)"
    }

    /// `readAppsV1NamespacedDeployment`
    private func operationName(_ action: String) -> String {
        let verb =
            ["get": "read", "put": "replace", "post": "create", "deletecollection": "deleteCollection"][action]
            ?? action
        let words = resource.group.isEmpty ? ["core"] : resource.group.split(separator: ".").map(String.init)
        let group = (resource.isCustom ? words[...] : words.prefix(1)).map(\.capitalizedFirst).joined()
        let scope = resource.isNamespaced ? "Namespaced" : ""
        return verb + group + resource.version.capitalizedFirst + scope + resource.kind.name
    }
}

extension String {
    /// The text with its first letter in upper case, as names of operations want it.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Definitions {
    /// A reference to a kind's definition, which is made if it is not yet there.
    mutating func kindReference(_ kind: Kind) -> Value {
        guard let custom = kind.custom else { return reference(kind.structure) }
        let key = Text(kind.definition)
        if made[key] == nil { add(kind.definition, customKind(kind, custom)) }
        return reference(kind.definition)
    }

    /// A reference to the definition of a resource's list.
    mutating func listReference(_ resource: Resource) -> Value {
        let kind = resource.kind
        guard kind.custom != nil else {
            return DeclarationLibrary.shared.structure("\(kind.definition)List").map { reference($0) } ?? [
                "type": "object"
            ]
        }
        let name = kind.definition.dropLast(kind.name.count) + resource.listKind
        if made[Text(String(name))] == nil { add(String(name), customList(resource)) }
        return reference(String(name))
    }

    /// A CRD's definitions tell by which fields it can be selected.
    mutating func noteSelectors(of resource: Resource) {
        let selectors = resource.declaration.selectors
        guard resource.isCustom, !selectors.isEmpty else { return }
        let fields = Value.array(selectors.map { ["fieldPath": .string($0)] })
        let base = resource.kind.definition.dropLast(resource.kind.name.count)
        for name in [resource.kind.name, resource.listKind] {
            change("\(base)\(name)") { $0["x-kubernetes-selectable-fields"] = fields }
        }
    }

    mutating func metaReference(_ name: String) -> Value {
        let meta = "io.k8s.apimachinery.pkg.apis.meta.v1.\(name)"
        return DeclarationLibrary.shared.structure(meta).map { reference($0) } ?? ["type": "object"]
    }

    private mutating func customKind(_ kind: Kind, _ structure: Structure) -> Value {
        var schema = custom(kind.schema ?? ["type": "object", "x-kubernetes-preserve-unknown-fields": true])
        schema["properties", "apiVersion"] = ["type": "string"]
        schema["properties", "kind"] = ["type": "string"]
        let metadata = metaReference("ObjectMeta")
        schema["properties", "metadata"] = dialect == .v3 ? ["allOf": [metadata]] : metadata
        schema["x-kubernetes-group-version-kind"] = [
            [
                "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.name),
            ]
        ]
        return schema
    }

    private mutating func customList(_ resource: Resource) -> Value {
        let item = kindReference(resource.kind)
        let metadata = metaReference("ListMeta")
        return [
            "type": "object", "required": ["items"],
            "properties": [
                "apiVersion": ["type": "string"], "kind": ["type": "string"],
                "metadata": dialect == .v3 ? ["allOf": [metadata]] : metadata,
                "items": ["type": "array", "items": item],
            ],
            "x-kubernetes-group-version-kind": [
                [
                    "group": .string(resource.group), "version": .string(resource.version),
                    "kind": .string(resource.listKind),
                ]
            ],
        ]
    }
}
