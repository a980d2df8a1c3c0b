import Document

/// What a declaration's head says: the resources of one version of a group.
struct GroupDeclaration: Sendable {
    /// Empty for core.
    let group: String
    let version: String
    /// The embedded text that it is from.
    let file: String
    /// `io.k8s.api.apps`: what OpenAPI puts before `.v1.Deployment`.
    let package: String
    /// As the APIServices of the group say.
    let groupPriority: Int
    let versionPriority: Int
    var resources: [ResourceDeclaration] = []

    /// The heads of all embedded texts, in no order.
    static func all() -> [GroupDeclaration] {
        DeclarationText.names.flatMap { file in
            DeclarationText(named: file).map { read($0.head, file: file) } ?? []
        }
    }

    private static func read(_ lines: [DeclarationText.Line], file: String) -> [GroupDeclaration] {
        var groups: [GroupDeclaration] = []
        for line in lines {
            let words = line.words.map(String.init)
            switch (words[0], groups.indices.last) {
            case ("group", _):
                let name = words[1] == "core" ? "" : words[1]
                groups.append(
                    GroupDeclaration(
                        group: name, version: words[2], file: file, package: words[3],
                        groupPriority: Int(words[4]) ?? 0, versionPriority: Int(words[5]) ?? 0))
            case ("resource", let last?):
                groups[last].resources.append(ResourceDeclaration(words))
            case (_, let last?):
                let resource = groups[last].resources.indices.last
                if let resource { groups[last].resources[resource].read(words) }
            default: break
            }
        }
        return groups
    }
}

/// What a declaration's head says of one resource.
struct ResourceDeclaration: Sendable {
    /// A column of the resource's table.
    struct Column: Sendable {
        let name: String
        let type: String
        var format = ""
        var description = ""
        /// 0 is always shown, 1 with `-o wide` only.
        let priority: Int
        /// How the cell is computed: `.status.phase`, or a name that CellFunction knows.
        let source: String
    }

    /// A subresource as declared; its group and version are the resource's own where nil.
    struct Part: Sendable {
        let name: String
        let kind: String
        let apiVersion: String?
        let verbs: [String]
    }

    let plural: String
    let kind: String
    let singular: String
    let isNamespaced: Bool
    var shortNames: [String] = []
    var categories: [String] = []
    var verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
    /// What metadata.generation counts changes of: `spec` or other fields, `labels` and `annotations`, `all` but
    /// metadata; none where it is not used.
    var generation: [Text] = []
    var listKind: String?
    /// Where a CRD's scale is; built-in kinds have it in the usual place.
    var scale: ScalePaths?
    var storageVersion: String?
    /// What a CRD has clients warned of.
    var deprecation: String?
    /// Whether deleting answers with the object (each registry's ReturnDeletedObject).
    var returnsDeleted = false
    var parts: [Part] = []
    /// Field selectors beyond metadata.name and metadata.namespace.
    var selectors: [String] = []
    var columns: [Column] = []

    /// The declaration that stands for a CRD's resource.
    init(plural: String, kind: String, singular: String, isNamespaced: Bool) {
        self.plural = plural
        self.kind = kind
        self.singular = singular
        self.isNamespaced = isNamespaced
    }

    init(_ words: [String]) {
        plural = words[1]
        kind = words[2]
        singular = words[3]
        isNamespaced = words[4] == "namespaced"
        for word in words.dropFirst(5) {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            let list = pair.count == 2 ? pair[1].split(separator: ",").map(String.init) : []
            switch pair[0] {
            case "short": shortNames = list
            case "in": categories = list
            case "verbs": verbs = list
            case "storage": storageVersion = list.first
            case "returnsDeleted": returnsDeleted = true
            case "generation": generation = list.map { Text($0) }
            default: break
            }
        }
    }

    mutating func read(_ words: [String]) {
        switch words[0] {
        case "sub":
            let isForeign = words.count == 5
            parts.append(
                Part(
                    name: words[1], kind: words[2], apiVersion: isForeign ? words[3] : nil,
                    verbs: (words.last ?? "").split(separator: ",").map(String.init)))
        case "select": selectors = Array(words.dropFirst())
        case "column":
            // Names are written with _ for a space: the words of a line are split at spaces.
            let name = String(words[1].map { $0 == "_" ? " " : $0 })
            columns.append(
                Column(
                    name: name, type: words[2], format: words.contains("name") ? "name" : "",
                    priority: words.contains("wide") ? 1 : 0, source: words.last ?? ""))
        default: break
        }
    }
}
