import Document
import Template

/// The documents that a schema and what it refers to stand in.
struct SchemaLibrary {
    let limits: JSONSchema.Limits
    private(set) var warnings: [JSONSchema.Warning] = []
    private var values: [Text: Value] = [:]
    private var documents: [Text: SchemaDocument] = [:]

    init(limits: JSONSchema.Limits) { self.limits = limits }

    /// Makes a document known before anything refers to it.
    mutating func add(_ value: Value, at url: Text) { values[url] = value }

    /// The document of that URL, checked and with its parts known.
    mutating func document(_ url: Text) throws(JSONSchema.Failure) -> SchemaDocument {
        if let document = documents[url] { return document }
        var document = SchemaDocument(url: url, value: try load(url))
        try collect(&document, document.value, base: url, pointer: "", SchemaDialect(draft: .latest), depth: 0)
        if !Metaschema.isOfficial(url) { try check(document, document.value, "") }
        documents[url] = document
        return document
    }

    /// What stands at a place, checked like any schema where it is reached by a reference alone.
    mutating func schema(_ place: SchemaPlace) throws(JSONSchema.Failure) -> (Value, SchemaDocument) {
        var document = try document(place.url)
        let value = try place.find(in: document.value)
        if !document.isProcessed(place.pointer) {
            let base = document.resource(at: place.pointer)
            try collect(&document, value, base: base.id, pointer: place.pointer, base.dialect, depth: 0)
            if document.resources[place.pointer] == nil, let object = value.object {
                try document.collectAnchors(object, place.pointer, id: base.id)
            }
            try check(document, value, place.pointer)
            documents[place.url] = document
        }
        return (value, document)
    }

    /// The place that a reference means, seen from a schema of a document.
    mutating func place(
        of reference: SchemaReference, from document: SchemaDocument
    ) throws(JSONSchema.Failure) -> SchemaPlace {
        if let place = try document.place(of: reference) { return place }
        return try self.document(reference.url).rootPlace(of: reference)
    }

    // MARK: - Loading

    private mutating func load(_ url: Text) throws(JSONSchema.Failure) -> Value {
        if let value = values[url] { return value }
        let value: Value
        if let official = Metaschema.document(url) { value = official } else { value = try fetch(url) }
        values[url] = value
        return value
    }

    private mutating func fetch(_ url: Text) throws(JSONSchema.Failure) -> Value {
        func failure(_ words: String) -> JSONSchema.Failure {
            JSONSchema.Failure(
                code: .unavailable, place: url.string, message: "failing loading \(url.quoted): \(words)")
        }
        let parts: GoURL
        do throws(GoURL.Malformed) { parts = try GoURL(url.bytes) } catch { throw failure(error.message) }
        switch parts.scheme {
        case "file":
            let bytes: [UInt8]
            do throws(LoadFailure) { bytes = try HostFile.read(parts.path.string) } catch {
                throw failure(error.message)
            }
            do throws(JSONSchema.Failure) {
                return try JSONSchema.read(bytes, url)
            } catch {
                throw failure(error.message)
            }
        case "urn":
            let warning = JSONSchema.Warning(urn: url.string)
            if !warnings.contains(warning) { warnings.append(warning) }
            return true
        case "http", "https":
            throw failure(
                "schemas are not fetched over the network; take it into values.schema.json below $defs, "
                    + "under this $id")
        default: throw failure("no URLLoader registered for \(url.quoted)")
        }
    }

    // MARK: - Parts and dialects

