import API
import Document

/// A CustomResourceDefinition, read into what the catalogue serves.
struct CustomDefinition: Sendable {
    /// `widgets.example.com`
    let name: String
    let group: String
    let object: Value
    /// The served versions, upstream's order of preference.
    let versions: [APIVersion]

    init(_ object: Value) {
        self.object = object
        name = object.name
        let group = object["spec", "group"]?.string ?? ""
        self.group = group
        let all = object["spec", "versions"]?.array ?? []
        let storing = all.first { $0["storage"] == true }.map { CustomDefinition.kind($0, of: object) }
        versions = all.filter { $0["served"] == true }.map { version in
            APIVersion(
                name: version["name"]?.string ?? "", priority: 100,
                resources: [CustomDefinition.resource(version, storing, of: object)])
        }.sorted { VersionOrder.precedes($0.name, $1.name) }
    }

    private static func kind(_ version: Value, of definition: Value) -> Kind {
        let spec = definition["spec"] ?? [:]
        let schema = version["schema", "openAPIV3Schema"] ?? ["x-kubernetes-preserve-unknown-fields": true]
        let preserves = spec["preserveUnknownFields"] == true
        return Kind(
            group: spec["group"]?.string ?? "", version: version["name"]?.string ?? "",
            name: spec["names", "kind"]?.string ?? "",
            schema: Structural(schema, isRoot: true, preservesUnknown: preserves))
    }

    /// - Parameter storing: the kind in the version in which objects are stored.
    private static func resource(_ version: Value, _ storing: Kind?, of definition: Value) -> Resource {
        let spec = definition["spec"] ?? [:]
        let names = spec["names"] ?? [:]
        let isStoring = version["storage"] == true
        let kind = isStoring ? storing ?? kind(version, of: definition) : kind(version, of: definition)
        let strings = { (key: Text) in (names[key]?.array ?? []).compactMap(\.string) }
        return Resource(
            kind: kind, plural: names["plural"]?.string ?? "",
            singular: names["singular"]?.string ?? kind.name.lowercased(), shortNames: strings("shortNames"),
            categories: strings("categories"), isNamespaced: spec["scope"] == "Namespaced",
            // The order of upstream's discovery for custom resources.
            verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
            subresources: subresources(version, kind), storageVersion: storing?.version ?? kind.version,
            storageKind: isStoring ? nil : storing, mayBeStale: definition.generation > 1, definition: definition.name,
            declaration: declaration(version, names, spec))
    }

    private static func subresources(_ version: Value, _ kind: Kind) -> [Subresource] {
        let verbs = ["get", "patch", "update"]
        var parts: [Subresource] = []
        if version["subresources"]?.has("status") == true {
            parts.append(
                Subresource(
                    name: "status", group: kind.group, version: kind.version, kind: kind.name, isForeign: false,
                    verbs: verbs))
        }
        if version["subresources"]?.has("scale") == true {
            parts.append(
                Subresource(
                    name: "scale", group: "autoscaling", version: "v1", kind: "Scale", isForeign: true, verbs: verbs))
        }
        return parts
    }

    private static func declaration(_ version: Value, _ names: Value, _ spec: Value) -> ResourceDeclaration {
        var declaration = ResourceDeclaration(
            plural: names["plural"]?.string ?? "", kind: names["kind"]?.string ?? "",
            singular: names["singular"]?.string ?? "", isNamespaced: spec["scope"] == "Namespaced")
        declaration.generation = ["all"]
        declaration.listKind = names["listKind"]?.string
        declaration.selectors = (version["selectableFields"]?.array ?? []).compactMap { field in
            field["jsonPath"]?.string.map { String($0.drop { $0 == "." }) }
        }
        let columns = version["additionalPrinterColumns"]?.array ?? []
        declaration.columns = columns.map { column in
            let path = column["jsonPath"]?.string ?? ""
            return ResourceDeclaration.Column(
                name: column["name"]?.string ?? "", type: column["type"]?.string ?? "string",
                format: column["format"]?.string ?? "",
                description: column["description"]?.string
                    ?? "Custom resource definition column (in JSONPath format): \(path)",
                priority: column["priority"]?.int ?? 0, source: path)
        }
        if columns.isEmpty {
            declaration.columns = [
                ResourceDeclaration.Column(
                    name: "Age", type: "date", priority: 0, source: ".metadata.creationTimestamp")
            ]
        }
        declaration.scale = version["subresources", "scale"].map(ScalePaths.init)
        if version["deprecated"] == true { declaration.deprecation = deprecation(version, names, spec) }
        return declaration
    }

