/// A compiled expression.
public struct CELProgram: Sendable {
    private let expression: Expression
    /// What its value will be, as far as that is known.
    public let type: CELType

    /// Compiles an expression.
    ///
    /// - Parameter variables: what it may refer to, by name.
    public init(_ source: String, variables: [String: CELType]) throws(CELFaults) {
        expression = try Parser.parse(source)
        type = try Checker.check(expression, variables).type
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
        // It was checked before, and found right.
        guard let notes = try? Checker.check(expression, variables).notes else { return .max }
        return CostEstimator(size, notes.types).estimate(expression).cost.most
    }

    /// Why it could not be evaluated whatever the variables are, which shows where it converts what is written down; nil if
    /// it may be (cel-go's planner folds such calls).
    public var foldFailure: CELError? { expression.foldFailure }

    /// Whether it refers to a variable of that name.
    public func mentions(_ name: String) -> Bool { expression.mentions(name) }

    /// Whether a text may be a variable's name.
    public static func isName(_ text: String) -> Bool { Parser.isName(text) }

    /// Whether an expression refers to a variable of that name; false for what is no expression.
    public static func mentions(_ name: String, in source: String) -> Bool {
        do throws(CELFaults) { return try Parser.parse(source).mentions(name) } catch { return false }
    }
}

extension Expression {
    func mentions(_ name: String) -> Bool {
        if case .identifier(let found) = node { return found == name }
        var found = false
        forEachPart { part in found = found || part.mentions(name) }
        return found
    }
}