    private mutating func collect(
        _ document: inout SchemaDocument, _ value: Value, base: Text, pointer: Text, _ fallback: SchemaDialect,
        depth: Int
    ) throws(JSONSchema.Failure) {
        if document.isProcessed(pointer) { return }
        let place = SchemaPlace(url: document.url, pointer: pointer)
        if depth > limits.depth { throw .limit(place, "schemas are nested deeper than \(limits.depth) levels") }
        guard let object = value.object else {
            if pointer.isEmpty { try document.add(.init(pointer: "", id: base, dialect: fallback)) }
            document.markProcessed(pointer)
            return
        }
        var hasSchema = object["$schema"]?.text != nil
        var visited: Set<Text> = []
        var draft = try self.draft(of: value, place, fallback.draft, &visited)
        var id = draft.id(of: object)
        if id.isEmpty, !pointer.isEmpty {
            // Only what has a URL of its own may name an edition.
            (draft, hasSchema) = (fallback.draft, false)
            id = draft.id(of: object)
        }
        var base = base
        if !id.isEmpty {
            guard let reference = try? SchemaReference(id, in: base) else {
                throw .reference(place, "error in parsing id at \(place.text.quoted)")
            }
            base = reference.url
        }
        if !id.isEmpty || pointer.isEmpty {
            let isKnown = document.hasResource(id: base)
            let dialect =
                isKnown || !hasSchema
                ? fallback : SchemaDialect(draft: draft, vocabularies: try vocabularies(of: object, draft))
            try document.add(.init(pointer: pointer, id: base, dialect: dialect))
        }
        try document.collectAnchors(object, pointer, id: base)
        let dialect = document.resource(id: base).dialect
        for (steps, child) in draft.subschemas(of: object) {
            try collect(&document, child, base: base, pointer: pointer + steps, dialect, depth: depth + 1)
        }
        document.markProcessed(pointer)
    }

    /// The edition that `$schema` names, through metaschemas of one's own where need be.
    private mutating func draft(
        of value: Value, _ place: SchemaPlace, _ fallback: SchemaDraft, _ visited: inout Set<Text>
    ) throws(JSONSchema.Failure) -> SchemaDraft {
        guard let named = value["$schema"]?.text else { return fallback }
        if let draft = SchemaDraft(url: named) { return draft }
        let url = SchemaReference.split(named).url
        do throws(GoURL.Malformed) {
            _ = try GoURL(url.bytes)
        } catch {
            throw .reference(place, "invalid $schema in \(place.text.quoted): \(error.message)")
        }
        if place.pointer.isEmpty, url == place.url {
            throw .reference(place, "draft \(url.quoted) is not supported")
        }
        guard visited.insert(url).inserted else {
            throw .reference(place, "cycle in resolving $schema in \(url.quoted)")
        }
        return try draft(of: try load(url), SchemaPlace(url: url, pointer: ""), fallback, &visited)
    }

    /// The vocabularies that the metaschema of a schema asks for; nil for those of its edition.
    private mutating func vocabularies(of object: Object, _ draft: SchemaDraft) throws(JSONSchema.Failure) -> [Text]? {
        guard let named = object["$schema"]?.text, SchemaDraft(url: named) == nil, draft >= .draft2019 else {
            return nil
        }
        let url = SchemaReference.split(named).url
        guard case .object(let wanted)? = try load(url)["$vocabulary"] else { return nil }
        var found: [Text] = []
        for member in wanted where member.value == true {
            let isOfficial = member.key.hasPrefix(draft.vocabularyPrefix)
            let name = Text(bytes: member.key.bytes.dropFirst(isOfficial ? draft.vocabularyPrefix.count : 0))
            guard isOfficial, draft.vocabularies.contains(name) else {
                let place = SchemaPlace(url: url, pointer: "/$vocabulary")
                throw .reference(place, "unsupported vocabulary \(member.key.quoted) in \(url.quoted)")
            }
            found.append(name)
        }
        return found.contains("core") ? found : found + ["core"]
    }

    // MARK: - Metaschemas

    /// Holds a schema against the metaschema of its dialect.
    private func check(_ document: SchemaDocument, _ value: Value, _ pointer: Text) throws(JSONSchema.Failure) {
        let dialect = document.resource(at: pointer).dialect
        if dialect.vocabularies == nil, PlainSchema.isPlain(value) { return }
        let others = Dictionary(
            document.resources.values.map { ($0.pointer, $0.dialect) }, uniquingKeysWith: { first, _ in first })
        let fault = try Metaschema.fault(in: value, dialect, others, limits)
        guard let fault else { return }
        let place = SchemaPlace(url: document.url, pointer: pointer).text
        throw JSONSchema.Failure(
            code: .invalid, place: place.string,
            message: "\(place.quoted) is not valid against metaschema: \(SchemaReport.text(of: fault))")
    }
}
