/// A part of an expression, with the place where it stands.
struct Expression: Sendable {
    /// What the comprehension macros make of a list or the keys of a map.
    enum Macro: String, Sendable {
        case all, exists, existsOne = "exists_one", map, filter
    }

    indirect enum Node: Sendable {
        case literal(CELValue)
        case identifier(String)
        /// `operand.field`, or `operand.?field`
        case select(Expression, field: String, isOptional: Bool)
        /// `has(operand.field)`
        case presence(Expression, field: String)
        /// `operand[index]`, or `operand[?index]`
        case index(Expression, Expression, isOptional: Bool)
        /// `name(arguments)`, `target.name(arguments)`, and operators under their names (`_+_`)
        case call(String, target: Expression?, [Expression])
        case list([(element: Expression, isOptional: Bool)])
        case map([(key: Expression, value: Expression, isOptional: Bool)])
        /// `range.macro(variable, filter, body)`; map alone may have a filter before what it makes.
        case comprehension(Macro, Expression, variable: String, filter: Expression?, body: Expression)
    }

    let node: Node
    /// How many characters stand before it.
    let offset: Int
    /// Which part of the whole it is: each has a number of its own.
    let number: Int
}

/// Why an expression cannot be compiled.
public struct CELFault: Error, Sendable, Hashable {
    /// How many characters stand before the place.
    public let offset: Int
    public let message: String

    /// The text with the place, as cel-go shows it.
    public func text(in source: String) -> String {
        var line = 1
        var column = 0
        var start = source.startIndex
        for (index, character) in zip(source.indices, source).prefix(offset) {
            column += 1
            if character == "\n" {
                line += 1
                column = 0
                start = source.index(after: index)
            }
        }
        let shown = source[start...].prefix { $0 != "\n" }
        return "ERROR: <input>:\(line):\(column + 1): \(message)\n | \(shown)\n | "
            + String(repeating: ".", count: column) + "^"
    }
}
