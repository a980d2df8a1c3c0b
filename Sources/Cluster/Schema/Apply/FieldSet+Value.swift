import Document

extension FieldSet {
    /// The fields that a configuration sets (structured-merge-diff's ToFieldSet).
    init(of value: Value, _ shape: MergeShape) {
        self.init()
        guard case .object(let object) = value else { return }
        for member in object {
            let element = PathElement.field(member.key)
            let inner = shape.below(element)
            let (isLeaf, children) = FieldSet.inside(member.value, inner)
            let isEmpty = member.value.isNull || member.value.object?.isEmpty == true
            append(element, isMember: isLeaf || isEmpty || !shape.declares(member.key), children)
        }
    }

    private static func inside(_ value: Value, _ shape: MergeShape) -> (isLeaf: Bool, children: FieldSet) {
        switch shape.form(of: value) {
        case .leaf: return (true, FieldSet())
        case .map: return (false, FieldSet(of: value, shape))
        case .list(let merge):
            let nodes = (value.array ?? []).compactMap { item -> Node? in
                guard let element = shape.element(of: item, merge) else { return nil }
                return Node(element: element, isMember: true, children: inside(item, shape.below(element)).children)
            }
            return (false, FieldSet(unsorted: nodes))
        }
    }
}
