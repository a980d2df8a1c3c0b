import Document

/// The spec of a CRD in the form in which upstream looks at it: what all versions say alike stands beside them, and the
/// first version's name does (apiextensions' conversion of v1).
struct InternalDefinition {
    /// The versions with what they do not have in common.
    let versions: [Value]
    /// Whether there is a list of versions at all, even an empty one.
    let hasVersions: Bool
    /// The name of the first version; empty where there is none.
    let version: String
    /// `openAPIV3Schema` and what stands around it; nil where versions differ, or have none.
    let validation: Value?
    let subresources: Value?
    let columns: [Value]
    let selectableFields: [Value]

    init(_ spec: Value) {
        var versions = spec["versions"]?.array ?? []
        hasVersions = spec["versions"]?.array != nil
        version = versions.first?["name"]?.string ?? ""
        func take(_ key: Text) -> Value? {
            guard let first = versions.first else { return nil }
            let shared = InternalDefinition.part(first, key)
            guard versions.allSatisfy({ InternalDefinition.part($0, key) == shared }) else { return nil }
            for index in versions.indices { versions[index][key] = nil }
            return shared
        }
        validation = take("schema")
        subresources = take("subresources")
        columns = take("additionalPrinterColumns")?.array ?? []
        selectableFields = take("selectableFields")?.array ?? []
        self.versions = versions
    }

    /// Nil where nothing is said, which an empty list says too.
    private static func part(_ version: Value, _ key: Text) -> Value? {
        version[key].flatMap { $0.isNull || $0.array?.isEmpty == true ? nil : $0 }
    }

    /// What a version's objects have beside themselves.
    func subresources(of version: Value) -> Value? {
        versions.contains { $0["subresources"]?.object != nil } ? version["subresources"] : subresources
    }

    /// The schemas of all versions, each once.
    var schemas: [Value] {
        ([validation] + versions.map { $0["schema"] }).compactMap { $0?["openAPIV3Schema"] }
    }

    /// Whether any version's status is written by itself.
    var hasStatus: Bool {
        ([subresources] + versions.map { $0["subresources"] }).contains { $0?.has("status") == true }
    }

    /// The schema of the version of that name.
    func schema(ofVersion name: String) -> Value? {
        if let validation { return validation["openAPIV3Schema"] }
        return versions.first { $0["name"]?.string == name }?["schema", "openAPIV3Schema"]
    }

    // MARK: As Go prints it

    /// The versions as errors show them.
    var shownVersions: String {
        hasVersions ? "[\(versions.map(InternalDefinition.shown).joined(separator: ","))]" : "null"
    }

    private static func shown(_ version: Value) -> String {
        let columns = (version["additionalPrinterColumns"]?.array ?? []).map { column in
            let texts = ["name", "type", "format", "description"].map { key in
                "\"\(key.prefix(1).uppercased())\(key.dropFirst())\":\(JSON.text(column[Text(key)] ?? "").string)"
            }
            return "{\(texts.joined(separator: ",")),\"Priority\":\(column["priority"]?.int ?? 0),"
                + "\"JSONPath\":\(JSON.text(column["jsonPath"] ?? "").string)}"
        }
        let fields = (version["selectableFields"]?.array ?? []).map {
            "{\"JSONPath\":\(JSON.text($0["jsonPath"] ?? "").string)}"
        }
        func list(_ elements: [String]) -> String {
            elements.isEmpty ? "null" : "[\(elements.joined(separator: ","))]"
        }
        return "{\"Name\":\(JSON.text(version["name"] ?? "").string),\"Served\":\(version["served"] == true),"
            + "\"Storage\":\(version["storage"] == true),\"Deprecated\":\(version["deprecated"] == true),"
            + "\"DeprecationWarning\":\(JSON.text(version["deprecationWarning"] ?? .null).string),"
            + "\"Schema\":\(shownSchema(version["schema"])),\"Subresources\":\(shownSubresources(version["subresources"])),"
            + "\"AdditionalPrinterColumns\":\(list(columns)),\"SelectableFields\":\(list(fields))}"
    }

    private static func shownSchema(_ schema: Value?) -> String {
        guard let schema, schema.object != nil else { return "null" }
        return "{\"OpenAPIV3Schema\":\(schema["openAPIV3Schema"].map { SchemaDump.text($0) } ?? "null")}"
    }

    private static func shownSubresources(_ parts: Value?) -> String {
        guard let parts, parts.object != nil else { return "null" }
        let scale = parts["scale"].flatMap { $0.object == nil ? nil : $0 }.map { scale in
            "{\"SpecReplicasPath\":\(JSON.text(scale["specReplicasPath"] ?? "").string),"
                + "\"StatusReplicasPath\":\(JSON.text(scale["statusReplicasPath"] ?? "").string),"
                + "\"LabelSelectorPath\":\(JSON.text(scale["labelSelectorPath"] ?? .null).string)}"
        }
        return "{\"Status\":\(parts.has("status") ? "{}" : "null"),\"Scale\":\(scale ?? "null")}"
    }
}
