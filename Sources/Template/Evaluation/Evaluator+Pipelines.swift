import Document

extension Evaluator {
    // MARK: - Pipelines and commands

    func evaluate(_ pipe: PipeNode, _ dot: Slot) throws(TemplateError) -> Slot {
        at(pipe)
        try step()
        var value: Slot?
        for command in pipe.commands { value = try evaluate(command, dot, value).unwrapped }
        let result = value ?? .invalid
        for variable in pipe.declarations { try assign(variable, result) }
        return result
    }

    private func evaluate(_ command: CommandNode, _ dot: Slot, _ final: Slot?) throws(TemplateError) -> Slot {
        let operands = command.operands
        switch operands[0] {
        case .field(let node):
            at(node)
            return try fields(node.names, of: dot, node, dot, operands, final)
        case .chain(let node): return try chain(node, dot, operands, final)
        case .function(let node):
            at(node)
            return try call(node.function, nil, command, dot, operands[1...], final)
        case .pipe(let node):
            try refuseArguments(operands, final)
            return try evaluate(node, dot)
        case .variable(let node): return try variable(node, dot, operands, final)
        default: break
        }
        at(operands[0].node)
        try refuseArguments(operands, final)
        if case .nil = operands[0] { throw failure("nil is not a command") }
        return try literal(operands[0], dot)
    }

    /// The value of a constant or the dot.
    private func literal(_ operand: Operand, _ dot: Slot) throws(TemplateError) -> Slot {
        switch operand {
        case .dot: return dot
        case .bool(let node): return Slot(.bool(node.value))
        case .string(let node): return Slot(.string(node.value))
        case .number(let node):
            guard let value = node.number.ideal else { throw failure("\(node.number.text) overflows int") }
            return Slot(value)
        default: throw failure("can't evaluate command \(Quoting.string(Text(operand.text)))")
        }
    }

    private func refuseArguments(_ operands: [Operand], _ final: Slot?) throws(TemplateError) {
        if operands.count > 1 || final != nil {
            throw failure("can't give argument to non-function \(operands[0].node.text)")
        }
    }

    // MARK: - Variables and chains

    private func variable(
        _ node: VariableNode, _ dot: Slot, _ operands: [Operand], _ final: Slot?
    ) throws(TemplateError) -> Slot {
        at(node)
        guard let place = node.slot else { throw failure("undefined variable: \(node.name.string)") }
        let value = stack[base + place]
        if node.fields.isEmpty {
            try refuseArguments(operands, final)
            return value
        }
        return try fields(node.fields, of: value, node, dot, operands, final)
    }

    private func chain(
        _ node: ChainNode, _ dot: Slot, _ operands: [Operand], _ final: Slot?
    ) throws(TemplateError) -> Slot {
        at(node)
        if case .nil = node.operand { throw failure("indirection through explicit nil in \(node.text)") }
        let value = try value(of: node.operand, dot)
        return try fields(node.names, of: value, node, dot, operands, final)
    }

    /// The value of an operand that stands by itself, as an argument of no particular type.
    func value(of operand: Operand, _ dot: Slot) throws(TemplateError) -> Slot {
        at(operand.node)
        switch operand {
        case .field(let node): return try fields(node.names, of: dot, node, dot, [operand], nil)
        case .variable(let node): return try variable(node, dot, [operand], nil)
        case .pipe(let node): return try evaluate(node, dot)
        case .function(let node): return try call(node.function, nil, node, dot, [], nil)
        case .chain(let node): return try chain(node, dot, [operand], nil)
        default: return try literal(operand, dot)
        }
    }

    // MARK: - Fields

    /// Follows names through maps, structs and methods; the last one gets the arguments.
    private func fields(
        _ names: [Text], of receiver: Slot, _ node: Node, _ dot: Slot, _ operands: [Operand], _ final: Slot?
    ) throws(TemplateError) -> Slot {
        var value = receiver
        var outer = receiver
        let last = names.count - 1
        for index in 0..<last {
            if case .null = value.value, index > 0 { throw nilPointer(names, index, outer) }
            outer = value
            value = try field(names[index], of: value, node, dot, [], nil)
        }
        if case .null = value.value, last > 0 { throw nilPointer(names, last, outer) }
        return try field(names[last], of: value, node, dot, operands.dropFirst(), final)
    }

    /// The error for a field of nothing, with what is known of the key that is missing.
    private func nilPointer(_ names: [Text], _ index: Int, _ outer: Slot) -> TemplateError {
        let parent = names[..<(index - 1)].map { ".\($0.string)" }.joined()
        let hint = outer.value.map.map { map in
            NearbyNames.hint(names[index - 1].string, in: parent.isEmpty ? "." : parent, map)
        }
        return failure(.execution, "nil pointer evaluating interface {}.\(names[index].string)", hint: hint)
    }

    private func field(
        _ name: Text, of receiver: Slot, _ node: Node, _ dot: Slot, _ arguments: ArraySlice<Operand>, _ final: Slot?
    ) throws(TemplateError) -> Slot {
        switch receiver.value {
        case .invalid: return .invalid
        case .null: throw failure("nil pointer evaluating interface {}.\(name.string)")
        case .map(let map):
            if map.kind == .values, let method = Function.valuesMethod(name) {
                return try call(method, receiver.value, node, dot, arguments, final)
            }
            try refuse(arguments, final, name, "is not a method but has arguments")
            // missingkey=zero: the zero of the element type.
            let isInterface = map.kind.isInterface
            return Slot(map[name] ?? (isInterface ? .null : .string(Text(""))), isInterface: isInterface)
        case .object(let object):
            if let method = object.method(name) {
                return try call(method, receiver.value, node, dot, arguments, final)
            }
            if let words = object.refusal(of: name) { throw failure(words) }
            if let value = object.field(name) {
                try refuse(arguments, final, name, "has arguments but cannot be invoked as function")
                return Slot(value)
            }
            if case .map(let map) = object.underlying, object.kindName == "map" {
                try refuse(arguments, final, name, "is not a method but has arguments")
                return Slot(map[name] ?? .bytes(""))
            }
        default: break
        }
        throw failure("can't evaluate field \(name.string) in type \(receiver.typeName)")
    }

    private func refuse(
        _ arguments: ArraySlice<Operand>, _ final: Slot?, _ name: Text, _ words: String
    ) throws(TemplateError) {
        if !arguments.isEmpty || final != nil { throw failure("\(name.string) \(words)") }
    }
}
