/// Finds what type an expression has, and what in it cannot be (cel-spec, "Gradual Type Checking").
struct Checker {
    /// The types that were found, by the number of the part.
    final class Notes {
        fileprivate(set) var types: [Int: CELType] = [:]
    }

    private var variables: [String: CELType]
    private let notes: Notes?
    /// Whether the elements of a list that is written down may be of different types: what a text is formatted with.
    private var mixes = false

    init(_ variables: [String: CELType], notes: Notes? = nil) {
        self.variables = variables
        self.notes = notes
    }

    func check(_ expression: Expression) throws(CELFault) -> CELType {
        let type = try type(of: expression)
        notes?.types[expression.number] = type
        return type
    }

    private func type(of expression: Expression) throws(CELFault) -> CELType {
        func fault(_ message: String) -> CELFault { CELFault(offset: expression.offset, message: message) }
        switch expression.node {
        case .literal(let value): return Self.type(of: value)
        case .identifier(let name):
            if let type = variables[name] { return type }
            if CELType.names.contains(name) { return .type }
            throw fault("undeclared reference to '\(name)' (in container '')")
        case .select(let operand, let field, let isOptional):
            if let name = expression.dotted, isTypeName(name) { return .type }
            let type = try select(field, of: try check(operand), expression)
            guard isOptional else { return type }
            if case .optional = type { return type }
            return .optional(type)
        case .presence(let operand, let field):
            _ = try select(field, of: try check(operand), expression)
            return .bool
        case .index(let operand, let index, let isOptional):
            return try self.index(operand, index, isOptional, expression)
        case .call(let name, let target, let arguments): return try call(name, target, arguments, expression)
        case .list(let elements): return try list(elements)
        case .map(let entries): return try map(entries)
        case .comprehension(let macro, let range, let variables, let filter, let body):
            return try comprehension(macro, range, variables, filter, body)
        }
    }

    private func list(_ elements: [(element: Expression, isOptional: Bool)]) throws(CELFault) -> CELType {
        var common: CELType?
        for (element, isOptional) in elements {
            var type = try check(element)
            if isOptional, case .optional(let inner) = type { type = inner }
            try checkAlike(common, type, element)
            common = Self.common(common, type)
        }
        return .list(common ?? .dyn)
    }

    private func map(
        _ entries: [(key: Expression, value: Expression, isOptional: Bool)]
    ) throws(CELFault) -> CELType {
        var (key, value): (CELType?, CELType?) = (nil, nil)
        for entry in entries {
            let (left, right) = (try check(entry.key), try check(entry.value))
            try checkAlike(key, left, entry.key)
            try checkAlike(value, right, entry.value)
            (key, value) = (Self.common(key, left), Self.common(value, right))
        }
        return .map(key ?? .dyn, value ?? .dyn)
    }

    /// Lists and maps that are written down hold values of one type (cel-go's ValidateHomogeneousAggregateLiterals).
    private func checkAlike(_ known: CELType?, _ type: CELType, _ part: Expression) throws(CELFault) {
        guard !mixes, let known, known.name != type.name, !known.name.contains("dyn"), !type.name.contains("dyn") else {
            return
        }
        throw CELFault(offset: part.offset, message: "expected type '\(known.name)' but found '\(type.name)'")
    }

    /// What is written down can be read before anything is evaluated (cel-go's ValidateDurationLiterals and its kin).
    private func checkLiteral(_ name: String, _ arguments: [Expression]) throws(CELFault) {
        guard let argument = arguments.last, case .literal(.string(let text)) = argument.node else { return }
        let isRight: Bool
        switch name {
        case "duration": isRight = CELTime.duration(text) != nil
        case "timestamp": isRight = CELTime.timestamp(text) != nil
        case "matches": isRight = Function.isPattern(text)
        default: return
        }
        if !isRight { throw CELFault(offset: argument.offset, message: "invalid \(name) argument") }
    }

    /// What two types have in common: themselves where they are one, and else anything.
    private static func common(_ known: CELType?, _ type: CELType) -> CELType {
        known.map { $0.name == type.name ? $0 : .dyn } ?? type
    }

