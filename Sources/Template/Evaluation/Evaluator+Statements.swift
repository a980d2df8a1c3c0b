import Document

extension Evaluator {
    /// How a list of statements ended.
    enum Flow { case onward, leave, again }

    func walk(_ list: Node.Index, _ scope: Scope) throws(TemplateError) -> Flow {
        at(list)
        var next = scope[list].first
        while next != Node.none {
            let node = scope[next]
            switch node.kind {
            case .text:
                mark(node, scope)
                try write { $0 += scope.code.syntax.source.text(node.span) }
            case .action:
                at(next)
                let value = try evaluate(node.first, scope)
                if scope[node.first].second == Node.none { try print(value, next, scope) }
            case .if, .with:
                at(next)
                let flow = try branch(node, scope)
                if flow != .onward { return flow }
            case .range:
                at(next)
                try range(node, scope)
            case .template: try template(node, next, scope)
            case .break: return .leave
            default: return .again
            }
            next = node.next
        }
        return .onward
    }

    private func mark(_ node: Node, _ scope: Scope) {
        guard marks != nil else { return }
        marks?.append(OutputMark(offset: output.count, source: scope.code.syntax.source, span: node.span))
    }

    private func write(_ body: (inout [UInt8]) -> Void) throws(TemplateError) {
        body(&output)
        if output.count > limits.outputBytes {
            throw failure(
                .limit, "exceeded the limit of \(limits.outputBytes) bytes of output",
                hint: "--max-output allows more")
        }
    }

    private func print(_ slot: Slot, _ action: Node.Index, _ scope: Scope) throws(TemplateError) {
        at(action)
        mark(scope[action], scope)
        do throws(CallFailure) { try account.charge(printing: slot.value) } catch {
            throw failure(.limit, error.error.message.string, hint: error.error.hint)
        }
        try write { GoFormat.printed(slot.value, to: &$0) }
    }

    // MARK: - if, with

    private func branch(_ node: Node, _ scope: Scope) throws(TemplateError) -> Flow {
        let value = try evaluate(node.first, scope)
        if value.value.isTrue {
            return try walk(node.second, node.kind == .with ? Scope(code: scope.code, dot: value) : scope)
        }
        return node.third == Node.none ? .onward : try walk(node.third, scope)
    }

    // MARK: - range

    private func range(_ node: Node, _ scope: Scope) throws(TemplateError) {
        let slot = try evaluate(node.first, scope)
        guard try !iterate(node, slot.value, scope) else { return }
        if node.third != Node.none { _ = try walk(node.third, scope) }
    }

    /// Whether there was anything to iterate over.
    private func iterate(_ node: Node, _ value: GoValue, _ scope: Scope) throws(TemplateError) -> Bool {
        switch value {
        case .invalid, .null: return false
        case .list(let list):
            let isInterface = list.type.isInterface
            for (index, element) in list.elements.enumerated() {
                let slot = Slot(element, isInterface: isInterface)
                if try once(node, Slot(.int(index)), slot, scope) == .leave { break }
            }
            return !list.elements.isEmpty
        case .bytes(let text):
            for (index, byte) in text.bytes.enumerated() {
                if try once(node, Slot(.int(index)), Slot(.uint8(byte)), scope) == .leave { break }
            }
            return !text.isEmpty
        case .map(let map): return try iterate(node, map, scope)
        case .object(let object):
            guard let underlying = object.underlying else { throw unrangeable(value) }
            return try iterate(node, underlying, scope)
        case .int, .int64, .uint8, .uint64: return try count(node, value, scope)
        default: throw unrangeable(value)
        }
    }

    private func unrangeable(_ value: GoValue) -> TemplateError {
        var shown = GoFormat.text(value)
        // Range looks through pointers.
        if case .object(let object) = value, object.kindName == "ptr", shown.bytes.first == UInt8(ascii: "&") {
            shown = Text(bytes: Array(shown.bytes.dropFirst()))
        }
        return failure("range can't iterate over \(shown.string)")
    }

    private func iterate(_ node: Node, _ map: GoMap, _ scope: Scope) throws(TemplateError) -> Bool {
        let entries = map.entries
        for entry in entries {
            let slot = Slot(entry.value, isInterface: map.kind.isInterface)
            if try once(node, Slot(.string(entry.key)), slot, scope) == .leave { break }
        }
        return !entries.isEmpty
    }

    private func count(_ node: Node, _ value: GoValue, _ scope: Scope) throws(TemplateError) -> Bool {
        guard scope[node.first].third < 2 else {
            throw failure("can't use \(GoFormat.text(value).string) to iterate over more than one variable")
        }
        let limit = value.integer ?? 0
        var index: Int64 = 0
        while index < limit {
            let element: GoValue =
                switch value {
                case .int64: .int64(index)
                case .uint8: .uint8(UInt8(truncatingIfNeeded: index))
                case .uint64: .uint64(UInt64(index))
                default: .int(Int(index))
                }
            if try once(node, .invalid, Slot(element), scope) == .leave { break }
            index += 1
        }
        return limit > 0
    }

    private func once(
        _ node: Node, _ index: Slot, _ element: Slot, _ scope: Scope
    ) throws(TemplateError) -> Flow {
        let pipe = scope[node.first]
        if pipe.second != Node.none {
            let first = scope[pipe.second]
            try assign(first, first.next == Node.none ? element : index, scope)
            if first.next != Node.none { try assign(scope[first.next], element, scope) }
        }
        try step()
        return try walk(node.second, Scope(code: scope.code, dot: element))
    }

    /// Gives a declared or assigned variable its value.
    func assign(_ variable: Node, _ slot: Slot, _ scope: Scope) throws(TemplateError) {
        guard variable.first != Node.none else {
            throw failure("undefined variable: \(scope.code.syntax.name(of: variable).string)")
        }
        stack[base + Int(variable.first)] = slot
    }

    // MARK: - template

    private func template(_ node: Node, _ index: Node.Index, _ scope: Scope) throws(TemplateError) {
        at(index)
        let name = scope.code.syntax.name(of: node)
        guard let called = template(named: name) else {
            throw failure("template \(Quoting.string(name)) not defined")
        }
        if depth == limits.templateDepth {
            throw failure("exceeded maximum template depth (\(limits.templateDepth))")
        }
        try step()
        let data = node.first == Node.none ? Slot.invalid : try evaluate(node.first, scope)
        depth += 1
        try run(called, data)
        depth -= 1
    }
}
