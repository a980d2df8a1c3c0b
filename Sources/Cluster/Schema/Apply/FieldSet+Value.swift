import Document

extension FieldSet {
    /// The fields that a configuration sets (structured-merge-diff's ToFieldSet).
    init(of value: Value, _ shape: MergeShape) {
        guard case .object(let object) = value else { return }
        for member in object {
            let element = PathElement.field(member.key)
            let inner = shape.below(element)
            let (isLeaf, children) = FieldSet.inside(member.value, inner)
            let isEmpty = member.value.isNull || member.value.object?.isEmpty == true
            let isMember = isLeaf || isEmpty || !shape.declares(member.key)
            if isMember || !children.isEmpty { nodes[element] = Node(isMember: isMember, children: children) }
        }
    }

    private static func inside(_ value: Value, _ shape: MergeShape) -> (isLeaf: Bool, children: FieldSet) {
        switch shape.form(of: value) {
        case .leaf: return (true, FieldSet())
        case .map: return (false, FieldSet(of: value, shape))
        case .list(let merge):
            var set = FieldSet()
            for item in value.array ?? [] {
                guard let element = shape.element(of: item, merge) else { continue }
                set.nodes[element] = Node(isMember: true, children: inside(item, shape.below(element)).children)
            }
            return (false, set)
        }
    }
}

/// What differs between two objects (structured-merge-diff's Compare).
struct Comparison {
    private(set) var added = FieldSet()
    private(set) var modified = FieldSet()
    private(set) var removed = FieldSet()

    init(_ old: Value, _ new: Value, _ shape: MergeShape) { compareMaps(old, new, shape, []) }

    /// The comparison without the ignored fields and what is below them.
    func ignoring(_ ignored: FieldSet) -> Comparison {
        var result = self
        result.added = added.subtractingTrees(ignored)
        result.modified = modified.subtractingTrees(ignored)
        result.removed = removed.subtractingTrees(ignored)
        return result
    }

    private mutating func compare(_ old: Value?, _ new: Value?, _ shape: MergeShape, _ path: [PathElement]) {
        // Most of an update did not change; what is equal adds nothing.
        if let old, let new, old == new { return }
        switch shape.form(of: old, or: new) {
        case .leaf: return compareLeaves(old, new, path)
        case .map:
            if isEmptyMap(old), isEmptyMap(new) { return compareLeaves(old, new, path) }
            compareMaps(old, new, shape, path)
        case .list(let merge):
            if (old?.array ?? []).isEmpty, (new?.array ?? []).isEmpty { return compareLeaves(old, new, path) }
            compareLists(old, new, shape, merge, path)
        }
        if old == nil { added.insert(path) } else if new == nil { removed.insert(path) }
    }

    private func isEmptyMap(_ value: Value?) -> Bool { (value?.object ?? [:]).isEmpty }

    private mutating func compareLeaves(_ old: Value?, _ new: Value?, _ path: [PathElement]) {
        switch (old, new) {
        case (nil, _): added.insert(path)
        case (_, nil): removed.insert(path)
        case (let old?, let new?): if old != new { modified.insert(path) }
        }
    }

    private mutating func compareMaps(_ old: Value?, _ new: Value?, _ shape: MergeShape, _ path: [PathElement]) {
        let left = old?.object ?? [:]
        let right = new?.object ?? [:]
        for member in left {
            let element = PathElement.field(member.key)
            compare(member.value, right[member.key], shape.below(element), path + [element])
        }
        for member in right where left[member.key] == nil {
            let element = PathElement.field(member.key)
            compare(nil, member.value, shape.below(element), path + [element])
        }
    }

    private mutating func compareLists(
        _ old: Value?, _ new: Value?, _ shape: MergeShape, _ merge: ListMerge, _ path: [PathElement]
    ) {
        let left = index(old, shape, merge)
        let right = index(new, shape, merge)
        for element in Set(left.keys).union(right.keys) {
            let lefts = left[element] ?? []
            let rights = right[element] ?? []
            let inner = shape.below(element)
            switch (lefts.count, rights.count) {
            case (0...1, 0...1): compare(lefts.first, rights.first, inner, path + [element])
            // Elements that come twice are owned as one.
            case (2..., 2...): if lefts != rights { modified.insert(path + [element]) }
            case (2..., _):
                if let right = rights.first { compare(nil, right, inner, path + [element]) }
                removed.insert(path + [element])
            default:
                if let left = lefts.first { compare(left, nil, inner, path + [element]) }
                added.insert(path + [element])
            }
        }
    }

    private func index(_ list: Value?, _ shape: MergeShape, _ merge: ListMerge) -> [PathElement: [Value]] {
        var result: [PathElement: [Value]] = [:]
        for item in list?.array ?? [] {
            if let element = shape.element(of: item, merge) { result[element, default: []].append(item) }
        }
        return result
    }
}