    /// Whether it is a type with dots in its name, and no field of a variable.
    private func isTypeName(_ name: String) -> Bool {
        CELType.names.contains(name) && variables[String(name.prefix { $0 != "." })] == nil
    }

    private static func type(of value: CELValue) -> CELType {
        switch value {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        default: .dyn
        }
    }

    private func select(_ field: String, of type: CELType, _ expression: Expression) throws(CELFault) -> CELType {
        switch type {
        case .dyn: return .dyn
        case .map(_, let value): return value
        case .optional(let inner):
            let found = try select(field, of: inner, expression)
            if case .optional = found { return found }
            return .optional(found)
        case .object(let fields):
            if let found = fields.types[field] { return found }
            throw CELFault(offset: expression.offset, message: "undefined field '\(field)'")
        default:
            throw CELFault(
                offset: expression.offset, message: "type '\(type.name)' does not support field selection")
        }
    }

    private func index(
        _ operand: Expression, _ index: Expression, _ isOptional: Bool, _ expression: Expression
    ) throws(CELFault) -> CELType {
        let (type, key) = (try check(operand), try check(index))
        let found: CELType
        switch type {
        case .dyn: found = .dyn
        case .list(let element) where CELType.int.accepts(key) || key.isNumber: found = element
        case .map(let wanted, let value) where wanted.accepts(key): found = value
        case .optional(.list(let element)): return .optional(element)
        case .optional(.map(_, let value)): return .optional(value)
        case .optional: return .optional(.dyn)
        default: throw noOverload("_[_]", nil, [type, key], expression)
        }
        return isOptional ? .optional(found) : found
    }

    private func noOverload(
        _ name: String, _ target: CELType?, _ arguments: [CELType], _ expression: Expression
    ) -> CELFault {
        let list = "(\(arguments.map(\.name).joined(separator: ", ")))"
        let types = target.map { "\($0.name).\(list)" } ?? list
        return CELFault(
            offset: expression.offset, message: "found no matching overload for '\(name)' applied to '\(types)'")
    }

    // MARK: Calls

