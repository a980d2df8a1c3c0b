import Document

/// One step of a path in a field set, as structured-merge-diff has them.
enum PathElement: Hashable, Sendable {
    /// `f:name`
    case field(Text)
    /// `k:{"name":"a"}`: the element of a list with these key fields.
    case key(Object)
    /// `v:"x"`: the element of a set with this value.
    case value(Value)
    /// `i:3`
    case index(Int)
}

/// A set of fields: a trie of path elements, some of whose nodes are members.
struct FieldSet: Hashable, Sendable {
    struct Node: Hashable, Sendable {
        var isMember = false
        var children = FieldSet()
    }

    var nodes: [PathElement: Node] = [:]

    var isEmpty: Bool { nodes.isEmpty }

    /// Whether the path of this one element is a member.
    func has(_ element: PathElement) -> Bool { nodes[element]?.isMember ?? false }

    /// What is below an element.
    func below(_ element: PathElement) -> FieldSet { nodes[element]?.children ?? FieldSet() }

    mutating func insert(_ path: some Collection<PathElement>) {
        guard let first = path.first else { return }
        let rest = path.dropFirst()
        if rest.isEmpty {
            nodes[first, default: Node()].isMember = true
        } else {
            nodes[first, default: Node()].children.insert(rest)
        }
    }

    func union(_ other: FieldSet) -> FieldSet {
        if isEmpty { return other }
        if other.isEmpty { return self }
        return FieldSet(
            nodes: nodes.merging(other.nodes) { left, right in
                Node(isMember: left.isMember || right.isMember, children: left.children.union(right.children))
            })
    }

    /// The members that are not members of `other`.
    func subtracting(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        return combined { element, node in
            guard let theirs = other.nodes[element] else { return node }
            return Node(
                isMember: node.isMember && !theirs.isMember, children: node.children.subtracting(theirs.children))
        }
    }

    /// The members that are also members of `other`.
    func intersection(_ other: FieldSet) -> FieldSet {
        combined { element, node in
            guard let theirs = other.nodes[element] else { return Node() }
            return Node(
                isMember: node.isMember && theirs.isMember, children: node.children.intersection(theirs.children))
        }
    }

    /// The set without the members of `other` and everything below them.
    func subtractingTrees(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        return combined { element, node in
            guard let theirs = other.nodes[element] else { return node }
            if theirs.isMember { return Node() }
            return Node(isMember: node.isMember, children: node.children.subtractingTrees(theirs.children))
        }
    }

    private func combined(_ change: (PathElement, Node) -> Node) -> FieldSet {
        var result = FieldSet()
        for (element, node) in nodes {
            let changed = change(element, node)
            if changed.isMember || !changed.children.isEmpty { result.nodes[element] = changed }
        }
        return result
    }

    /// Also with the declared fields on the way to a member (structured-merge-diff's EnsureNamedFieldsAreMembers).
    func withNamedFields(of shape: MergeShape) -> FieldSet {
        var result = FieldSet()
        for (element, node) in nodes {
            var changed = node
            if case .field(let name) = element, !node.children.isEmpty, shape.declares(name) { changed.isMember = true }
            changed.children = node.children.withNamedFields(of: shape.below(element))
            result.nodes[element] = changed
        }
        return result
    }

    /// The paths of all members, sorted as upstream iterates them.
    var paths: [[PathElement]] {
        nodes.sorted { $0.key.serialized < $1.key.serialized }.flatMap { element, node in
            (node.isMember ? [[element]] : []) + node.children.paths.map { [element] + $0 }
        }
    }
}
