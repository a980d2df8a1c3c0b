/// A part of an expression, with the place where it stands.
struct Expression: Sendable {
    /// What the comprehension macros make of a list or the keys of a map.
    enum Macro: String, Sendable {
        case all, exists, existsOne, map, filter, transformList, transformMap, transformMapEntry, sortBy

        /// Nil where that many arguments make no such macro.
        init?(_ name: String, arguments count: Int) {
            guard let macro = Macro(rawValue: name == "exists_one" ? "existsOne" : name),
                macro.counts.contains(count), name != "existsOne" || count == 3
            else { return nil }
            self = macro
        }

        private var counts: ClosedRange<Int> {
            switch self {
            case .all, .exists, .existsOne, .map: 2...3
            case .filter, .sortBy: 2...2
            case .transformList, .transformMap, .transformMapEntry: 3...4
            }
        }

        /// How many variables it has with that many arguments: elements or keys alone, or places and keys with values.
        func variables(of count: Int) -> Int {
            switch self {
            case .all, .exists, .existsOne: count - 1
            case .map, .filter, .sortBy: 1
            case .transformList, .transformMap, .transformMapEntry: 2
            }
        }

        /// Whether its body is a condition.
        var asks: Bool {
            switch self {
            case .all, .exists, .existsOne, .filter: true
            case .map, .transformList, .transformMap, .transformMapEntry, .sortBy: false
            }
        }
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
        /// `name{field: value}`
        case message(String, fields: [Expression])
        /// `range.macro(variable, filter, body)`; what makes lists and maps may have a filter before what it makes.
        case comprehension(Macro, Expression, variables: [String], filter: Expression?, body: Expression)
    }

    /// The names of a dotted name; nil for anything else.
    var dotted: String? {
        switch node {
        case .identifier(let name): name
        case .select(let operand, let field, false): operand.dotted.map { "\($0).\(field)" }
        default: nil
        }
    }

    let node: Node
    /// How many characters stand before it.
    let offset: Int
    /// Which part of the whole it is: each has a number of its own.
    let number: Int
}
