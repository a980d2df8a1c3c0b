import Document

extension Evaluator {
    /// Calls a function or method: counts and evaluates its arguments, checks their types, and places its error.
    func call(
        _ function: Function, _ receiver: GoValue?, _ node: Node, _ dot: Slot, _ arguments: ArraySlice<Operand>,
        _ final: Slot?
    ) throws(TemplateError) -> Slot {
        let count = arguments.count + (final == nil ? 0 : 1)
        try check(function, count, arguments.count)
        switch function.body {
        case .and: return try shortCircuit(on: false, dot, arguments, final)
        case .or: return try shortCircuit(on: true, dot, arguments, final)
        default: break
        }
        var values: [GoValue] = []
        values.reserveCapacity(count)
        for operand in arguments {
            values.append(try argument(operand, function.parameter(values.count), dot))
        }
        if let final { values.append(try checked(final, function.parameter(values.count))) }
        do throws(CallFailure) {
            if case .call = function.body { throw refusal(values[0], arguments.first) }
            let result = try answer(function, receiver, values)
            try charge(result)
            if case .null = result { return Slot(.null, isInterface: true) }
            return Slot(result)
        } catch {
            at(node)
            throw failure(.function, "error calling \(function.name): ", cause: error.error)
        }
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
    private func refusal(_ value: GoValue, _ operand: Operand?) -> CallFailure {
        if value.isNil { return .text("call of nil") }
        var name = operand?.text ?? "<\(value.typeName) Value>"
        // A pipeline is printed without its parentheses.
        if case .pipe(let node)? = operand { name = node.text }
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
        on truth: Bool, _ dot: Slot, _ arguments: ArraySlice<Operand>, _ final: Slot?
    ) throws(TemplateError) -> Slot {
        var last = Slot.invalid
        for operand in arguments {
            last = try reflected(operand, dot)
            if last.value.isTrue == truth { return last }
        }
        return final ?? last
    }

    // MARK: - Arguments

    private func reflected(_ operand: Operand, _ dot: Slot) throws(TemplateError) -> Slot {
        at(operand.node)
        if case .nil = operand { return .invalid }
        return try value(of: operand, dot)
    }

    private func argument(
        _ operand: Operand, _ type: Function.Parameter, _ dot: Slot
    ) throws(TemplateError) -> GoValue {
        at(operand.node)
        switch operand {
        case .nil:
            guard type.canBeNil else { throw failure("cannot assign nil to \(type.typeName)") }
            return type.zero
        case .dot: return try checked(dot, type)
        case .field, .variable, .pipe, .function, .chain: return try checked(try value(of: operand, dot), type)
        case .bool, .number, .string: return try constant(operand, type, dot)
        }
    }

    /// A constant as a value of the type that is asked for.
    private func constant(
        _ operand: Operand, _ type: Function.Parameter, _ dot: Slot
    ) throws(TemplateError) -> GoValue {
        switch (type, operand) {
        case (.any, _), (.reflected, _): return try value(of: operand, dot).value
        case (.string, .string(let node)): return .string(node.value)
        case (.bool, .bool(let node)): return .bool(node.value)
        case (.int, .number(let node)):
            if let int = node.number.int { return .int(Int(int)) }
        case (.int64, .number(let node)):
            if let int = node.number.int { return .int64(int) }
        case (.float64, .number(let node)):
            if let double = node.number.double { return .float(double) }
        case (.uint32, .number(let node)):
            if let int = node.number.uint { return .uint64(int) }
        default: break
        }
        guard let word = type.word else {
            throw failure("can't handle \(operand.node.text) for arg of type \(type.typeName)")
        }
        throw failure("expected \(word); found \(operand.node.text)")
    }

    /// The value as one of that type, or Go's error.
    private func checked(_ slot: Slot, _ type: Function.Parameter) throws(TemplateError) -> GoValue {
        switch (type, slot.value) {
        case (.any, .invalid): return .null
        case (.any, _), (.reflected, _): return slot.value
        case (.string, .string), (.int, .int), (.int64, .int64), (.float64, .float), (.bool, .bool): return slot.value
        case (.map, .map(let map)) where map.kind != .string: return slot.value
        case (.values, .map(let map)) where map.kind != .string: return slot.value
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
