import Document

extension Evaluator {
    /// How a list of statements ended.
    enum Flow { case onward, leave, again }

    func walk(_ list: ListNode, _ dot: Slot) throws(TemplateError) -> Flow {
        at(list)
        for statement in list.statements {
            switch statement {
            case .text(let node):
                mark(node)
                try write { $0 += node.tree.source.text(node.span) }
            case .action(let node):
                at(node)
                let value = try evaluate(node.pipe, dot)
                if node.pipe.declarations.isEmpty { try print(value, node) }
            case .branch(let node):
                at(node)
                let flow = try branch(node, dot)
                if flow != .onward { return flow }
            case .range(let node):
                at(node)
                try range(node, dot)
            case .template(let node): try template(node, dot)
            case .break: return .leave
            case .continue: return .again
            }
        }
        return .onward
    }

    private func mark(_ node: Node) {
        guard marks != nil else { return }
        marks?.append(OutputMark(offset: output.count, source: node.tree.source, span: node.span))
    }

    private func write(_ body: (inout [UInt8]) -> Void) throws(TemplateError) {
        body(&output)
        if output.count > limits.outputBytes {
            throw failure(
                .limit, "exceeded the limit of \(limits.outputBytes) bytes of output",
                hint: "--max-output allows more")
        }
    }

    private func print(_ slot: Slot, _ node: ActionNode) throws(TemplateError) {
        at(node)
        mark(node)
        try write { GoFormat.printed(slot.value, to: &$0) }
    }

    // MARK: - if, with

    private func branch(_ node: BranchNode, _ dot: Slot) throws(TemplateError) -> Flow {
        let value = try evaluate(node.pipe, dot)
        if value.value.isTrue { return try walk(node.list, node.word == .with ? value : dot) }
        guard let elseList = node.elseList else { return .onward }
        return try walk(elseList, dot)
    }

    // MARK: - range

    private func range(_ node: RangeNode, _ dot: Slot) throws(TemplateError) {
        let slot = try evaluate(node.pipe, dot)
        guard try !iterate(node, slot.value) else { return }
        if let elseList = node.elseList { _ = try walk(elseList, dot) }
    }

    /// Whether there was anything to iterate over.
    private func iterate(_ node: RangeNode, _ value: GoValue) throws(TemplateError) -> Bool {
        switch value {
        case .invalid, .null: return false
        case .list(let list):
            let isInterface = list.type.isInterface
            for (index, element) in list.elements.enumerated() {
                let slot = Slot(element, isInterface: isInterface)
                if try once(node, Slot(.int(index)), slot) == .leave { break }
            }
            return !list.elements.isEmpty
        case .bytes(let text):
            for (index, byte) in text.bytes.enumerated() {
                if try once(node, Slot(.int(index)), Slot(.uint8(byte))) == .leave { break }
            }
            return !text.isEmpty
        case .map(let map): return try iterate(node, map)
        case .object(let object):
            guard let underlying = object.underlying else { throw unrangeable(value) }
            return try iterate(node, underlying)
        case .int, .int64, .uint8, .uint64: return try count(node, value)
        default: throw unrangeable(value)
        }
    }

    private func unrangeable(_ value: GoValue) -> TemplateError {
        failure("range can't iterate over \(GoFormat.text(value).string)")
    }

    private func iterate(_ node: RangeNode, _ map: GoMap) throws(TemplateError) -> Bool {
        let entries = map.entries
        for entry in entries {
            let slot = Slot(entry.value, isInterface: map.kind.isInterface)
            if try once(node, Slot(.string(entry.key)), slot) == .leave { break }
        }
        return !entries.isEmpty
    }

    private func count(_ node: RangeNode, _ value: GoValue) throws(TemplateError) -> Bool {
        guard node.pipe.declarations.count < 2 else {
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
            if try once(node, .invalid, Slot(element)) == .leave { break }
            index += 1
        }
        return limit > 0
    }

    private func once(_ node: RangeNode, _ index: Slot, _ element: Slot) throws(TemplateError) -> Flow {
        let declarations = node.pipe.declarations
        if let first = declarations.first {
            try assign(first, declarations.count > 1 ? index : element)
            if declarations.count > 1 { try assign(declarations[1], element) }
        }
        try step()
        return try walk(node.list, element)
    }

    /// Gives a declared or assigned variable its value.
    func assign(_ variable: VariableNode, _ slot: Slot) throws(TemplateError) {
        guard let place = variable.slot else { throw failure("undefined variable: \(variable.name.string)") }
        stack[base + place] = slot
    }

    // MARK: - template

    private func template(_ node: TemplateNode, _ dot: Slot) throws(TemplateError) {
        at(node)
        guard let called = template(named: node.name) else {
            throw failure("template \(Quoting.string(node.name)) not defined")
        }
        if depth == limits.templateDepth {
            throw failure("exceeded maximum template depth (\(limits.templateDepth))")
        }
        try step()
        let data = try node.pipe.map { pipe throws(TemplateError) in try evaluate(pipe, dot) } ?? .invalid
        depth += 1
        try run(called, data)
        depth -= 1
    }
}
