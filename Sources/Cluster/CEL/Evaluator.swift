import Document

/// How much evaluation may still cost: about a unit for each step (Kubernetes documentation, "CEL", resource constraints).
public struct CELBudget: Sendable {
    /// What is left for one object.
    public var total: Int
    /// What one expression may cost.
    public var single: Int

    /// Upstream's limits of CRD rules.
    public static let customResource = CELBudget(total: 10_000_000, single: 1_000_000)
}

/// Evaluates an expression.
struct Evaluator {
    private var variables: [String: CELValue]
    private(set) var steps = 0
    private let limit: Int

    init(_ variables: [String: CELValue], limit: Int) {
        self.variables = variables
        self.limit = limit
    }

    mutating func evaluate(_ expression: Expression) throws(CELError) -> CELValue {
        steps += 1
        guard steps <= limit else { throw .outOfBudget }
        switch expression.node {
        case .literal(let value): return value
        case .identifier(let name): return variables[name] ?? .type(name)
        case .select(let operand, let field, let isOptional):
            return try select(try evaluate(operand), .string(field), isOptional: isOptional)
        case .presence(let operand, let field):
            let value = try evaluate(operand)
            if case .optional(let inner) = value { return .bool(inner?.member(field) != nil) }
            return .bool(value.member(field) != nil)
        case .index(let operand, let index, let isOptional):
            let value = try evaluate(operand)
            return try select(value, try evaluate(index), isOptional: isOptional)
        case .call(let name, let target, let arguments): return try call(name, target, arguments)
        case .list(let elements):
            var list: [CELValue] = []
            for (element, isOptional) in elements {
                let value = try evaluate(element)
                guard isOptional else {
                    list.append(value)
                    continue
                }
                if case .optional(let inner?) = value { list.append(inner) }
            }
            return .list(list)
        case .map(let entries):
            var members: [(key: CELValue, value: CELValue)] = []
            for (key, value, isOptional) in entries {
                let (name, found) = (try evaluate(key), try evaluate(value))
                if members.contains(where: { $0.key == name }) { throw CELError("Failed with repeated key") }
                if !isOptional { members.append((name, found)) }
                if isOptional, case .optional(let inner?) = found { members.append((name, inner)) }
            }
            return .map(members)
        case .comprehension(let macro, let range, let variable, let filter, let body):
            return try comprehension(macro, range, variable, filter, body)
        }
    }

    /// A field, the value under a key, or the element at a place.
    private func select(_ value: CELValue, _ key: CELValue, isOptional: Bool) throws(CELError) -> CELValue {
        if case .optional(let inner) = value {
            guard let inner else { return .optional(nil) }
            return try select(inner, key, isOptional: true)
        }
        let found: CELValue?
        switch (value, key) {
        case (.list(let list), _), (.associated(let list, _), _):
            guard let place = place(key) else { throw .noOverload }
            found = place >= 0 && place < list.count ? list[Int(place)] : nil
            if found == nil, !isOptional { throw CELError("index out of bounds: \(place)") }
        case (_, .string(let name)) where value.members != nil: found = value.member(name)
        case (.map(let members), _): found = members.first { $0.key == key }?.value
        default: throw .noOverload
        }
        if isOptional { return .optional(found) }
        guard let found else { throw CELError("no such key: \(Self.shown(key))") }
        return found
    }

    private func place(_ key: CELValue) -> Int64? {
        switch key {
        case .int(let place): place
        case .uint(let place): Int64(exactly: place)
        case .double(let place): Int64(exactly: place)
        default: nil
        }
    }

    private static func shown(_ key: CELValue) -> String {
        if case .string(let text) = key { return text }
        if case .int(let int) = key { return String(int) }
        return "\(key)"
    }

    // MARK: Calls

