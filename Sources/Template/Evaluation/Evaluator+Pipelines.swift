import Document

extension Evaluator {
    // MARK: - Pipelines and commands

    func evaluate(_ pipe: Node.Index, _ scope: Scope) throws(TemplateError) -> Slot {
        at(pipe)
        try step()
        let node = scope[pipe]
        var result = Slot.invalid
        var handed: Slot?
        var next = node.first
        while next != Node.none {
            let command = scope[next]
            result = try evaluate(command, next, scope, handed).unwrapped
            next = command.next
            if next != Node.none { handed = result }
        }
        next = node.second
        while next != Node.none {
            let variable = scope[next]
            try assign(variable, result, scope)
            next = variable.next
        }
        return result
    }

    private func evaluate(
        _ command: Node, _ index: Node.Index, _ scope: Scope, _ final: Slot?
    ) throws(TemplateError) -> Slot {
        let first = scope[command.first]
        let arguments = Arguments(first: first.next, count: Int(command.third) - 1, final: final)
        switch first.kind {
        case .field:
            at(command.first)
            return try fields(first, command.first, from: 0, of: scope.dot, scope, arguments)
        case .chain: return try chain(first, command.first, scope, arguments)
        case .function:
            at(command.first)
            return try call(scope.code.syntax.function(of: first), nil, index, scope, arguments)
        case .pipe:
            try refuse(arguments, of: first, scope)
            return try evaluate(command.first, scope)
        case .variable: return try variable(first, command.first, scope, arguments)
        default: break
        }
        at(command.first)
        try refuse(arguments, of: first, scope)
        if first.kind == .nil { throw failure("nil is not a command") }
        return try literal(first, scope)
    }

    /// The value of a constant or the dot.
    private func literal(_ node: Node, _ scope: Scope) throws(TemplateError) -> Slot {
        switch node.kind {
        case .dot: return scope.dot
        case .bool: return Slot(.bool(node.flag))
        case .string: return Slot(.string(scope.code.syntax.name(of: node)))
        case .number:
            let number = scope.code.syntax.number(of: node)
            guard let value = number.ideal else { throw failure("\(number.text) overflows int") }
            return Slot(value)
        default: throw failure("can't evaluate command \(Quoting.string(Text(scope.code.syntax.operand(node))))")
        }
    }

    private func refuse(_ arguments: Arguments, of node: Node, _ scope: Scope) throws(TemplateError) {
        guard arguments.isEmpty else {
            throw failure("can't give argument to non-function \(scope.code.syntax.text(of: node))")
        }
    }

    // MARK: - Variables and chains

    private func variable(
        _ node: Node, _ index: Node.Index, _ scope: Scope, _ arguments: Arguments
    ) throws(TemplateError) -> Slot {
        at(index)
        guard node.first != Node.none else {
            throw failure("undefined variable: \(scope.code.syntax.name(of: node).string)")
        }
        let value = stack[base + Int(node.first)]
        if node.third == 1 {
            try refuse(arguments, of: node, scope)
            return value
        }
        return try fields(node, index, from: 1, of: value, scope, arguments)
    }

    private func chain(
        _ node: Node, _ index: Node.Index, _ scope: Scope, _ arguments: Arguments
    ) throws(TemplateError) -> Slot {
        at(index)
        if scope[node.first].kind == .nil {
            throw failure("indirection through explicit nil in \(scope.code.syntax.text(of: node))")
        }
        let value = try value(of: node.first, scope)
        return try fields(node, index, from: 0, of: value, scope, arguments)
    }

    /// The value of an operand that stands by itself, as an argument of no particular type.
    func value(of operand: Node.Index, _ scope: Scope) throws(TemplateError) -> Slot {
        at(operand)
        let node = scope[operand]
        switch node.kind {
        case .field: return try fields(node, operand, from: 0, of: scope.dot, scope, .none)
        case .variable: return try variable(node, operand, scope, .none)
        case .pipe: return try evaluate(operand, scope)
        case .function: return try call(scope.code.syntax.function(of: node), nil, operand, scope, .none)
        case .chain: return try chain(node, operand, scope, .none)
        default: return try literal(node, scope)
        }
    }

    // MARK: - Fields

    /// Follows the names of a node through maps, structs and methods; the last one gets the arguments.
    private func fields(
        _ node: Node, _ index: Node.Index, from start: Int, of receiver: Slot, _ scope: Scope, _ arguments: Arguments
    ) throws(TemplateError) -> Slot {
        var value = receiver
        var outer = receiver
        let first = Int(node.second) + start
        let last = Int(node.second + node.third) - 1
        for place in first..<last {
            let name = scope.code.syntax.texts[place]
            if place > first, case .null = value.value { throw nilPointer(node, start, place, outer, scope) }
            outer = value
            value = try field(name, of: value, index, scope, .none)
        }
        if last > first, case .null = value.value { throw nilPointer(node, start, last, outer, scope) }
        return try field(scope.code.syntax.texts[last], of: value, index, scope, arguments)
    }

    /// The error for a field of nothing, with what is known of the key that is missing.
    private func nilPointer(
        _ node: Node, _ start: Int, _ place: Int, _ outer: Slot, _ scope: Scope
    ) -> TemplateError {
        let texts = scope.code.syntax.texts
        let parent = texts[(Int(node.second) + start)..<(place - 1)].map { ".\($0.string)" }.joined()
        let hint = outer.value.map.map { map in
            NearbyNames.hint(texts[place - 1].string, in: parent.isEmpty ? "." : parent, map)
        }
        return failure(.execution, "nil pointer evaluating interface {}.\(texts[place].string)", hint: hint)
    }

    private func field(
        _ name: Text, of receiver: Slot, _ node: Node.Index, _ scope: Scope, _ arguments: Arguments
    ) throws(TemplateError) -> Slot {
        switch receiver.value {
        case .invalid: return .invalid
        case .null: throw failure("nil pointer evaluating interface {}.\(name.string)")
        case .map(let map):
            if map.kind == .values, let method = Function.valuesMethod(name) {
                return try call(method, receiver.value, node, scope, arguments)
            }
            try refuse(arguments, name, "is not a method but has arguments")
            // missingkey=zero: the zero of the element type.
            let isInterface = map.kind.isInterface
            return Slot(map[name] ?? (isInterface ? .null : .string(Text(""))), isInterface: isInterface)
        case .object(let object):
            if let method = object.method(name) {
                return try call(method, receiver.value, node, scope, arguments)
            }
            if let words = object.refusal(of: name) { throw failure(words) }
            if let value = object.field(name) {
                try refuse(arguments, name, "has arguments but cannot be invoked as function")
                return Slot(value)
            }
            if case .map(let map) = object.underlying, object.kindName == "map" {
                try refuse(arguments, name, "is not a method but has arguments")
                return Slot(map[name] ?? .bytes(""))
            }
        default: break
        }
        throw failure("can't evaluate field \(name.string) in type \(receiver.typeName)")
    }

    private func refuse(_ arguments: Arguments, _ name: Text, _ words: String) throws(TemplateError) {
        if !arguments.isEmpty { throw failure("\(name.string) \(words)") }
    }
}
