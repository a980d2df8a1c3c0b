import Document

extension Evaluator {
    /// Calls a function or method: counts and evaluates its arguments, checks their types, and places its error.
    func call(
        _ function: Function, _ receiver: GoValue?, _ node: Node.Index, _ scope: Scope, _ arguments: Arguments
    ) throws(TemplateError) -> Slot {
        let count = arguments.count + (arguments.final == nil ? 0 : 1)
        try check(function, count, arguments.count)
        switch function.body {
        case .and: return try shortCircuit(on: false, scope, arguments)
        case .or: return try shortCircuit(on: true, scope, arguments)
        default: break
        }
        let values = try values(of: arguments, count, for: function, scope)
        do throws(CallFailure) {
            if case .call = function.body { throw refusal(values[0], arguments, scope) }
            try account.charge(function, values)
            let result = try answer(function, receiver, values)
            if function.cost.makesResult { try account.charge(result) }
            if case .null = result { return Slot(.null, isInterface: true) }
            return Slot(result)
        } catch {
            at(node)
            throw failure(.function, "error calling \(function.name): ", cause: error.error)
        }
    }

    private func values(
        of arguments: Arguments, _ count: Int, for function: Function, _ scope: Scope
    ) throws(TemplateError) -> [GoValue] {
        var values: [GoValue] = []
        values.reserveCapacity(count)
        var next = arguments.first
        while next != Node.none {
            values.append(try argument(next, function.parameter(values.count), scope))
            next = scope[next].next
        }
        if let final = arguments.final { values.append(try checked(final, function.parameter(values.count))) }
        return values
    }

    private func answer(
        _ function: Function, _ receiver: GoValue?, _ values: [GoValue]
    ) throws(CallFailure) -> GoValue {
        switch function.body {
        case .plain(let body): return try body(values)
        case .method(let body): return try body(receiver ?? .invalid, values)
        case .engine(let body): return try body(self, values)
        case .and, .or, .call: return .invalid
        }
    }

    /// No value of a template is a function, so that `call` only ever refuses.
    private func refusal(_ value: GoValue, _ arguments: Arguments, _ scope: Scope) -> CallFailure {
        if value.isNil { return .text("call of nil") }
        // A pipeline is printed without its parentheses; a value without a text in the source by reflect's String.
        let shown = value.text?.string ?? "<\(value.typeName) Value>"
        let name = arguments.count == 0 ? shown : scope.code.syntax.text(of: arguments.first)
        return .text("non-function \(name) of type \(value.typeName)")
    }

    private func check(_ function: Function, _ count: Int, _ written: Int) throws(TemplateError) {
        let wanted = function.parameters.count
        if function.isVariadic {
            if count < wanted - 1 {
                throw failure("wrong number of args for \(function.name): want at least \(wanted - 1) got \(written)")
            }
        } else if count != wanted {
            throw failure("wrong number of args for \(function.name): want \(wanted) got \(count)")
        }
    }

    private func shortCircuit(
        on truth: Bool, _ scope: Scope, _ arguments: Arguments
    ) throws(TemplateError) -> Slot {
        var last = Slot.invalid
        var next = arguments.first
        while next != Node.none {
            last = try reflected(next, scope)
            if last.value.isTrue == truth { return last }
            next = scope[next].next
        }
        return arguments.final ?? last
    }

    // MARK: - Arguments

    private func reflected(_ operand: Node.Index, _ scope: Scope) throws(TemplateError) -> Slot {
        at(operand)
        if scope[operand].kind == .nil { return .invalid }
        return try value(of: operand, scope)
    }

    private func argument(
        _ operand: Node.Index, _ type: Function.Parameter, _ scope: Scope
    ) throws(TemplateError) -> GoValue {
        at(operand)
        let node = scope[operand]
        switch node.kind {
        case .nil:
            guard type.canBeNil else { throw failure("cannot assign nil to \(type.typeName)") }
            return type.zero
        case .dot: return try checked(scope.dot, type)
        case .bool, .number, .string: return try constant(node, operand, type, scope)
        default: return try checked(try value(of: operand, scope), type)
        }
    }

    /// A constant as a value of the type that is asked for.
    private func constant(
        _ node: Node, _ operand: Node.Index, _ type: Function.Parameter, _ scope: Scope
    ) throws(TemplateError) -> GoValue {
        switch (type, node.kind) {
        case (.any, _), (.reflected, _): return try value(of: operand, scope).value
        case (.string, .string): return .string(scope.code.syntax.name(of: node))
        case (.bool, .bool): return .bool(node.flag)
        case (.int, .number):
            if let int = scope.code.syntax.number(of: node).int { return .int(Int(int)) }
        case (.int64, .number), (.duration, .number):
            if let int = scope.code.syntax.number(of: node).int { return .int64(int) }
        case (.float64, .number):
            if let double = scope.code.syntax.number(of: node).double { return .float(double) }
        case (.uint32, .number):
            if let int = scope.code.syntax.number(of: node).uint { return .uint64(int) }
        default: break
        }
        let text = scope.code.syntax.text(of: node)
        guard let word = type.word else {
            throw failure("can't handle \(text) for arg of type \(type.typeName)")
        }
        throw failure("expected \(word); found \(text)")
    }

    /// The value as one of that type, or Go's error.
    private func checked(_ slot: Slot, _ type: Function.Parameter) throws(TemplateError) -> GoValue {
        switch (type, slot.value) {
        case (.any, .invalid): return .null
        case (.any, .object(let object)): return .object(object.copied)
        case (.any, _), (.reflected, _): return slot.value
        case (.string, .string), (.int, .int), (.int64, .int64), (.float64, .float), (.bool, .bool): return slot.value
        case (.map, .map(let map)) where map.kind.isInterface:
            return map.kind == .any ? slot.value : .map(map.asPlain)
        case (.values, .map(let map)) where map.kind.isInterface: return slot.value
        case (.list, .list(let list)) where list.type == .any: return slot.value
        case (_, .invalid):
            guard type.canBeNil else { throw failure("invalid value; expected \(type.typeName)") }
            return type.zero
        case (_, .object(let object)) where object.typeName == type.typeName: return slot.value
        default:
            // A value of the wrong type was taken out of its interface before Go looked; a nil was not.
            let got = slot.isNilInterface ? "interface {}" : slot.value.typeName
            throw failure("wrong type for value; expected \(type.typeName); got \(got)")
        }
    }
}

extension Function {
    /// The type of the argument at that place.
    func parameter(_ index: Int) -> Parameter {
        index < parameters.count ? parameters[index] : parameters[parameters.count - 1]
    }
}

extension Function.Parameter {
    /// What an explicit nil becomes.
    var zero: GoValue {
        switch self {
        case .any: .null
        case .list: .list(GoList([], isNil: true))
        case .map, .values: .map(GoMap(isNil: true))
        default: .invalid
        }
    }

    /// The word for constants of the type in `expected …; found …`; nil for types that have none.
    var word: String? {
        switch self {
        case .string: "string"
        case .bool: "bool"
        case .int, .int64, .duration: "integer"
        case .float64: "float"
        case .uint32: "unsigned integer"
        default: nil
        }
    }
}
