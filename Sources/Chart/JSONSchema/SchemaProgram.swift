import Document

/// Compiled schemas, which refer to each other by their index.
struct SchemaProgram: Sendable {
    let nodes: [SchemaNode]
    let root: Int
    let limits: JSONSchema.Limits

    /// The node of a place; nil where nothing refers to it.
    func index(of place: SchemaPlace) -> Int? { nodes.firstIndex { $0.place == place } }
}

/// One compiled schema: what each family of its keywords asks, nil where no keyword of a family stands.
final class SchemaNode: Sendable {
    let place: SchemaPlace
    let draft: SchemaDraft
    /// The schema with a URL of its own that this one lies in.
    let resource: Int
    /// What a boolean schema says.
    let verdict: Bool?
    let general: GeneralRules
    let references: ReferenceRules?
    let object: ObjectRules?
    let array: ArrayRules?
    let string: StringRules?
    let number: NumberRules?
    let conditions: ConditionRules?
    /// Where a `$recursiveRef` or `$dynamicRef` may come to rest.
    let anchors: AnchorRules?

    init(
        place: SchemaPlace, draft: SchemaDraft, resource: Int, verdict: Bool? = nil,
        general: GeneralRules = GeneralRules(), references: ReferenceRules? = nil, object: ObjectRules? = nil,
        array: ArrayRules? = nil, string: StringRules? = nil, number: NumberRules? = nil,
        conditions: ConditionRules? = nil, anchors: AnchorRules? = nil
    ) {
        (self.place, self.draft, self.resource, self.verdict) = (place, draft, resource, verdict)
        (self.general, self.references, self.object, self.array) = (general, references, object, array)
        (self.string, self.number, self.conditions, self.anchors) = (string, number, conditions, anchors)
    }

    /// Whether each member of an object is looked at by this schema itself.
    var evaluatesAllMembers: Bool { object?.additional != nil }

    /// Whether each element of an array is looked at by this schema itself.
    var evaluatesAllElements: Bool { array?.evaluatesAll ?? false }

    /// How many elements at the start of an array are looked at by this schema itself.
    var evaluatedPrefix: Int { array?.prefix.count ?? 0 }
}

/// `additionalProperties` and `additionalItems`.
enum AdditionalRule: Sendable {
    case allowed(Bool)
    case schema(Int)
}
