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
    /// Those that no macro has made.
    private let roots: [String: CELValue]
    private(set) var steps = 0
    private let limit: Int

    init(_ variables: [String: CELValue], limit: Int) {
        self.variables = variables
        roots = variables
        self.limit = limit
    }

    mutating func evaluate(_ expression: Expression) throws(CELError) -> CELValue {
        steps += 1
        guard steps <= limit else { throw .outOfBudget }
        switch expression.node {
        case .literal(let value): return value
        case .identifier(let name): return identifier(name)
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
        case .message: throw .noOverload
        case .list(let elements):
            return .list(try list(elements))
        case .map(let entries):
            var members: [(key: CELValue, value: CELValue)] = []
            for (key, value, isOptional) in entries {
                let (name, found) = (try evaluate(key), try evaluate(value))
                var member: CELValue? = found
                if isOptional, case .optional(let inner) = found { member = inner }
                guard let member else { continue }
                // The last of those with one key counts.
                members.removeAll { $0.key == name }
                members.append((name, member))
            }
            return .map(members)
        case .comprehension(let macro, let range, let names, let filter, let body):
            return try comprehension(Loop(macro: macro, names: names, filter: filter, body: body), over: range)
        }
    }

    /// A variable, or a type.
    private func identifier(_ name: String) -> CELValue {
        if let value = variables[name] { return value }
        guard name.hasPrefix(".") else { return .type(name) }
        let plain = String(name.dropFirst())
        return roots[plain] ?? .type(plain)
    }

    private mutating func list(
        _ elements: [(element: Expression, isOptional: Bool)]
    ) throws(CELError) -> [CELValue] {
        var list: [CELValue] = []
        for (element, isOptional) in elements {
            let value = try evaluate(element)
            guard isOptional else {
                list.append(value)
                continue
            }
            if case .optional(let inner?) = value { list.append(inner) }
        }
        return list
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
            guard let place = place(key) else {
                switch key {
                case .uint, .double: throw CELError("unsupported index value \(Self.shown(key)) in list")
                default: throw CELError("unsupported index type '\(key.typeName)' in list")
                }
            }
            found = place >= 0 && place < list.count ? list[Int(place)] : nil
            if found == nil, !isOptional { throw CELError("index out of bounds: \(place)") }
        // A type with dots in its name: the checker knows it.
        case (.type(let space), .string(let name)): found = .type("\(space).\(name)")
        case (.object, .string(let name)), (.map, .string(let name)): found = value.member(name)
        case (.map(let members), _): found = members.first { $0.key == key }?.value
        case (.object, _): throw .noOverload
        // What has no fields has not this one.
        default: found = nil
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
        Function.text(key) ?? key.typeName
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

    // MARK: Comprehensions

    private struct Loop {
        let macro: Expression.Macro
        let names: [String]
        let filter: Expression?
        let body: Expression
    }

    /// What each turn of the loop binds to its variables.
    private typealias Turn = [CELValue]

    private mutating func with(_ turn: Turn, _ loop: Loop, _ body: Expression) throws(CELError) -> CELValue {
        guard loop.names.count == 2 else { return try with(loop.names[0], turn[0], body) }
        let before = (variables[loop.names[0]], variables[loop.names[1]])
        variables[loop.names[0]] = turn[0]
        variables[loop.names[1]] = turn[1]
        defer { (variables[loop.names[0]], variables[loop.names[1]]) = before }
        return try evaluate(body)
    }

    private mutating func test(_ turn: Turn, _ loop: Loop, _ condition: Expression) throws(CELError) -> Bool {
        guard case .bool(let found) = try with(turn, loop, condition) else { throw .noOverload }
        return found
    }

    private static func turns(_ range: CELValue, _ loop: Loop) throws(CELError) -> [Turn] {
        if loop.names.count == 2 {
            if let members = range.members { return members.map { [$0.key, $0.value] } }
            guard let elements = range.elements else { throw .noOverload }
            return elements.enumerated().map { [.int(Int64($0.offset)), $0.element] }
        }
        guard let elements = range.elements else { throw .noOverload }
        return elements.map { [$0] }
    }

    private mutating func comprehension(_ loop: Loop, over range: Expression) throws(CELError) -> CELValue {
        let turns = try Self.turns(try evaluate(range), loop)
        switch loop.macro {
        case .all, .exists: return try quantify(turns, loop)
        case .existsOne:
            var count = 0
            for turn in turns where try test(turn, loop, loop.body) { count += 1 }
            return .bool(count == 1)
        case .filter:
            var kept: [CELValue] = []
            for turn in turns where try test(turn, loop, loop.body) { kept.append(turn[0]) }
            return .list(kept)
        case .map, .transformList: return .list(try made(turns, loop).map(\.value))
        case .transformMap: return .map(try made(turns, loop))
        case .transformMapEntry: return try merged(try made(turns, loop).map(\.value))
        case .sortBy:
            let keyed = try made(turns, loop)
            return .list(try Function.sorted(zip(keyed.map(\.value), turns.map { $0[0] }).map { ($0, $1) }))
        }
    }

    private mutating func quantify(_ turns: [Turn], _ loop: Loop) throws(CELError) -> CELValue {
        var failure: CELError?
        let deciding = loop.macro == .exists
        for turn in turns {
            do throws(CELError) {
                if try test(turn, loop, loop.body) == deciding { return .bool(deciding) }
            } catch {
                if error == .outOfBudget { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .bool(!deciding)
    }

    /// What the body makes of each turn that the filter lets through, under its first variable.
    private mutating func made(_ turns: [Turn], _ loop: Loop) throws(CELError) -> [(key: CELValue, value: CELValue)] {
        var made: [(key: CELValue, value: CELValue)] = []
        for turn in turns {
            if let filter = loop.filter, !(try test(turn, loop, filter)) { continue }
            made.append((turn[0], try with(turn, loop, loop.body)))
        }
        return made
    }

    private func merged(_ maps: [CELValue]) throws(CELError) -> CELValue {
        var all: [(key: CELValue, value: CELValue)] = []
        for map in maps {
            guard let members = map.members else { throw .noOverload }
            for member in members {
                if all.contains(where: { $0.key == member.key }) {
                    throw CELError("insert failed: key \(Self.shown(member.key)) already exists")
                }
                all.append(member)
            }
        }
        return .map(all)
    }
}
