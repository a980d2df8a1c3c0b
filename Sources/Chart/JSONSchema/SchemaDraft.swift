import Document

/// The editions of JSON Schema that Helm knows.
enum SchemaDraft: Int, Sendable, Comparable, CaseIterable {
    case draft4 = 4
    case draft6 = 6
    case draft7 = 7
    case draft2019 = 2019
    case draft2020 = 2020

    /// What holds where no `$schema` stands.
    static let latest = SchemaDraft.draft2020

    /// The edition whose metaschema has that URL, with http or https alike; nil for any other.
    init?(url text: Text) {
        let (url, fragment) = SchemaReference.split(text)
        guard fragment.isEmpty else { return nil }
        var name = url.string
        for scheme in ["http://", "https://"] where name.hasPrefix(scheme) {
            name.removeFirst(scheme.count)
            break
        }
        switch name {
        case "json-schema.org/schema", "json-schema.org/draft/2020-12/schema": self = .draft2020
        case "json-schema.org/draft/2019-09/schema": self = .draft2019
        case "json-schema.org/draft-07/schema": self = .draft7
        case "json-schema.org/draft-06/schema": self = .draft6
        case "json-schema.org/draft-04/schema": self = .draft4
        default: return nil
        }
    }

    static func < (left: SchemaDraft, right: SchemaDraft) -> Bool { left.rawValue < right.rawValue }

    /// The URL of the metaschema.
    var url: Text {
        switch self {
        case .draft4: "http://json-schema.org/draft-04/schema"
        case .draft6: "http://json-schema.org/draft-06/schema"
        case .draft7: "http://json-schema.org/draft-07/schema"
        case .draft2019: "https://json-schema.org/draft/2019-09/schema"
        case .draft2020: "https://json-schema.org/draft/2020-12/schema"
        }
    }

    /// What the URLs of the edition's vocabularies begin with; empty where there are none.
    var vocabularyPrefix: Text {
        switch self {
        case .draft2019: "https://json-schema.org/draft/2019-09/vocab/"
        case .draft2020: "https://json-schema.org/draft/2020-12/vocab/"
        default: ""
        }
    }

    /// The vocabularies of the edition, those that hold by default first.
    var vocabularies: [Text] {
        switch self {
        case .draft2019: ["core", "applicator", "validation", "meta-data", "format", "content"]
        case .draft2020:
            [
                "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation",
                "format-assertion", "content",
            ]
        default: []
        }
    }

    /// The keyword that names a schema.
    var idKeyword: Text { self == .draft4 ? "id" : "$id" }

    /// The URL that a schema gives itself, without its fragment; empty where it gives none.
    func id(of object: Object) -> Text {
        // Before 2019-09 all else beside a `$ref` is ignored.
        if self < .draft2019, object["$ref"] != nil { return "" }
        return object[idKeyword]?.text.map { SchemaReference.split($0).url } ?? ""
    }

    // MARK: - Where subschemas stand

    /// What a keyword holds.
    enum Position: Sendable { case schema, list, map, schemaOrList }

    /// The keywords that hold schemas, from the edition that brought them on.
    private static let positions: [(Text, Position, SchemaDraft)] = [
        ("definitions", .map, .draft4), ("not", .schema, .draft4), ("allOf", .list, .draft4),
        ("anyOf", .list, .draft4), ("oneOf", .list, .draft4), ("properties", .map, .draft4),
        ("additionalProperties", .schema, .draft4), ("patternProperties", .map, .draft4),
        ("items", .schemaOrList, .draft4), ("additionalItems", .schema, .draft4), ("dependencies", .map, .draft4),
        ("propertyNames", .schema, .draft6), ("contains", .schema, .draft6), ("if", .schema, .draft7),
        ("then", .schema, .draft7), ("else", .schema, .draft7), ("$defs", .map, .draft2019),
        ("dependentSchemas", .map, .draft2019), ("unevaluatedProperties", .schema, .draft2019),
        ("unevaluatedItems", .schema, .draft2019), ("contentSchema", .schema, .draft2019),
        ("prefixItems", .list, .draft2020),
    ]

    private static let positionsByKeyword = Dictionary(uniqueKeysWithValues: positions.map { ($0.0, ($0.1, $0.2)) })

    /// The pointers, from the object on, and the values of all schemas right below one.
    func subschemas(of object: Object) -> [(pointer: Text, value: Value)] {
        var found: [(Text, Value)] = []
        for member in object {
            guard let (position, since) = SchemaDraft.positionsByKeyword[member.key], since <= self else { continue }
            let pointer = SchemaPlace.append(member.key, to: "")
            switch (position, member.value) {
            case (.map, .object(let children)):
                found += children.map { (SchemaPlace.append($0.key, to: pointer), $0.value) }
            case (.list, .array(let children)), (.schemaOrList, .array(let children)):
                if position == .schemaOrList { found.append((pointer, member.value)) }
                found += children.enumerated().map { (pointer + "/" + Text(String($0.offset)), $0.element) }
            case (.schema, let child), (.schemaOrList, let child): found.append((pointer, child))
            default: continue
            }
        }
        return found
    }
}

/// An edition, and the vocabularies of it that a metaschema of one's own asks for.
struct SchemaDialect: Sendable, Hashable {
    let draft: SchemaDraft
    /// Nil for those that hold by default.
    var vocabularies: [Text]?

    func has(_ vocabulary: Text) -> Bool {
        if vocabulary == "core" || draft < .draft2019 { return true }
        if let vocabularies { return vocabularies.contains(vocabulary) }
        return ["applicator", "unevaluated", "validation"].contains(vocabulary)
    }
}
