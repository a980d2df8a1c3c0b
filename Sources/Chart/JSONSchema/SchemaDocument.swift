import Document
import Template

/// A document that holds schemas, and the parts of it that have URLs of their own.
struct SchemaDocument {
    /// A part with a URL, within which references are resolved.
    struct Resource {
        let pointer: Text
        let id: Text
        let dialect: SchemaDialect
        /// The pointers of its anchors.
        var anchors: [Text: Text] = [:]
        /// Those that a `$dynamicRef` further out may win over.
        var dynamicAnchors: [Text] = []
    }

    let url: Text
    let value: Value
    private(set) var resources: [Text: Resource] = [:]
    private var pointersByID: [Text: Text] = [:]
    private var processed: Set<Text> = []

    init(url: Text, value: Value) {
        self.url = url
        self.value = value
    }

    // MARK: - Looking up

    func isProcessed(_ pointer: Text) -> Bool { processed.contains(pointer) }

    /// The innermost part with a URL that a pointer lies in.
    func resource(at pointer: Text) -> Resource {
        if resources.count == 1, let only = resources[""] { return only }
        var steps = pointer.bytes[...]
        while true {
            if let resource = resources[Text(bytes: steps)] { return resource }
            guard let slash = steps.lastIndex(of: UInt8(ascii: "/")) else { break }
            steps = steps[..<slash]
        }
        return resources[""] ?? Resource(pointer: "", id: url, dialect: SchemaDialect(draft: .latest))
    }

    /// The place that a reference means in this document; nil where its URL is none of this document's.
    func place(of reference: SchemaReference) throws(JSONSchema.Failure) -> SchemaPlace? {
        guard let pointer = reference.url == url ? "" : pointersByID[reference.url] else { return nil }
        return try place(of: reference, in: resource(at: pointer))
    }

    /// The place that the fragment of a reference means in this document.
    func rootPlace(of reference: SchemaReference) throws(JSONSchema.Failure) -> SchemaPlace {
        try place(of: reference, in: resource(at: ""))
    }

    private func place(
        of reference: SchemaReference, in resource: Resource
    ) throws(JSONSchema.Failure) -> SchemaPlace {
        if !reference.isAnchor {
            return SchemaPlace(url: url, pointer: resource.pointer + reference.fragment)
        }
        if let pointer = resource.anchors[reference.fragment] { return SchemaPlace(url: url, pointer: pointer) }
        let place = SchemaPlace(url: resource.id, pointer: reference.fragment).text
        throw .reference(
            SchemaPlace(url: url, pointer: resource.pointer),
            "anchor in \(place.quoted) not found in schema \(url.quoted)")
    }

    // MARK: - Collecting

    mutating func markProcessed(_ pointer: Text) { processed.insert(pointer) }

    /// Takes up the part that begins at a pointer; nothing where it is there already.
    mutating func add(_ resource: Resource) throws(JSONSchema.Failure) {
        guard let other = pointersByID[resource.id] else {
            pointersByID[resource.id] = resource.pointer
            resources[resource.pointer] = resource
            return
        }
        if other == resource.pointer { return }
        throw .reference(
            SchemaPlace(url: url, pointer: resource.pointer),
            "duplicate id \(resource.id.quoted) in \(url.quoted) at \(resource.pointer.quoted) and \(other.quoted)")
    }

    func hasResource(id: Text) -> Bool { pointersByID[id] != nil }

    func resource(id: Text) -> Resource { resource(at: pointersByID[id] ?? "") }

    /// Notes the anchors that a schema gives itself in the part of that URL.
    mutating func collectAnchors(
        _ object: Object, _ pointer: Text, id: Text
    ) throws(JSONSchema.Failure) {
        guard let owner = pointersByID[id], let draft = resources[owner]?.dialect.draft else { return }
        if draft < .draft2019 {
            if object["$ref"] != nil { return }
            guard let name = object[draft.idKeyword]?.text else { return }
            let fragment = SchemaReference.split(name).fragment
            guard let anchor = GoURL.decoded(fragment) else {
                let place = SchemaPlace(url: url, pointer: pointer)
                throw .reference(place, "error in parsing anchor at \(place.text.quoted)")
            }
            if !anchor.isEmpty, !anchor.hasPrefix("/") { try add(anchor, pointer, owner) }
            return
        }
        if let anchor = object["$anchor"]?.text { try add(anchor, pointer, owner) }
        if draft >= .draft2020, let anchor = object["$dynamicAnchor"]?.text {
            try add(anchor, pointer, owner)
            resources[owner]?.dynamicAnchors.append(anchor)
        }
    }

    private mutating func add(_ anchor: Text, _ pointer: Text, _ owner: Text) throws(JSONSchema.Failure) {
        guard let other = resources[owner]?.anchors[anchor] else {
            resources[owner]?.anchors[anchor] = pointer
            return
        }
        if other == pointer { return }
        throw .reference(
            SchemaPlace(url: url, pointer: pointer),
            "duplicate anchor \(anchor.quoted) in \(url.quoted) at \(other.quoted) and \(pointer.quoted)")
    }
}
