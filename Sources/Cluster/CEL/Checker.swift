/// Finds what type an expression has, and what in it cannot be (cel-spec, "Gradual Type Checking"). What is wrong does not
/// keep it from the rest: all of it is told.
struct Checker {
    /// What was found out about the parts of an expression.
    final class Notes {
        /// By the number of the part.
        fileprivate(set) var types: [Int: CELType] = [:]
    }

    private var variables: [String: CELType]
    /// Those that no macro has made.
    private let roots: [String: CELType]
    private var mapping = TypeMapping()
    private var notes = Notes()
    private(set) var faults: [CELFault] = []

    private init(_ variables: [String: CELType]) {
        self.variables = variables
        roots = variables
    }

    /// The types of an expression's parts.
    static func check(
        _ expression: Expression, _ variables: [String: CELType]
    ) throws(CELFaults) -> (type: CELType, notes: Notes) {
        var checker = Checker(variables)
        let type = checker.check(expression)
        if !checker.faults.isEmpty { throw CELFaults(checker.faults) }
        checker.notes.types = checker.notes.types.mapValues { checker.mapping.substitute($0, isFinal: true) }
        let faults = LiteralCheck.faults(in: expression, checker.notes.types)
        if !faults.isEmpty { throw CELFaults(faults) }
        return (checker.mapping.substitute(type, isFinal: true), checker.notes)
    }

    private mutating func check(_ expression: Expression) -> CELType {
        let type = type(of: expression)
        notes.types[expression.number] = type
        return type
    }

    private mutating func fault(_ message: String, _ offset: Int) {
        faults.append(CELFault(offset: offset, message: message))
    }

