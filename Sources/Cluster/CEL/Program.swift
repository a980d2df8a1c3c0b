/// A compiled expression.
public struct CELProgram: Sendable {
    private let expression: Expression
    /// What its value will be, as far as that is known.
    public let type: CELType

    /// Compiles an expression.
    ///
    /// - Parameter variables: what it may refer to, by name.
    public init(_ source: String, variables: [String: CELType]) throws(CELFault) {
        expression = try Parser.parse(source)
        type = try Checker(variables).check(expression)
    }

    /// Evaluates it; what that costs is taken off the budget.
    public func evaluate(_ variables: [String: CELValue], _ budget: inout CELBudget) throws(CELError) -> CELValue {
        var evaluator = Evaluator(variables, limit: min(budget.single, budget.total))
        defer { budget.total -= evaluator.steps }
        return try evaluator.evaluate(expression)
    }

    /// What an evaluation may cost at most, by the sizes of what the variables may be (Kubernetes documentation, "CRD
    /// validation rules", resource use).
    ///
    /// - Parameters:
    ///   - variables: those that it was compiled with.
    ///   - size: that of each variable.
    public func worstCost(_ variables: [String: CELType], _ size: DeclaredSize) -> UInt64 {
        let notes = Checker.Notes()
        // It was checked before, and found right.
        guard (try? Checker(variables, notes: notes).check(expression)) != nil else { return .max }
        return CostEstimator(size, notes.types).estimate(expression).cost.most
    }

    /// Whether it refers to a variable of that name.
    public func mentions(_ name: String) -> Bool { expression.mentions(name) }

    /// Whether an expression refers to a variable of that name; false for what is no expression.
    public static func mentions(_ name: String, in source: String) -> Bool {
        do throws(CELFault) { return try Parser.parse(source).mentions(name) } catch { return false }
    }
}

extension Expression {
    func mentions(_ name: String) -> Bool {
        switch node {
        case .literal: false
        case .identifier(let found): found == name
        case .select(let operand, _, _), .presence(let operand, _): operand.mentions(name)
        case .index(let operand, let index, _): operand.mentions(name) || index.mentions(name)
        case .call(_, let target, let arguments):
            (target?.mentions(name) ?? false) || arguments.contains { $0.mentions(name) }
        case .list(let elements): elements.contains { $0.element.mentions(name) }
        case .map(let entries): entries.contains { $0.key.mentions(name) || $0.value.mentions(name) }
        case .comprehension(_, let range, _, let filter, let body):
            range.mentions(name) || (filter?.mentions(name) ?? false) || body.mentions(name)
        }
    }
}
