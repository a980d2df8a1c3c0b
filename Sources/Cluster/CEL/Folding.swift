extension Expression {
    /// What an evaluation would fail with whatever the variables are: cel-go's planner converts what is written down, and
    /// reads the patterns that are, when the program is made.
    var foldFailure: CELError? {
        do throws(CELError) { _ = try folded() } catch { return error }
        return nil
    }

    private static let conversions: Set<String> = [
        "bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint",
    ]

    /// The value of a part that is the same in every evaluation, as far as the planner looks; nil for the others.
    private func folded() throws(CELError) -> CELValue? {
        switch node {
        case .literal(let value): return value
        case .list(let elements):
            var values: [CELValue] = []
            for (element, isOptional) in elements {
                if let value = try element.folded(), !isOptional { values.append(value) }
            }
            return values.count == elements.count ? .list(values) : nil
        case .call(let name, nil, let arguments) where Self.conversions.contains(name) && arguments.count == 1:
            guard let value = try arguments[0].folded() else { return nil }
            return try Function.apply(name, [value])
        case .call("matches", nil, let arguments) where arguments.count == 2:
            _ = try arguments[0].folded()
            if case .string(let text)? = try arguments[1].folded() { _ = try Function.pattern(text) }
            return nil
        case .call("find", let target?, let arguments), .call("findAll", let target?, let arguments):
            _ = try target.folded()
            for (index, argument) in arguments.enumerated() {
                guard case .string(let text)? = try argument.folded(), index == 0 else { continue }
                _ = try Function.pattern(text)
            }
            return nil
        default:
            var failure: CELError?
            forEachPart { part in failure = failure ?? part.foldFailure }
            if let failure { throw failure }
            return nil
        }
    }
}
