/// What the parameters of types stand for, as far as the types that were put together have told (cel-go's checker).
struct TypeMapping {
    private var bound: [String: CELType] = [:]
    private var count = 0

    /// A parameter of which nothing is known.
    mutating func fresh() -> CELType {
        count += 1
        return .parameter("_var\(count - 1)")
    }

    /// The type with what is known of its parameters.
    ///
    /// - Parameter isFinal: whether what nothing is known of is anything.
    func substitute(_ type: CELType, isFinal: Bool = false) -> CELType {
        switch type {
        case .parameter(let name):
            if let known = bound[name] { return substitute(known, isFinal: isFinal) }
            return isFinal ? .dyn : type
        default: return type.mapped { substitute($0, isFinal: isFinal) }
        }
    }

    /// Whether values of the types may stand for each other, one by one; if so the parameters are known that make them.
    mutating func accept(_ left: [CELType], _ right: [CELType]) -> Bool {
        var copy = self
        guard left.count == right.count else { return false }
        for (left, right) in zip(left, right) where !copy.unify(left, right) { return false }
        self = copy
        return true
    }

    private mutating func unify(_ left: CELType, _ right: CELType) -> Bool {
        if case .parameter(let name) = right {
            let isKnown = bound[name] != nil
            if bind(name, left) { return true }
            if isKnown { return false }
        }
        if case .parameter(let name) = left { return bind(name, right) }
        switch (left, right) {
        case (.dyn, _), (.error, _), (_, .dyn), (_, .error): return true
        case (.null, let other), (let other, .null): return other.isNullable
        case (.type, .type): return true
        case (.object(let left), .object(let right)): return left.name == right.name
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
            return unify(left, right)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return unify(key, otherKey) && unify(value, otherValue)
        default: return left.isScalar && left.isExactly(right)
        }
    }

    /// Whether the parameter may stand for the type, and for what it stands for already.
    private mutating func bind(_ name: String, _ type: CELType) -> Bool {
        if case .parameter(name) = type { return true }
        guard let known = bound[name] else {
            guard !mentions(name, type) else { return false }
            bound[name] = type
            return true
        }
        if type.isExactly(known) { return true }
        guard unify(type, known) else { return false }
        let general = type.isAsGeneral(as: known) ? type : known
        if !mentions(name, general) { bound[name] = general }
        return true
    }

    private func mentions(_ name: String, _ type: CELType) -> Bool {
        switch type {
        case .parameter(let other): other == name || (bound[other].map { mentions(name, $0) } ?? false)
        default: type.parts.contains { mentions(name, $0) }
        }
    }
}

extension CELType {
    /// The types of which it is made.
    var parts: [CELType] {
        switch self {
        case .list(let inner), .optional(let inner), .type(let inner?): [inner]
        case .map(let key, let value): [key, value]
        default: []
        }
    }

    func mapped(_ body: (CELType) -> CELType) -> CELType {
        switch self {
        case .list(let inner): .list(body(inner))
        case .optional(let inner): .optional(body(inner))
        case .type(let inner): .type(inner.map(body))
        case .map(let key, let value): .map(body(key), body(value))
        default: self
        }
    }

    /// Whether null may stand for a value of the type (cel-go's isLegacyNullable).
    var isNullable: Bool {
        switch self {
        case .dyn, .null, .timestamp, .duration, .object, .optional, .opaque, .error: true
        default: false
        }
    }

    fileprivate var isScalar: Bool {
        switch self {
        case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .opaque: true
        default: false
        }
    }

    /// Whether the two are one type, their parts too.
    func isExactly(_ other: CELType) -> Bool { name == other.name }

    /// Whether every value of the other type is one of this.
    func isAsGeneral(as other: CELType) -> Bool {
        switch (self, other) {
        case (.dyn, _), (.parameter, _): true
        case (_, .dyn), (_, .parameter): false
        case (.type, .type): true
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
            left.isAsGeneral(as: right)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            key.isAsGeneral(as: otherKey) && value.isAsGeneral(as: otherValue)
        default: isExactly(other)
        }
    }
}
