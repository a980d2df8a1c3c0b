/// Estimates what an expression may cost before there is anything to evaluate it on, by the rules of cel-go's estimator:
/// upstream refuses definitions by its figures.
struct CostEstimator {
    /// What is known of a part of the expression.
    struct Estimate {
        var cost: CostRange
        /// Where its value stands: a variable, then fields, `@items`, `@values`, `@keys`; empty where it is made.
        var path: [String] = []
        /// How big its value is, where that does not follow from its path or type.
        var size: CostRange?
        /// How big the elements of the list that it makes are, or the keys and values of its map.
        var inner: Inner?
        var type: CELType = .dyn
        /// The number that is written there.
        var literal: UInt64?
    }

    struct Inner {
        var key: CostRange
        var value: CostRange

        func union(_ other: Inner) -> Inner { Inner(key: key.union(other.key), value: value.union(other.value)) }
    }

    /// What going through a character of a text costs.
    static let perCharacter = 0.1

    private let root: DeclaredSize
    private let types: [Int: CELType]
    private var locals: [String: Estimate] = [:]

    /// - Parameter types: of the parts of the expression, by their numbers.
    init(_ root: DeclaredSize, _ types: [Int: CELType]) {
        self.root = root
        self.types = types
    }

    func estimate(_ expression: Expression) -> Estimate {
        var estimate = costed(expression)
        estimate.type = types[expression.number] ?? .dyn
        estimate.size = estimate.size ?? size(at: estimate.path) ?? (Self.isScalar(estimate.type) ? CostRange(1) : nil)
        if estimate.size == nil, case .identifier(let name) = expression.node { estimate.size = locals[name]?.size }
        return estimate
    }

    /// How big the value at a path may be by its schema.
    func size(at path: [String]) -> CostRange? {
        guard !path.isEmpty, let declared = root.at(path.dropFirst()) else { return nil }
        return CostRange(least: 0, most: UInt64(declared.most))
    }

    private static func isScalar(_ type: CELType) -> Bool {
        switch type {
        case .bool, .int, .uint, .double, .duration, .timestamp: true
        case .optional(let inner): isScalar(inner)
        default: false
        }
    }

    private func costed(_ expression: Expression) -> Estimate {
        switch expression.node {
        case .literal(let value):
            var estimate = Estimate(cost: CostRange(0), size: Self.size(of: value))
            if case .int(let number) = value { estimate.literal = UInt64(exactly: number) }
            return estimate
        case .identifier(let name):
            guard let local = locals[name] else { return Estimate(cost: CostRange(1), path: [name]) }
            return Estimate(cost: CostRange(1), path: local.path, inner: local.inner)
        // A type with dots in its name.
        case .select(let operand, _, false) where types[operand.number] == nil:
            return Estimate(cost: CostRange(1), path: [expression.dotted ?? ""])
        case .select(let operand, let field, let isOptional): return select(estimate(operand), field, isOptional)
        case .presence(let operand, _): return Estimate(cost: estimate(operand).cost)
        case .index(let operand, let index, let isOptional):
            return self.index(estimate(operand), estimate(index), isOptional)
        case .list(let elements): return list(elements.map { estimate($0.element) })
        case .message: return Estimate(cost: CostRange(0))
        case .map(let entries): return map(entries.map { (estimate($0.key), estimate($0.value)) })
        case .call(let name, let target, let arguments): return call(name, target, arguments)
        case .comprehension(let macro, let range, let names, let filter, let body):
            return comprehension(macro, estimate(range), names, filter, body)
        }
    }

    private static func size(of literal: CELValue) -> CostRange? {
        switch literal {
        case .string(let text): CostRange(UInt64(text.unicodeScalars.count))
        case .bytes(let bytes): CostRange(UInt64(bytes.count))
        case .bool, .double, .int, .uint, .null: CostRange(1)
        default: nil
        }
    }

    private func select(_ operand: Estimate, _ field: String, _ isOptional: Bool) -> Estimate {
        if isOptional { return Estimate(cost: operand.cost + CostRange(1)) }
        var cost = operand.cost
        switch operand.type {
        case .map, .object: cost = cost + CostRange(1)
        default: break
        }
        return Estimate(cost: cost, path: operand.path + [field])
    }

    private func index(_ operand: Estimate, _ index: Estimate, _ isOptional: Bool) -> Estimate {
        let cost = operand.cost + index.cost + CostRange(1)
        if isOptional { return Estimate(cost: cost) }
        let part: String
        if case .list = operand.type { part = "@items" } else { part = "@values" }
        return Estimate(cost: cost, path: operand.path + [part], size: operand.inner?.value)
    }

    private func list(_ elements: [Estimate]) -> Estimate {
        let cost = elements.reduce(CostRange(10)) { $0 + $1.cost }
        let inner = Inner(key: CostRange(1), value: Self.union(elements))
        return Estimate(cost: cost, size: CostRange(UInt64(elements.count)), inner: inner)
    }

