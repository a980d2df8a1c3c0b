import Document

/// What differs between two objects (structured-merge-diff's Compare).
struct Comparison {
    private(set) var added = FieldSet()
    private(set) var modified = FieldSet()
    private(set) var removed = FieldSet()

    init(_ old: Value, _ new: Value, _ shape: MergeShape) { compareMaps(old, new, shape) }

    /// What differs inside of two values that meet at one place; nothing where they are leaves.
    private init(inside old: Value?, _ new: Value?, _ shape: MergeShape) {
        switch shape.form(of: old, or: new) {
        case .leaf: break
        case .map: compareMaps(old, new, shape)
        case .list(let merge): compareLists(old, new, shape, merge)
        }
    }

    /// The comparison without the ignored fields and what is below them.
    func ignoring(_ ignored: FieldSet) -> Comparison {
        var result = self
        result.added = added.subtractingTrees(ignored)
        result.modified = modified.subtractingTrees(ignored)
        result.removed = removed.subtractingTrees(ignored)
        return result
    }

    /// Compares what stands under an element, which comes after those that were compared before.
    private mutating func compare(_ element: PathElement, _ old: Value?, _ new: Value?, _ shape: MergeShape) {
        // Most of an update did not change; what is equal adds nothing.
        if let old, let new, old == new { return }
        let shape = shape.below(element)
        let inside = Comparison(inside: old, new, shape)
        let isModified = old != nil && new != nil && Comparison.areLeaves(old, new, shape)
        added.append(element, isMember: old == nil, inside.added)
        modified.append(element, isMember: isModified, inside.modified)
        removed.append(element, isMember: new == nil, inside.removed)
    }

    /// Whether the two are each one value: leaves, or maps or lists without anything inside. Of values whose kind the
    /// schema leaves open, a map and what is none are compared both as a map's fields and as leaves.
    private static func areLeaves(_ old: Value?, _ new: Value?, _ shape: MergeShape) -> Bool {
        switch shape.form(of: old, or: new) {
        case .leaf: true
        case .map: !isFilledMap(old) && !isFilledMap(new) || isOther(old) || isOther(new)
        case .list: (old?.array ?? []).isEmpty && (new?.array ?? []).isEmpty
        }
    }

    private static func isFilledMap(_ value: Value?) -> Bool { value?.object?.isEmpty == false }

    /// Whether a value is neither a map nor null.
    private static func isOther(_ value: Value?) -> Bool { value.map { $0.object == nil && !$0.isNull } ?? false }

    private mutating func compareMaps(_ old: Value?, _ new: Value?, _ shape: MergeShape) {
        var rest = (old?.object ?? [:])[...]
        for member in new?.object ?? [:] {
            while let left = rest.first, left.key < member.key {
                compare(.field(left.key), left.value, nil, shape)
                rest.removeFirst()
            }
            let left = rest.first.flatMap { $0.key == member.key ? $0.value : nil }
            if left != nil { rest.removeFirst() }
            compare(.field(member.key), left, member.value, shape)
        }
        for left in rest { compare(.field(left.key), left.value, nil, shape) }
    }

    private mutating func compareLists(_ old: Value?, _ new: Value?, _ shape: MergeShape, _ merge: ListMerge) {
        let left = index(old, shape, merge)
        let right = index(new, shape, merge)
        for element in Set(left.keys).union(right.keys).sorted() {
            compare(element, left[element] ?? [], right[element] ?? [], shape)
        }
    }

    /// Compares the items of an element; those that come twice are owned as one.
    private mutating func compare(_ element: PathElement, _ old: [Value], _ new: [Value], _ shape: MergeShape) {
        if old.count <= 1, new.count <= 1 { return compare(element, old.first, new.first, shape) }
        if old.count > 1, new.count > 1 {
            return modified.append(element, isMember: old != new, FieldSet())
        }
        let one = Comparison(
            inside: old.count > 1 ? nil : old.first, new.count > 1 ? nil : new.first, shape.below(element))
        added.append(element, isMember: !new.isEmpty, one.added)
        removed.append(element, isMember: !old.isEmpty, one.removed)
    }

    private func index(_ list: Value?, _ shape: MergeShape, _ merge: ListMerge) -> [PathElement: [Value]] {
        var result: [PathElement: [Value]] = [:]
        for item in list?.array ?? [] {
            if let element = shape.element(of: item, merge) { result[element, default: []].append(item) }
        }
        return result
    }
}
