// MARK: Macros (cel-spec, "Macros", and those of cel-go's extensions)

extension Parser {
    mutating func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ offset: Int
    ) -> Expression {
        if target == nil, name == "has", arguments.count == 1 {
            switch arguments[0].node {
            case .select(let operand, let field, false), .presence(let operand, let field):
                return made(.presence(operand, field: field), offset)
            default: return refuse("invalid argument to has() macro", arguments[0].offset)
            }
        }
        if target != nil, name == "optMap" || name == "optFlatMap", arguments.count == 2 {
            guard case .identifier = arguments[0].node else {
                return refuse("\(name)() variable name must be a simple identifier", arguments[0].offset)
            }
        }
        if let target, let macro = Expression.Macro(name, arguments: arguments.count) {
            return comprehension(macro, target, arguments, offset)
        }
        return made(.call(name, target: target, arguments), offset)
    }

    private mutating func comprehension(
        _ macro: Expression.Macro, _ target: Expression, _ arguments: [Expression], _ offset: Int
    ) -> Expression {
        var variables: [String] = []
        for argument in arguments.prefix(macro.variables(of: arguments.count)) {
            guard case .identifier(let variable) = argument.node else {
                return refuse(macro.misnamed, argument.offset)
            }
            if variables.first == variable { return refuse("duplicate variable name: \(variable)", argument.offset) }
            if variable == "__result__" {
                return refuse("iteration variable overwrites accumulator variable", argument.offset)
            }
            variables.append(variable)
        }
        if macro == .sortBy, !target.isSortable {
            return refuse(
                "sortBy can only be applied to a list, identifier, comprehension, call or select expression",
                target.offset)
        }
        let hasFilter = arguments.count == variables.count + 2
        return made(
            .comprehension(
                macro, target, variables: variables, filter: hasFilter ? arguments[variables.count] : nil,
                body: arguments[arguments.count - 1]), offset)
    }
}

extension Expression {
    fileprivate var isSortable: Bool {
        switch node {
        case .literal, .map, .message: false
        default: true
        }
    }
}

extension Expression.Macro {
    /// What is said where a variable is no name.
    fileprivate var misnamed: String {
        switch self {
        case .map, .filter, .sortBy: "argument is not an identifier"
        default: "argument must be a simple name"
        }
    }
}