    private func map(_ entries: [(key: Estimate, value: Estimate)]) -> Estimate {
        let cost = entries.reduce(CostRange(30)) { $0 + $1.key.cost + $1.value.cost }
        let inner = Inner(key: Self.union(entries.map(\.key)), value: Self.union(entries.map(\.value)))
        return Estimate(cost: cost, size: CostRange(UInt64(entries.count)), inner: inner)
    }

    private static func union(_ values: [Estimate]) -> CostRange {
        let sizes = values.map { $0.size ?? .unknown }
        return sizes.dropFirst().reduce(sizes.first ?? CostRange(0)) { $0.union($1) }
    }

    // MARK: Calls

    private func call(_ name: String, _ target: Expression?, _ arguments: [Expression]) -> Estimate {
        if let target, case .identifier(let space) = target.node, locals[space] == nil,
            types[target.number] == nil
        {
            // A function of a library: `sets.contains(a, b)`.
            return FunctionCost("\(space).\(name)", nil, arguments.map { estimate($0) }, self).estimate
        }
        if let target, name == "optMap" || name == "optFlatMap" { return optional(name, estimate(target), arguments) }
        return FunctionCost(name, target.map { estimate($0) }, arguments.map { estimate($0) }, self).estimate
    }

    /// `x.optMap(v, body)` stands for `x.hasValue() ? optional.of(v made of x.value(), body) : optional.none()`.
    private func optional(_ name: String, _ target: Estimate, _ arguments: [Expression]) -> Estimate {
        guard arguments.count == 2, case .identifier(let variable) = arguments[0].node else {
            return Estimate(cost: target.cost)
        }
        var inner = self
        inner.locals[variable] = Estimate(cost: CostRange(1))
        let asks = target.cost + CostRange(1)
        // A variable is bound by going through an empty list.
        var some = CostRange(10) + asks + inner.estimate(arguments[1]).cost
        if name == "optMap" { some = some + CostRange(1) }
        return Estimate(cost: asks + some.union(CostRange(1)))
    }

    // MARK: Comprehensions

    private func comprehension(
        _ macro: Expression.Macro, _ range: Estimate, _ names: [String], _ filter: Expression?, _ body: Expression
    ) -> Estimate {
        var inner = self
        let element = Self.element(of: range)
        inner.locals[names[0]] = names.count == 2 ? Self.key(of: range) : element
        if names.count == 2 { inner.locals[names[1]] = Self.value(of: range) }
        let body = inner.estimate(body)
        let filter = filter.map { inner.estimate($0).cost }
        let count = range.size ?? .unknown
        let one = CostRange(1)
        func looped(_ start: UInt64, _ step: CostRange, _ end: UInt64) -> CostRange {
            range.cost + CostRange(start) + count * step + CostRange(end)
        }
        switch macro {
        // Whether to go on is asked at each step, `exists` with one more negation.
        case .all, .exists:
            let step = CostRange(least: 1, most: (one + body.cost).most) + CostRange(macro == .all ? 2 : 3)
            return Estimate(cost: looped(0, step, 1), size: one)
        case .existsOne:
            return Estimate(cost: looped(0, body.cost + CostRange(least: 1, most: 2), 2), size: one)
        case .filter:
            let size = self.size(at: element.path) ?? element.size ?? CostRange.unknown
            return Estimate(
                cost: looped(10, body.cost + CostRange(least: 1, most: 13), 1), size: count,
                inner: Inner(key: one, value: size.union(CostRange(0))))
        case .transformMap, .transformMapEntry:
            // Each turn inserts into a map.
            let made = CostRange(macro == .transformMap ? 3 : 2) + body.cost
            return Estimate(cost: looped(30, filter.map { $0 + made.union(one) } ?? made, 1), size: count)
        case .sortBy:
            let keys = looped(10, CostRange(12) + body.cost, 1)
            return Estimate(
                cost: keys + CostRange(12) + FunctionCost.sorting(count, isText: body.isText), size: count,
                inner: range.inner)
        case .map, .transformList:
            let made = CostRange(12) + body.cost
            let step = filter.map { $0 + made.union(one) } ?? made
            let value = (body.size ?? .unknown).union(CostRange(0))
            return Estimate(cost: looped(10, step, 1), size: count, inner: Inner(key: one, value: value))
        }
    }

    private static func key(of range: Estimate) -> Estimate {
        if case .list = range.type { return Estimate(cost: CostRange(1), size: CostRange(1)) }
        return Estimate(cost: CostRange(1), path: range.path + ["@keys"], size: range.inner?.key)
    }

    private static func value(of range: Estimate) -> Estimate {
        if case .list = range.type { return element(of: range) }
        return Estimate(cost: CostRange(1), path: range.path + ["@values"], size: range.inner?.value)
    }

    /// The variable of a comprehension: an element of a list, or a key of a map.
    private static func element(of range: Estimate) -> Estimate {
        if case .list = range.type {
            return Estimate(cost: CostRange(1), path: range.path + ["@items"], size: range.inner?.value)
        }
        return Estimate(cost: CostRange(1), path: range.path + ["@keys"], size: range.inner?.key)
    }
}

extension CostEstimator.Estimate {
    var isText: Bool {
        switch type {
        case .string, .bytes: true
        default: false
        }
    }
}