    /// What the definition says itself, or which version to use instead: the best of those that are better.
    private static func deprecation(_ version: Value, _ names: Value, _ spec: Value) -> String {
        if let warning = version["deprecationWarning"]?.string { return warning }
        let name = version["name"]?.string ?? ""
        let others = (spec["versions"]?.array ?? []).filter { $0["served"] == true && $0["deprecated"] != true }
            .compactMap { $0["name"]?.string }
            .filter { VersionOrder.precedes($0, name) }
        let (group, kind) = (spec["group"]?.string ?? "", names["kind"]?.string ?? "")
        let best = others.sorted(by: VersionOrder.precedes).first
        return "\(group)/\(name) \(kind) is deprecated" + (best.map { "; use \(group)/\($0) \(kind)" } ?? "")
    }

    /// Notes the version that stores among those that ever did.
    static func storeFirstVersion(_ definition: inout Value) {
        let versions = definition["spec", "versions"]?.array ?? []
        guard let storing = versions.first(where: { $0["storage"] == true })?["name"] else { return }
        let stored = definition["status", "storedVersions"]?.array ?? []
        if !stored.contains(storing) { definition["status", "storedVersions"] = .array(stored + [storing]) }
    }

    /// The groups with those of CRDs among them, which come after all built-in ones.
    static func groups(_ definitions: some Collection<CustomDefinition>, beside builtIn: [APIGroup]) -> [APIGroup] {
        var groups = builtIn
        for definition in definitions.sorted(by: { $0.name < $1.name }) {
            let known = groups.firstIndex { $0.name == definition.group }
            let versions = merge(known.map { groups[$0].versions } ?? [], definition.versions)
            let group = APIGroup(
                name: definition.group, versions: versions, priority: known.map { groups[$0].priority } ?? 1000)
            if let known { groups[known] = group } else { groups.append(group) }
        }
        return groups.filter { !$0.versions.isEmpty }.sorted { ($1.priority, $0.name) < ($0.priority, $1.name) }
    }

    private static func merge(_ left: [APIVersion], _ right: [APIVersion]) -> [APIVersion] {
        var result = left
        for version in right {
            if let index = result.firstIndex(where: { $0.name == version.name }) {
                result[index] = APIVersion(
                    name: version.name, priority: result[index].priority,
                    resources: (result[index].resources + version.resources).sorted { $0.plural < $1.plural })
            } else {
                result.append(version)
            }
        }
        return result.sorted { VersionOrder.precedes($0.name, $1.name) }
    }
}

/// Kubernetes' order of versions: v10, v2, v1, v11beta2, v3beta1, v12alpha1, then other names by letter.
enum VersionOrder {
    private static func rank(_ version: String) -> (stage: Int, major: Int, minor: Int)? {
        guard version.hasPrefix("v") else { return nil }
        let digits = version.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard let major = Int(digits) else { return nil }
        let rest = version.dropFirst(1 + digits.count)
        if rest.isEmpty { return (2, major, 0) }
        for (name, stage) in [("beta", 1), ("alpha", 0)] where rest.hasPrefix(name) {
            return Int(rest.dropFirst(name.count)).map { (stage, major, $0) }
        }
        return nil
    }

    static func precedes(_ left: String, _ right: String) -> Bool {
        switch (rank(left), rank(right)) {
        case (let a?, let b?): a > b
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left < right
        }
    }
}
