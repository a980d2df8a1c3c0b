/// What of the values that are written down cannot be, which shows when all types are known (cel-go's validators).
struct LiteralCheck {
    private let types: [Int: CELType]
    private var faults: [CELFault] = []
    /// Whether the elements of a list may be of different types: what a text is formatted with.
    private var mixes = false

    /// - Parameter types: of the parts of the expression, by their numbers.
    static func faults(in expression: Expression, _ types: [Int: CELType]) -> [CELFault] {
        var check = LiteralCheck(types: types)
        check.look(at: expression)
        return check.faults
    }

    private init(types: [Int: CELType]) { self.types = types }

    private mutating func fault(_ message: String, _ offset: Int) {
        faults.append(CELFault(offset: offset, message: message))
    }

    private mutating func look(at expression: Expression) {
        switch expression.node {
        case .call("format", let target?, let arguments): checkFormat(target, arguments, expression.offset)
        case .call(let name, _, let arguments): checkText(name, arguments)
        case .list(let elements) where !mixes: checkAlike(elements)
        case .map(let entries) where !mixes: checkAlike(entries)
        default: break
        }
        let before = mixes
        if case .call("format", _, _) = expression.node { mixes = true }
        expression.forEachPart { look(at: $0) }
        mixes = before
    }

    /// A text that is read as something else can be read before anything is evaluated.
    private mutating func checkText(_ name: String, _ arguments: [Expression]) {
        guard let argument = arguments.first, case .literal(let value) = argument.node else { return }
        let isRight: Bool
        switch (name, value) {
        case ("duration", .string(let text)): isRight = CELTime.duration(text) != nil
        case ("timestamp", .string(let text)): isRight = CELTime.timestamp(text) != nil
        case ("timestamp", .int(let seconds)): isRight = CELTime.range.contains(seconds)
        case ("matches", .string(let text)): isRight = Function.isPattern(text)
        default: return
        }
        if !isRight { fault("invalid \(name) argument", argument.offset) }
    }

    private func type(_ part: Expression, isOptional: Bool) -> CELType {
        let type = types[part.number] ?? .dyn
        return isOptional ? type.unwrapped ?? type : type
    }

    /// Lists and maps that are written down hold values of one type.
    private mutating func checkAlike(_ elements: [(element: Expression, isOptional: Bool)]) {
        guard let first = elements.first else { return }
        let wanted = type(first.element, isOptional: first.isOptional)
        for (part, isOptional) in elements.dropFirst() {
            let found = type(part, isOptional: isOptional)
            guard !wanted.isExactly(found) else { continue }
            return fault("expected type '\(wanted.name)' but found '\(found.name)'", part.offset)
        }
    }

    private mutating func checkAlike(_ entries: [(key: Expression, value: Expression, isOptional: Bool)]) {
        guard let first = entries.first else { return }
        let wanted = (type(first.key, isOptional: false), type(first.value, isOptional: first.isOptional))
        for entry in entries.dropFirst() {
            let found = (type(entry.key, isOptional: false), type(entry.value, isOptional: entry.isOptional))
            if !wanted.0.isExactly(found.0) {
                fault("expected type '\(wanted.0.name)' but found '\(found.0.name)'", entry.key.offset)
            }
            if !wanted.1.isExactly(found.1) {
                fault("expected type '\(wanted.1.name)' but found '\(found.1.name)'", entry.value.offset)
            }
        }
    }

    /// The verbs of a text that is written down, against the types of the values.
    private mutating func checkFormat(_ target: Expression, _ arguments: [Expression], _ offset: Int) {
        guard case .literal(.string(let text)) = target.node, arguments.count == 1,
            case .list(let values) = arguments[0].node
        else { return }
        var blamed = offset
        do throws(FormatText.Failure) {
            let (_, used) = try FormatText.filled(text, count: values.count, isPlanned: true) {
                verb, _, place throws(FormatText.Failure) in
                let value = values[place].element
                guard let (part, name) = refused(value, verb) else { return "" }
                blamed = part.offset
                throw FormatText.Failure(message: FormatText.refusal(verb, name) ?? "")
            }
            guard values.count > used else { return }
            fault("too many arguments supplied to string.format (expected \(used), got \(values.count))", offset)
        } catch {
            fault(error.message, error.argument == nil ? offset : blamed)
        }
    }

    /// The part of a value that its verb does not write, and the name of its type.
    private func refused(_ value: Expression, _ verb: Unicode.Scalar) -> (part: Expression, type: String)? {
        let type = types[value.number] ?? .dyn
        if !type.isDynamic, FormatText.refusal(verb, type.runtimeName) != nil { return (value, type.runtimeName) }
        guard verb == "s" else { return nil }
        switch value.node {
        case .list(let elements):
            for part in elements { if let found = refused(part.element, verb) { return found } }
        case .map(let entries):
            for entry in entries {
                if let found = refused(entry.key, verb) ?? refused(entry.value, verb) { return found }
            }
        default: break
        }
        return nil
    }
}

extension Expression {
    /// Goes through the parts of which it is made.
    func forEachPart(_ body: (Expression) -> Void) {
        switch node {
        case .literal, .identifier: return
        case .select(let operand, _, _), .presence(let operand, _): body(operand)
        case .index(let operand, let index, _):
            body(operand)
            body(index)
        case .call(_, let target, let arguments):
            target.map(body)
            arguments.forEach(body)
        case .list(let elements):
            for (part, _) in elements { body(part) }
        case .map(let entries):
            for entry in entries {
                body(entry.key)
                body(entry.value)
            }
        case .message(_, let fields): fields.forEach(body)
        case .comprehension(_, let range, _, let filter, let inner):
            body(range)
            filter.map(body)
            body(inner)
        }
    }
}