    private func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ expression: Expression
    ) throws(CELFault) -> CELType {
        if let target, case .identifier(let space) = target.node, variables[space] == nil,
            Function.all["\(space).\(name)"] != nil
        {
            return try call("\(space).\(name)", nil, arguments, expression)
        }
        if let target, name == "optMap" || name == "optFlatMap" {
            return try optional(name, try check(target), arguments, expression)
        }
        let owner: CELType?
        if let target { owner = try check(target) } else { owner = nil }
        var inner = self
        if name == "format" { inner.mixes = true }
        var types: [CELType] = []
        for argument in arguments { types.append(try inner.check(argument)) }
        try checkLiteral(name, arguments)
        if let known = try builtIn(name, types, expression) { return known }
        guard let functions = Function.all[name] else {
            throw CELFault(
                offset: expression.offset, message: "undeclared reference to '\(name)' (in container '')")
        }
        let fitting = functions.filter { function in
            guard (function.target != nil) == (owner != nil), function.parameters.count == types.count else {
                return false
            }
            if let wanted = function.target, let owner, !wanted.accepts(owner) { return false }
            return zip(function.parameters, types).allSatisfy { $0.accepts($1) }
        }
        guard let first = fitting.first else { throw noOverload(name, owner, types, expression) }
        if fitting.count > 1, fitting.contains(where: { $0.result.name != first.result.name }) { return .dyn }
        return result(name, first.result, owner, types)
    }

    /// What depends on the types that are put in: `[1] + [2]`, `optional.of(x)`.
    private func result(_ name: String, _ declared: CELType, _ owner: CELType?, _ types: [CELType]) -> CELType {
        switch (name, owner) {
        case ("_+_", nil):
            if case .list = declared { return types[0].name == types[1].name ? types[0] : declared }
            return declared
        case ("optional.of", _), ("optional.ofNonZeroValue", _): return .optional(types[0])
        case ("value", .optional(let inner)?), ("orValue", .optional(let inner)?): return inner
        case ("or", let owner?): return owner
        case ("min", .list(let element)?), ("max", .list(let element)?), ("sum", .list(let element)?): return element
        case ("first", .list(let element)?), ("last", .list(let element)?): return .optional(element)
        case ("slice", .list?), ("distinct", .list?), ("sort", .list?), ("reverse", .list?): return owner ?? declared
        case ("flatten", .list(.list(let element))?) where types.isEmpty: return .list(element)
        default: return declared
        }
    }

    /// The operators that every type has.
    private func builtIn(_ name: String, _ types: [CELType], _ expression: Expression) throws(CELFault) -> CELType? {
        switch name {
        case "_==_", "_!=_":
            guard types[0].accepts(types[1]) else { throw noOverload(name, nil, types, expression) }
            return .bool
        case "_&&_", "_||_":
            guard types.allSatisfy({ CELType.bool.accepts($0) }) else { throw noOverload(name, nil, types, expression) }
            return .bool
        case "_?_:_":
            guard CELType.bool.accepts(types[0]), types[1].accepts(types[2]) else {
                throw noOverload(name, nil, types, expression)
            }
            return types[1].isDynamic ? types[2] : types[1]
        case "@in":
            switch types[1] {
            case .list(let element) where element.accepts(types[0]): return .bool
            case .map(let key, _) where key.accepts(types[0]): return .bool
            case .dyn, .object: return .bool
            default: throw noOverload("@in", nil, types, expression)
            }
        default: return nil
        }
    }

    private func optional(
        _ name: String, _ target: CELType, _ arguments: [Expression], _ expression: Expression
    ) throws(CELFault) -> CELType {
        guard arguments.count == 2, case .identifier(let variable) = arguments[0].node else {
            throw CELFault(offset: expression.offset, message: "\(name)() variable name must be a simple identifier")
        }
        var inner = self
        if case .optional(let type) = target {
            inner.variables[variable] = type
        } else {
            inner.variables[variable] = .dyn
        }
        let type = try inner.check(arguments[1])
        return name == "optMap" ? .optional(type) : type
    }

    private func comprehension(
        _ macro: Expression.Macro, _ range: Expression, _ names: [String], _ filter: Expression?, _ body: Expression
    ) throws(CELFault) -> CELType {
        let type = try check(range)
        let parts = try parts(of: type, range)
        var inner = self
        if names.count == 2 {
            inner.variables[names[0]] = parts.key
            inner.variables[names[1]] = parts.value
        } else {
            inner.variables[names[0]] = parts.element
        }
        for condition in [filter, macro.asks ? body : nil].compactMap({ $0 }) {
            let found = try inner.check(condition)
            guard CELType.bool.accepts(found) else {
                throw CELFault(
                    offset: condition.offset,
                    message: "found no matching overload for '_&&_' applied to '(bool, \(found.name))'")
            }
        }
        switch macro {
        case .all, .exists, .existsOne: return .bool
        case .filter:
            if case .list = type { return type }
            return .list(parts.element)
        case .map, .transformList: return .list(try inner.check(body))
        case .transformMap: return .map(parts.key, try inner.check(body))
        case .transformMapEntry:
            let made = try inner.check(body)
            guard made.isDynamic || made.isMap else {
                throw noOverload("cel.@mapInsert", nil, [.map(.dyn, .dyn), made], body)
            }
            return made
        case .sortBy:
            _ = try inner.check(body)
            if case .list = type { return type }
            return .list(parts.element)
        }
    }

    /// What a comprehension goes through: elements of a list or keys of a map, or both with what stands there.
    private func parts(
        of type: CELType, _ range: Expression
    ) throws(CELFault) -> (element: CELType, key: CELType, value: CELType) {
        switch type {
        case .list(let element): return (element, .int, element)
        case .map(let key, let value): return (key, key, value)
        case .object: return (.string, .string, .dyn)
        case .dyn: return (.dyn, .dyn, .dyn)
        default:
            throw CELFault(
                offset: range.offset,
                message:
                    "expression of type '\(type.name)' cannot be range of a comprehension (must be list, map, or dynamic)"
            )
        }
    }
}
