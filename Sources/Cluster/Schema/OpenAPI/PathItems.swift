import Document

/// The path items of a resource: what can be done at its collection, its objects and their parts.
struct PathItems {
    let dialect: Definitions.Dialect
    let resource: Resource
    let catalogue: Catalogue
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
            add("\(root)/\(resource.plural)", [], [listing("ForAllNamespaces", list)])
        }
        add("\(base)/\(resource.plural)/{name}", place + ["name"], item(object, &definitions))
        for part in resource.subresources {
            let path = "\(base)/\(resource.plural)/{name}/\(part.name)"
            add(path, place + ["name"], self.part(part, &definitions))
            guard part.name == "proxy" else { continue }
            add(path + "/{path}", place + ["name", "path"], connections(part, "WithPath"))
        }
        addWatches(root, place, &definitions)
    }

    /// Adds a path; parameters that all of its operations have are told once for the path, as kube-openapi does.
    mutating func add(_ path: String, _ place: [String], _ operations: [Operation]) {
        guard let first = operations.first else { return }
        let isConnection = first.action == "connect"
        let own = place.map(Parameter.path) + (isConnection ? [] : Parameter.pretty)
        var shared = Set(first.parameters)
        for operation in operations { shared.formIntersection(operation.parameters) }
        var item = Value.object(Object(operations.map { ($0.method, $0.value(dialect, without: shared)) }))
        let parameters = (own + shared).sorted(by: Parameter.order)
        if !parameters.isEmpty { item["parameters"] = .array(parameters.map { $0.value(dialect) }) }
        paths.append((Text(path), item))
    }

    private func collection(_ object: Value, _ list: Value, _ definitions: inout Definitions) -> [Operation] {
        var operations: [Operation] = []
        if resource.verbs.contains("list") { operations.append(listing("", list)) }
        if resource.verbs.contains("create") {
            operations.append(
                operation(
                    "post", "post", "create", "", Parameter.write, object, object, "creates a \(resource.kind.name)"))
        }
        if resource.verbs.contains("deletecollection") {
            let status = definitions.metaReference("Status")
            let options = definitions.metaReference("DeleteOptions")
            var deletion = operation(
                "delete", "deletecollection", "delete", "Collection",
                resource.isCustom ? Parameter.list : Parameter.deleteCollection, resource.isCustom ? nil : options,
                status, "deletes the \(resource.kind.name) objects that the selectors choose")
            deletion.needsBody = false
            operations.append(deletion)
        }
        return operations
    }

    private func listing(_ suffix: String, _ list: Value) -> Operation {
        operation(
            "get", "list", "list", suffix, Parameter.list, nil, list, "lists \(resource.kind.name) objects")
    }

    private func item(_ object: Value, _ definitions: inout Definitions) -> [Operation] {
        var operations = readsAndWrites("", object, resource.verbs, &definitions)
        if resource.verbs.contains("delete") {
            let answer = resource.returnsDeleted ? object : definitions.metaReference("Status")
            let options = definitions.metaReference("DeleteOptions")
            var deletion = operation(
                "delete", "delete", "delete", "", Parameter.delete, options, answer,
                "deletes a \(resource.kind.name)")
            deletion.needsBody = false
            operations.append(deletion)
        }
        return operations
    }

    private func readsAndWrites(
        _ suffix: String, _ object: Value, _ verbs: [String], _ definitions: inout Definitions, _ kind: Kind? = nil
    ) -> [Operation] {
        let what = suffix.isEmpty ? "the \(resource.kind.name)" : "\(suffix.lowercased()) of the \(resource.kind.name)"
        var operations: [Operation] = []
        if verbs.contains("get") {
            let parameters = resource.isCustom ? Parameter.resourceVersion : []
            operations.append(
                operation("get", "get", "read", suffix, parameters, nil, object, "reads \(what)", kind))
        }
        if verbs.contains("update") {
            operations.append(
                operation("put", "put", "replace", suffix, Parameter.write, object, object, "replaces \(what)", kind))
        }
        if verbs.contains("patch") {
            let patch = definitions.metaReference("Patch")
            operations.append(
                operation(
                    "patch", "patch", "patch", suffix, Parameter.patch, patch, object, "changes \(what) in part", kind))
        }
        return operations
    }

    private func part(_ part: Subresource, _ definitions: inout Definitions) -> [Operation] {
        guard let kind = catalogue.kind(group: part.group, version: part.version, kind: part.kind) else { return [] }
        if part.name == "log" { return [log] }
        if kind.custom == nil, kind.structure.isHidden { return connections(part, "") }
        let object = definitions.kindReference(kind)
        let suffix = part.name.capitalizedFirst
        // The document of a CRD tells the resource's own kind also of its scale.
        let shown = resource.isCustom ? nil : kind
        var operations = readsAndWrites(suffix, object, part.verbs, &definitions, shown)
        if part.verbs.contains("create") {
            operations.append(
                operation(
                    "post", "post", "create", suffix, Parameter.write, object, object,
                    "creates \(part.name) of a \(resource.kind.name)", kind))
        }
        return operations
    }

    private var log: Operation {
        operation(
            "get", "get", "read", "Log", Parameter.log, nil, ["type": "string"],
            "reads what the containers of a \(resource.kind.name) wrote")
    }
}