    private mutating func type(of expression: Expression) -> CELType {
        switch expression.node {
        case .literal(let value): return Self.type(of: value)
        case .identifier(let name): return identifier(name, expression.offset)
        case .select(let operand, let field, let isOptional):
            if let name = expression.dotted {
                if let type = namedType(name) { return .type(type) }
                // A variable with dots in its name, such as authorizer.requestResource.
                if name.contains("."), let type = variables[name] { return type }
            }
            return select(field, of: operand, isOptional, expression.offset)
        case .presence(let operand, let field):
            _ = select(field, of: operand, false, expression.offset)
            return .bool
        case .index(let operand, let index, let isOptional):
            let types = [check(operand), check(index)]
            return resolve(isOptional ? "_[?_]" : "_[_]", types, expression.offset)
        case .call(let name, let target, let arguments): return call(name, target, arguments, expression)
        case .list(let elements): return .list(list(elements))
        case .map(let entries): return map(entries)
        case .message(let name, _):
            undeclared(name, expression.offset)
            return .error
        case .comprehension(let macro, let range, let variables, let filter, let body):
            return comprehension(
                Loop(macro: macro, names: variables, filter: filter, body: body), range, expression.offset)
        }
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

    // MARK: Names and fields

    private mutating func undeclared(_ name: String, _ offset: Int) {
        fault("undeclared reference to '\(name)' (in container '')", offset)
    }

    private mutating func identifier(_ name: String, _ offset: Int) -> CELType {
        let isRooted = name.hasPrefix(".")
        let plain = isRooted ? String(name.dropFirst()) : name
        if let type = (isRooted ? roots : variables)[plain] { return type }
        if let type = CELType.named[plain] { return .type(type) }
        undeclared(name, offset)
        return .error
    }

    /// The type that has dots in its name; nil for a field of a variable.
    private func namedType(_ name: String) -> CELType? {
        variables[String(name.prefix { $0 != "." })] == nil ? CELType.named[name] : nil
    }

    private mutating func select(
        _ field: String, of operand: Expression, _ isOptional: Bool, _ offset: Int
    ) -> CELType {
        let type = mapping.substitute(check(operand))
        let found: CELType
        switch type.unwrapped ?? type {
        case .map(_, let value): found = value
        case .object(let fields):
            let declared = fields.types[fields.declared(field)]
            if declared == nil { fault("undefined field '\(field)'", offset) }
            found = declared ?? .error
        case .parameter:
            _ = mapping.accept([.dyn], [type.unwrapped ?? type])
            found = .dyn
        case .dyn, .error: found = .dyn
        // To cel-go these are messages, of which it then knows no field.
        case .opaque(let name) where name.hasPrefix("kubernetes."):
            fault("unexpected failed resolution of '\(name)'", offset)
            found = .error
        case let other:
            fault("type '\(other.name)' does not support field selection", offset)
            found = .dyn
        }
        let result: CELType = isOptional || type.unwrapped != nil ? .optional(found) : found
        return mapping.substitute(result)
    }

    // MARK: Lists and maps

    /// What two types have in common: the more general of those that fit each other, and else anything.
    private mutating func joined(_ known: CELType?, _ type: CELType) -> CELType {
        guard let known else { return type }
        guard mapping.accept([known], [type]) else { return .dyn }
        return known.isAsGeneral(as: type) ? known : type
    }

    private mutating func element(_ part: Expression, _ isOptional: Bool) -> CELType {
        let type = check(part)
        guard isOptional else { return type }
        if type.unwrapped == nil, !type.isDynamic {
            mismatch(.optional(type), type, part.offset)
        }
        return type.unwrapped ?? type
    }

    private mutating func list(_ elements: [(element: Expression, isOptional: Bool)]) -> CELType {
        var common: CELType?
        for (part, isOptional) in elements {
            let type = element(part, isOptional)
            common = joined(common, type)
        }
        return common ?? mapping.fresh()
    }

    private mutating func map(_ entries: [(key: Expression, value: Expression, isOptional: Bool)]) -> CELType {
        var (key, value): (CELType?, CELType?) = (nil, nil)
        for entry in entries {
            let left = check(entry.key)
            key = joined(key, left)
            let right = element(entry.value, entry.isOptional)
            value = joined(value, right)
        }
        return .map(key ?? mapping.fresh(), value ?? mapping.fresh())
    }

    private mutating func mismatch(_ wanted: CELType, _ found: CELType, _ offset: Int) {
        fault("expected type '\(wanted.name)' but found '\(found.name)'", offset)
    }

    // MARK: Calls

    private mutating func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ expression: Expression
    ) -> CELType {
        if let target, arguments.count == 2, case .identifier(let variable) = arguments[0].node,
            name == "optMap" || name == "optFlatMap"
        {
            return optional(target, variable, arguments[1], isFlat: name == "optFlatMap", expression.offset)
        }
        var types: [CELType] = []
        for argument in arguments { types.append(check(argument)) }
        if name == "_&&_" || name == "_||_" { return logical(types, arguments.map(\.offset)) }
        guard let target else {
            return resolve(name, types, expression.offset)
        }
        // A function of a library, `sets.contains(a, b)`, if there is one of that name.
        if let space = target.dotted, Signature.all["\(space).\(name)"] != nil {
            return resolve("\(space).\(name)", types, expression.offset)
        }
        let owner = check(target)
        return resolve(name, [owner] + types, isMember: true, expression.offset)
    }

    /// The type of what a function makes of values of these types: by the ways to call it that fit.
    private mutating func resolve(
        _ name: String, _ types: [CELType], isMember: Bool = false, _ offset: Int
    ) -> CELType {
        let plain = name.hasPrefix(".") ? String(name.dropFirst()) : name
        guard let signatures = Signature.all[plain] else {
            undeclared(name, offset)
            return .error
        }
        var result: CELType?
        for signature in signatures where signature.isMember == isMember {
            let own = signature.instance(&mapping)
            guard mapping.accept(types, own.types) else { continue }
            let found = mapping.substitute(own.result)
            guard let known = result else {
                result = found
                continue
            }
            if !known.isDynamic, !found.isExactly(known) { result = .dyn }
        }
        if let result { return result }
        let names = types.map { mapping.substitute($0, isFinal: true).name }
        let list = "(\(names.dropFirst(isMember ? 1 : 0).joined(separator: ", ")))"
        let shown = isMember ? "\(names[0]).\(list)" : list
        fault("found no matching overload for '\(plain)' applied to '\(shown)'", offset)
        return .error
    }

