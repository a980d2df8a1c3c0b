import Document

extension Function {
    /// The comparisons of text/template.
    static let comparisons: [Function] = [
        Function(variadic: "eq", .reflected, .reflected) { arguments throws(CallFailure) in
            .bool(try Comparison.equal(arguments[0], arguments.dropFirst()))
        },
        Function("ne", .reflected, .reflected) { arguments throws(CallFailure) in
            .bool(try !Comparison.equal(arguments[0], arguments.dropFirst()))
        },
        Function("lt", .reflected, .reflected) { arguments throws(CallFailure) in
            .bool(try Comparison.less(arguments[0], arguments[1]))
        },
        Function("le", .reflected, .reflected) { arguments throws(CallFailure) in
            .bool(try Comparison.lessOrEqual(arguments[0], arguments[1]))
        },
        Function("gt", .reflected, .reflected) { arguments throws(CallFailure) in
            .bool(try !Comparison.lessOrEqual(arguments[0], arguments[1]))
        },
        Function("ge", .reflected, .reflected) { arguments throws(CallFailure) in
            .bool(try !Comparison.less(arguments[0], arguments[1]))
        },
    ]
}

/// The comparison rules of text/template: kinds have to agree, but for the signs of integers.
enum Comparison {
    private enum Kind { case bool, complex, int, float, string, uint, none }

    private static func kind(_ value: GoValue) -> Kind {
        switch value {
        case .bool: .bool
        case .int, .int64: .int
        case .uint8, .uint64: .uint
        case .float: .float
        case .complex: .complex
        case .string: .string
        default: .none
        }
    }

    static func equal(_ first: GoValue, _ others: ArraySlice<GoValue>) throws(CallFailure) -> Bool {
        if others.isEmpty { throw .text("missing argument for comparison") }
        for other in others where try isEqual(first, other) { return true }
        return false
    }

    private static func isEqual(_ a: GoValue, _ b: GoValue) throws(CallFailure) -> Bool {
        switch (kind(a), kind(b)) {
        case (.int, .uint), (.uint, .int), (.int, .int), (.uint, .uint):
            return a.integer == b.integer && (a.integer != nil || bits(a) == bits(b))
        case (.none, .none): return try areSame(a, b)
        case (let left, let right) where left != right:
            if a.isNil || b.isNil { return false }
            throw mismatch(a, b)
        default: return basicEqual(a, b)
        }
    }

    private static func bits(_ value: GoValue) -> UInt64? {
        if case .uint64(let int) = value { int } else { nil }
    }

    private static func basicEqual(_ a: GoValue, _ b: GoValue) -> Bool {
        switch (a, b) {
        case (.bool(let left), .bool(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.complex(let r, let i), .complex(let s, let j)): r == s && i == j
        default: false
        }
    }

    private static func mismatch(_ a: GoValue, _ b: GoValue) -> CallFailure {
        .text("incompatible types for comparison: \(a.typeName) and \(b.typeName)")
    }

    /// Values of no basic kind: nil equals nil, pointers and structs compare, maps and slices do not.
    private static func areSame(_ a: GoValue, _ b: GoValue) throws(CallFailure) -> Bool {
        try checkExtent(a)
        try checkExtent(b)
        if !a.isNil, !b.isNil, a.kindName != b.kindName {
            let words = GoFormat.sprintf("non-comparable types %s: ", [a]).string
            throw .text("\(words)\(a.typeName), \(b.typeName): \(GoFormat.text(b).string)")
        }
        if isNil(a) || isNil(b) { return isNil(a) == isNil(b) }
        if case .object(let left) = a, case .object(let right) = b, left.underlying == nil {
            return left === right
                || left.kindName == "struct" && left.typeName == right.typeName
                    && left.text == right.text
        }
        throw .text(GoFormat.sprintf("non-comparable type %s: ", [b]).string + b.typeName)
    }

    /// The errors print what they refuse.
    private static func checkExtent(_ value: GoValue) throws(CallFailure) {
        var extent = Extent(most: 1 << 20)
        try extent.add(value)
    }

    private static func isNil(_ value: GoValue) -> Bool {
        switch value {
        case .list(let list): list.isNil
        case .map(let map): map.isNil
        default: value.isNil
        }
    }

    static func less(_ a: GoValue, _ b: GoValue) throws(CallFailure) -> Bool {
        let (left, right) = (kind(a), kind(b))
        if left == .none || right == .none { throw .text("invalid type for comparison") }
        switch (a, b) {
        case (.float(let left), .float(let right)): return left < right
        case (.string(let left), .string(let right)): return left < right
        default: break
        }
        if left == .int || left == .uint, right == .int || right == .uint { return lessInteger(a, b) }
        throw left == right ? .text("invalid type for comparison") : mismatch(a, b)
    }

    private static func lessInteger(_ a: GoValue, _ b: GoValue) -> Bool {
        switch (a.integer, b.integer) {
        case (let left?, let right?): left < right
        case (_?, nil): true  // what fits no int64 is larger
        case (nil, _?): false
        case (nil, nil): (bits(a) ?? 0) < (bits(b) ?? 0)
        }
    }

    static func lessOrEqual(_ a: GoValue, _ b: GoValue) throws(CallFailure) -> Bool {
        if try less(a, b) { return true }
        return try isEqual(a, b)
    }
}
