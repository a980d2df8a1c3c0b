import Document

/// `reflect.DeepEqual`: types have to agree, and so has everything within.
struct DeepEquality {
    /// Two maps that were looked at, which count as equal when they meet again, as in Go: maps may hold themselves.
    private struct Pair: Hashable {
        let left: ObjectIdentifier
        let right: ObjectIdentifier
    }

    private var visited: Set<Pair> = []
    /// How many values within others one call of a function may compare: lists in lists have no end in practice.
    private static let most = 1 << 20
    private var left = most

    /// Whether two values are equal in all that they hold.
    mutating func areEqual(_ a: GoValue, _ b: GoValue) throws(CallFailure) -> Bool {
        visited.removeAll(keepingCapacity: true)
        let answer = equal(a, b)
        if left < 0 { throw .limit("more than \(DeepEquality.most) values within others are to be compared") }
        return answer
    }

    private mutating func equal(_ a: GoValue, _ b: GoValue) -> Bool {
        switch (a, b) {
        case (.invalid, .invalid), (.null, .null), (.invalid, .null), (.null, .invalid): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.int64(let left), .int64(let right)): left == right
        case (.uint8(let left), .uint8(let right)): left == right
        case (.uint64(let left), .uint64(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.complex(let r, let i), .complex(let s, let j)): r == s && i == j
        case (.string(let left), .string(let right)), (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)): lists(left, right)
        case (.map(let left), .map(let right)): maps(left, right)
        case (.object(let left), .object(let right)):
            left === right || left.typeName == right.typeName && left.text == right.text
        default: false
        }
    }

    private mutating func lists(_ a: GoList, _ b: GoList) -> Bool {
        guard a.type == b.type, a.isNil == b.isNil, a.elements.count == b.elements.count else { return false }
        left -= a.elements.count
        return left >= 0 && zip(a.elements, b.elements).allSatisfy { equal($0, $1) }
    }

    private mutating func maps(_ a: GoMap, _ b: GoMap) -> Bool {
        if a === b || !visited.insert(Pair(left: ObjectIdentifier(a), right: ObjectIdentifier(b))).inserted {
            return true
        }
        guard a.kind == b.kind, a.isNil == b.isNil, a.count == b.count else { return false }
        left -= a.count
        return left >= 0 && zip(a.entries, b.entries).allSatisfy { $0.key == $1.key && equal($0.value, $1.value) }
    }
}