    private mutating func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression]
    ) throws(CELError) -> CELValue {
        switch name {
        case "_&&_": return try decide(arguments, by: false)
        case "_||_": return try decide(arguments, by: true)
        case "_?_:_":
            guard case .bool(let isTrue) = try evaluate(arguments[0]) else { throw .noOverload }
            return try evaluate(arguments[isTrue ? 1 : 2])
        case "_==_": return .bool(try evaluate(arguments[0]) == (try evaluate(arguments[1])))
        case "_!=_": return .bool(try evaluate(arguments[0]) != (try evaluate(arguments[1])))
        default: break
        }
        if let target, case .identifier(let space) = target.node, variables[space] == nil,
            Function.all["\(space).\(name)"] != nil
        {
            return try call("\(space).\(name)", nil, arguments)
        }
        var values: [CELValue] = []
        if let target { values.append(try evaluate(target)) }
        if name == "optMap" || name == "optFlatMap" { return try optional(name, values, arguments) }
        for argument in arguments { values.append(try evaluate(argument)) }
        for value in values { steps += Self.weight(value) }
        guard steps <= limit else { throw .outOfBudget }
        return try Function.apply(name, values, hasTarget: target != nil)
    }

    /// What it costs to go through a value.
    private static func weight(_ value: CELValue) -> Int {
        switch value {
        case .string(let text): text.utf8.count / 10
        case .list(let list), .associated(let list, _): list.count / 10
        default: 0
        }
    }

    /// `&&` and `||` are decided by either side, whatever the other is or fails with.
    private mutating func decide(_ sides: [Expression], by deciding: Bool) throws(CELError) -> CELValue {
        var failure: CELError?
        for side in sides {
            do throws(CELError) {
                guard case .bool(let value) = try evaluate(side) else { throw .noOverload }
                if value == deciding { return .bool(deciding) }
            } catch {
                if error == .outOfBudget { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .bool(!deciding)
    }

    private mutating func optional(
        _ name: String, _ values: [CELValue], _ arguments: [Expression]
    ) throws(CELError) -> CELValue {
        guard case .optional(let inner)? = values.first, arguments.count == 2,
            case .identifier(let variable) = arguments[0].node
        else { throw .noOverload }
        guard let inner else { return .optional(nil) }
        let found = try with(variable, inner, arguments[1])
        return name == "optMap" ? .optional(found) : found
    }

    private mutating func with(
        _ variable: String, _ value: CELValue, _ body: Expression
    ) throws(CELError) -> CELValue {
        let before = variables[variable]
        variables[variable] = value
        defer { variables[variable] = before }
        return try evaluate(body)
    }

    private mutating func test(
        _ variable: String, _ value: CELValue, _ body: Expression
    ) throws(CELError) -> Bool {
        guard case .bool(let found) = try with(variable, value, body) else { throw .noOverload }
        return found
    }

    private mutating func comprehension(
        _ macro: Expression.Macro, _ range: Expression, _ variable: String, _ filter: Expression?, _ body: Expression
    ) throws(CELError) -> CELValue {
        guard let elements = try evaluate(range).elements else { throw .noOverload }
        switch macro {
        case .all, .exists:
            var failure: CELError?
            let deciding = macro == .exists
            for element in elements {
                do throws(CELError) {
                    if try test(variable, element, body) == deciding { return .bool(deciding) }
                } catch {
                    if error == .outOfBudget { throw error }
                    failure = failure ?? error
                }
            }
            if let failure { throw failure }
            return .bool(!deciding)
        case .existsOne:
            var count = 0
            for element in elements where try test(variable, element, body) { count += 1 }
            return .bool(count == 1)
        case .filter:
            var kept: [CELValue] = []
            for element in elements where try test(variable, element, body) { kept.append(element) }
            return .list(kept)
        case .map:
            var made: [CELValue] = []
            for element in elements {
                if let filter, !(try test(variable, element, filter)) { continue }
                made.append(try with(variable, element, body))
            }
            return .list(made)
        }
    }
}
