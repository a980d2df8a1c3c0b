import Document

/// A set of fields: a trie of path elements, some of whose nodes are members.
struct FieldSet: Hashable, Sendable {
    struct Node: Hashable, Sendable {
        let element: PathElement
        var isMember = false
        var children = FieldSet()

        fileprivate var isEmpty: Bool { !isMember && children.isEmpty }
    }

    /// Sorted by their elements, each of which comes once: two sets are gone through side by side.
    private(set) var nodes: [Node] = []

    init() {}

    /// The set of these nodes in any order; of an element that comes twice the last one counts.
    init(unsorted nodes: [Node]) {
        self.nodes = nodes
        guard !zip(nodes, nodes.dropFirst()).allSatisfy({ $0.element < $1.element }) else { return }
        self.nodes.removeAll(keepingCapacity: true)
        for node in nodes.sorted(by: { $0.element < $1.element }) {
            if self.nodes.last?.element == node.element { self.nodes.removeLast() }
            self.nodes.append(node)
        }
    }

    var isEmpty: Bool { nodes.isEmpty }

    /// Whether the path of this one element is a member.
    func has(_ element: PathElement) -> Bool { node(element)?.isMember ?? false }

    /// What is below an element.
    func below(_ element: PathElement) -> FieldSet { node(element)?.children ?? FieldSet() }

    private func node(_ element: PathElement) -> Node? {
        let place = place(of: element)
        return place < nodes.count && nodes[place].element == element ? nodes[place] : nil
    }

    /// Where the element stands, or would be inserted.
    private func place(of element: PathElement) -> Int {
        var (low, high) = (0, nodes.count)
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle].element < element { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ path: some Collection<PathElement>) {
        guard let first = path.first else { return }
        let place = place(of: first)
        if place == nodes.count || nodes[place].element != first { nodes.insert(Node(element: first), at: place) }
        let rest = path.dropFirst()
        if rest.isEmpty { nodes[place].isMember = true } else { nodes[place].children.insert(rest) }
    }

    /// Puts an element that comes after all others into the set, unless there is nothing to say of it.
    mutating func append(_ element: PathElement, isMember: Bool, _ children: FieldSet) {
        append(Node(element: element, isMember: isMember, children: children))
    }

    private mutating func append(_ node: Node) {
        if !node.isEmpty { nodes.append(node) }
    }

    func union(_ other: FieldSet) -> FieldSet {
        if isEmpty { return other }
        if other.isEmpty { return self }
        var result = FieldSet()
        result.nodes.reserveCapacity(max(nodes.count, other.nodes.count))
        var rest = other.nodes[...]
        for node in nodes {
            while let first = rest.first, first.element < node.element { result.append(rest.removeFirst()) }
            if let theirs = rest.first, theirs.element == node.element {
                rest.removeFirst()
                result.append(
                    node.element, isMember: node.isMember || theirs.isMember, node.children.union(theirs.children))
            } else {
                result.append(node)
            }
        }
        result.nodes += rest
        return result
    }

    /// The members that are not members of `other`.
    func subtracting(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        return beside(other) { node, theirs, result in
            guard let theirs else { return result.append(node) }
            let children = node.children.subtracting(theirs.children)
            result.append(node.element, isMember: node.isMember && !theirs.isMember, children)
        }
    }

    /// The members that are also members of `other`.
    func intersection(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return other }
        return beside(other) { node, theirs, result in
            guard let theirs else { return }
            let children = node.children.intersection(theirs.children)
            result.append(node.element, isMember: node.isMember && theirs.isMember, children)
        }
    }

    /// The set without the members of `other` and everything below them.
    func subtractingTrees(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        return beside(other) { node, theirs, result in
            guard let theirs else { return result.append(node) }
            if theirs.isMember { return }
            result.append(node.element, isMember: node.isMember, node.children.subtractingTrees(theirs.children))
        }
    }

    /// Goes through the nodes with those of `other` that have the same elements.
    private func beside(_ other: FieldSet, _ visit: (Node, Node?, inout FieldSet) -> Void) -> FieldSet {
        var result = FieldSet()
        var rest = other.nodes[...]
        for node in nodes {
            while let first = rest.first, first.element < node.element { rest.removeFirst() }
            visit(node, rest.first.flatMap { $0.element == node.element ? $0 : nil }, &result)
        }
        return result
    }

    /// Also with the declared fields on the way to a member (structured-merge-diff's EnsureNamedFieldsAreMembers).
    func withNamedFields(of shape: MergeShape) -> FieldSet {
        var result = self
        for (index, node) in nodes.enumerated() {
            if case .field(let name) = node.element, !node.children.isEmpty, shape.declares(name) {
                result.nodes[index].isMember = true
            }
            result.nodes[index].children = node.children.withNamedFields(of: shape.below(node.element))
        }
        return result
    }

    /// The paths of all members, in the order in which upstream iterates them.
    var paths: [[PathElement]] {
        nodes.flatMap { node in
            (node.isMember ? [[node.element]] : []) + node.children.paths.map { [node.element] + $0 }
        }
    }
}
