import Document
import Pattern
import Template

/// Compiles a schema and all that it refers to, each schema once.
struct SchemaCompiler {
    private(set) var library: SchemaLibrary
    private var pending: [Pending] = []
    private var indices: [SchemaPlace: Int] = [:]
    /// The place of the schema that is being compiled, its document, its base URL and its dialect.
    private var place = SchemaPlace(url: "", pointer: "")
    private var document: SchemaDocument
    private var base: Text = ""
    private(set) var dialect = SchemaDialect(draft: .latest)
    private(set) var keywords = KeywordReader(object: [:])
    /// Whether `format` is asserted whatever the dialect, as in metaschemas.
    private let assertsFormats: Bool

    /// A schema to compile, with what stands there if that is at hand.
    private struct Pending {
        let place: SchemaPlace
        let value: Value?
    }

    init(library: SchemaLibrary, assertsFormats: Bool = false) {
        self.library = library
        self.assertsFormats = assertsFormats
        document = SchemaDocument(url: "", value: .null)
    }

    var draft: SchemaDraft { dialect.draft }

    mutating func compile(_ root: SchemaPlace) throws(JSONSchema.Failure) -> SchemaProgram {
        var nodes: [SchemaNode] = []
        let rootIndex = enqueue(root)
        while nodes.count < pending.count {
            if pending.count > library.limits.schemas {
                throw .limit(root, "there are more than \(library.limits.schemas) schemas")
            }
            nodes.append(try node(pending[nodes.count]))
        }
        return SchemaProgram(nodes: nodes, root: rootIndex, limits: library.limits)
    }

    private mutating func enqueue(_ place: SchemaPlace, _ value: Value? = nil) -> Int {
        if let index = indices[place] { return index }
        pending.append(Pending(place: place, value: value))
        indices[place] = pending.count - 1
        return pending.count - 1
    }

    // MARK: - One schema

    /// What stands at a place; its document becomes the one that references are seen from.
    private mutating func value(of next: Pending) throws(JSONSchema.Failure) -> Value {
        // A part of a schema was looked through together with it.
        if let value = next.value, next.place.url == document.url, document.isProcessed(next.place.pointer) {
            return value
        }
        let value: Value
        (value, document) = try library.schema(next.place)
        return value
    }

    private mutating func node(_ next: Pending) throws(JSONSchema.Failure) -> SchemaNode {
        let value = try value(of: next)
        place = next.place
        let resource = document.resource(at: place.pointer)
        (base, dialect) = (resource.id, resource.dialect)
        let owner = enqueue(SchemaPlace(url: place.url, pointer: resource.pointer))
        switch value {
        case .bool(let verdict): return SchemaNode(place: place, draft: draft, resource: owner, verdict: verdict)
        case .object(let object) where object.isEmpty:
            return SchemaNode(
                place: place, draft: draft, resource: owner, verdict: true, anchors: try anchors(resource))
        case .object(let object):
            keywords = KeywordReader(object: object)
            return try node(owner, resource)
        default: return SchemaNode(place: place, draft: draft, resource: owner)
        }
    }

    private mutating func node(
        _ owner: Int, _ resource: SchemaDocument.Resource
    ) throws(JSONSchema.Failure) -> SchemaNode {
        let anchors = try anchors(resource)
        let reference = try target("$ref")
        // Before 2019-09 all else beside a `$ref` is ignored, its format alone excepted by nobody.
        if draft < .draft2019, let reference {
            return SchemaNode(
                place: place, draft: draft, resource: owner, references: ReferenceRules(reference: reference))
        }
        let general = generalRules()
        let conditions = conditionRules()
        let array = arrayRules()
        let object = try objectRules()
        let number = numberRules()
        let string = try stringRules()
        return SchemaNode(
            place: place, draft: draft, resource: owner, general: general,
            references: try referenceRules(reference), object: object, array: array, string: string,
            number: number, conditions: conditions, anchors: anchors)
    }

    // MARK: - What families of keywords are compiled from

    /// Whether keywords of a vocabulary count.
    func has(_ vocabulary: Text) -> Bool { dialect.has(vocabulary) }

    /// Whether `format` is asserted.
    var checksFormats: Bool {
        switch draft {
        case .draft2019: assertsFormats || has("format")
        case .draft2020: assertsFormats || has("format-assertion")
        default: true
        }
    }

    /// The schema under a keyword.
    mutating func child(_ keyword: Text) -> Int? {
        keywords.object[keyword].map { enqueue(place.appending(keyword), $0) }
    }

    /// The schema under a member of a keyword's object.
    mutating func child(_ keyword: Text, _ member: Text) -> Int { enqueue(place.appending(keyword, member)) }

    /// The schemas in a keyword's array.
    mutating func children(_ keyword: Text) -> [Int] {
        guard let elements = keywords.object[keyword]?.array else { return [] }
        return elements.indices.map { enqueue(place.appending(keyword, Text(String($0))), elements[$0]) }
    }

    /// The schemas in a keyword's object.
    mutating func members(_ keyword: Text) -> [(key: Text, schema: Int)] {
        guard let object = keywords.object[keyword]?.object else { return [] }
        return object.map { ($0.key, enqueue(place.appending(keyword, $0.key), $0.value)) }
    }

    /// `additionalProperties` or `additionalItems`.
    mutating func additional(_ keyword: Text) -> AdditionalRule? {
        if let verdict = keywords.bool(keyword) { return .allowed(verdict) }
        return child(keyword).map(AdditionalRule.schema)
    }

    /// The schema that a keyword refers to.
    mutating func target(_ keyword: Text) throws(JSONSchema.Failure) -> Int? {
        guard let text = keywords.text(keyword) else { return nil }
        let reference = try SchemaReference(text, in: base)
        return enqueue(try library.place(of: reference, from: document))
    }

    /// The expression of a keyword.
    func expression(_ keyword: Text, _ pattern: Text) throws(JSONSchema.Failure) -> RegularExpression {
        do throws(RegularExpression.Malformed) {
            return try RegularExpression(pattern.bytes)
        } catch {
            let where_ = place.text(of: keyword)
            throw JSONSchema.Failure(
                code: .invalid, place: where_.string,
                message: "invalid regex \(pattern.quoted) at \(where_.quoted): \(error.message)")
        }
    }

    /// Where dynamic references may come to rest in the schema that is being compiled.
    private mutating func anchors(_ resource: SchemaDocument.Resource) throws(JSONSchema.Failure) -> AnchorRules? {
        var rules = AnchorRules()
        if draft >= .draft2020 {
            rules.own = keywords.text("$dynamicAnchor")
            if resource.pointer == place.pointer {
                for name in resource.dynamicAnchors {
                    guard let pointer = resource.anchors[name] else { continue }
                    rules.dynamic[name] = enqueue(SchemaPlace(url: place.url, pointer: pointer))
                }
            }
        }
        if draft >= .draft2019 { rules.isRecursive = keywords.isSet("$recursiveAnchor") }
        return rules.isEmpty ? nil : rules
    }
}