    /// `&&` and `||`, which tell of each side that is no condition.
    private mutating func logical(_ types: [CELType], _ offsets: [Int]) -> CELType {
        var result = CELType.bool
        for (type, offset) in zip(types, offsets) where !mapping.accept([type], [.bool]) {
            mismatch(.bool, type, offset)
            result = .error
        }
        return result
    }

    /// `x.optMap(v, body)` stands for `x.hasValue() ? optional.of(v made of x.value(), body) : optional.none()`.
    private mutating func optional(
        _ target: Expression, _ variable: String, _ body: Expression, isFlat: Bool, _ offset: Int
    ) -> CELType {
        let type = check(target)
        let asked = resolve("hasValue", [type], isMember: true, offset)
        let value = resolve("value", [type], isMember: true, offset)
        let before = variables
        variables[variable] = value
        let found = check(body)
        variables = before
        let some = isFlat ? found : resolve("optional.of", [found], offset)
        let none = resolve("optional.none", [], offset)
        return resolve("_?_:_", [asked, some, none], offset)
    }

    // MARK: Comprehensions

    private struct Loop {
        let macro: Expression.Macro
        let names: [String]
        let filter: Expression?
        let body: Expression
    }

    private mutating func comprehension(_ loop: Loop, _ range: Expression, _ offset: Int) -> CELType {
        let type = mapping.substitute(check(range))
        let start: CELType
        switch loop.macro {
        case .all, .exists: start = .bool
        case .existsOne: start = .int
        case .map, .filter, .transformList, .sortBy: start = .list(mapping.fresh())
        case .transformMap, .transformMapEntry: start = .map(mapping.fresh(), mapping.fresh())
        }
        let before = variables
        let turn = turns(of: type, loop, loop.macro == .sortBy ? offset : range.offset)
        for (name, type) in zip(loop.names, turn) { variables[name] = type }
        let step = stepped(loop, start, turn, offset)
        if !mapping.accept([start], [step]) { mismatch(start, step, offset) }
        variables = before
        switch loop.macro {
        case .existsOne: return .bool
        case .sortBy:
            return mapping.substitute(resolve("@sortByAssociatedKeys", [type, start], isMember: true, offset))
        default: return mapping.substitute(start)
        }
    }

    /// The types of a loop's variables: elements of a list or keys of a map, or places and keys with what stands there.
    private mutating func turns(of type: CELType, _ loop: Loop, _ offset: Int) -> [CELType] {
        let isPair = loop.names.count == 2
        switch type {
        case .list(let element): return isPair ? [.int, element] : [element]
        case .map(let key, let value): return isPair ? [key, value] : [key]
        case .dyn, .error, .parameter:
            _ = mapping.accept([.dyn], [type])
            return isPair ? [.dyn, .dyn] : [.dyn]
        default:
            fault(
                "expression of type '\(type.name)' cannot be range of a comprehension (must be list, map, or dynamic)",
                offset)
            return isPair ? [.error, .error] : [.error]
        }
    }

    /// What each turn of a loop makes of what was gathered before.
    private mutating func stepped(
        _ loop: Loop, _ start: CELType, _ turn: [CELType], _ offset: Int
    ) -> CELType {
        switch loop.macro {
        case .all, .exists: return logical([start, check(loop.body)], [offset, loop.body.offset])
        case .existsOne:
            let condition = check(loop.body)
            let sum = resolve("_+_", [start, .int], offset)
            return resolve("_?_:_", [condition, sum, start], offset)
        case .filter:
            let condition = check(loop.body)
            let sum = resolve("_+_", [start, .list(turn[0])], offset)
            return resolve("_?_:_", [condition, sum, start], offset)
        default: break
        }
        let condition: CELType? = loop.filter.map { check($0) }
        let made = check(loop.body)
        let step: CELType
        switch loop.macro {
        case .transformMap: step = resolve("cel.@mapInsert", [start, turn[0], made], offset)
        case .transformMapEntry: step = resolve("cel.@mapInsert", [start, made], offset)
        default: step = resolve("_+_", [start, .list(made)], offset)
        }
        return condition.map { resolve("_?_:_", [$0, step, start], offset) } ?? step
    }
}
