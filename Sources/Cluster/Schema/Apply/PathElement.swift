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

extension PathElement: Comparable {
    /// structured-merge-diff's PathElement.Less.
    static func < (left: PathElement, right: PathElement) -> Bool { left.compare(right) < 0 }

    /// Negative where this element comes before the other, positive where it comes after it.
    func compare(_ other: PathElement) -> Int {
        switch (self, other) {
        case (.field(let left), .field(let right)): left.compare(right)
        case (.key(let left), .key(let right)): Value.object(left).order(Value.object(right))
        case (.value(let left), .value(let right)): left.order(right)
        case (.index(let left), .index(let right)): left - right
        default: rank - other.rank
        }
    }

    private var rank: Int {
        switch self {
        case .field: 0
        case .key: 1
        case .value: 2
        case .index: 3
        }
    }
}

extension Value {
    /// structured-merge-diff's value.Compare: numbers before texts, before booleans, lists, maps and null.
    fileprivate func order(_ other: Value) -> Int {
        switch (self, other) {
        case (.string(let left), .string(let right)): left.compare(right)
        case (.number(let left), .number(let right)): left.order(right)
        case (.bool(let left), .bool(let right)): (left ? 1 : 0) - (right ? 1 : 0)
        case (.array(let left), .array(let right)):
            zip(left, right).lazy.map { $0.order($1) }.first { $0 != 0 } ?? left.count - right.count
        case (.object(let left), .object(let right)):
            zip(left, right).lazy.map { $0.order($1) }.first { $0 != 0 } ?? left.count - right.count
        default: rank - other.rank
        }
    }

    private var rank: Int {
        switch self {
        case .number: 0
        case .string: 1
        case .bool: 2
        case .array: 3
        case .object: 4
        case .null: 5
        }
    }
}

extension Object.Member {
    fileprivate func order(_ other: Object.Member) -> Int {
        let keys = key.compare(other.key)
        return keys != 0 ? keys : value.order(other.value)
    }
}

extension Number {
    /// By value; numbers that are equal but written in two ways are told apart by their literals, as `==` does.
    fileprivate func order(_ other: Number) -> Int {
        if let left = int64, let right = other.int64, left != right { return left < right ? -1 : 1 }
        if double != other.double { return double < other.double ? -1 : 1 }
        return literal.compare(other.literal)
    }
}
