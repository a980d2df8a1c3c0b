import API
import CEL
import Document
import Schema

/// What is wrong with the rules of a definition.
struct RuleCompilation {
    private var faults: [FieldError] = []
    /// What all rules of a schema may cost together, and those that cost much of it.
    private var total: UInt64 = 0
    private var expensive: [(path: String, cost: UInt64)] = []

    /// What is wrong with the schema already: rules around such a place are not looked at.
    private let known: [FieldError]
    /// Whether a single rule may cost what it likes, for it did before.
    private let isKept: Bool

    private init(after known: [FieldError], isKept: Bool) {
        self.known = known
        self.isKept = isKept
    }

    static func faults(
        of schema: Value, at place: String, after known: [FieldError], isKept: Bool
    ) -> [FieldError] {
        var compilation = RuleCompilation(after: known, isKept: isKept)
        compilation.check(schema, place, within: 1, isRoot: true)
        compilation.checkTotal(place)
        return compilation.faults
    }

    /// - Parameters:
    ///   - count: how many values of the schema there may be in an object; nil where nothing bounds them.
    ///   - blurred: the part around it of which nobody can say what it was before, if there is one.
    private mutating func check(
        _ schema: Value, _ place: String, within count: UInt64?, isRoot: Bool = false, blurred: String? = nil
    ) {
        // The inner before the outer.
        let inner = RuleCompilation.most(in: schema).flatMap { most in count.map { CostRange.product($0, most) } }
        func below(_ key: Text, blurred: String?) {
            guard let value = schema[key], value.object != nil else { return }
            check(value, "\(place).\(key.string)", within: inner, blurred: blurred)
        }
        below("additionalProperties", blurred: blurred)
        for member in schema["properties"]?.object ?? [:] {
            check(member.value, "\(place).properties[\(member.key.string)]", within: inner, blurred: blurred)
        }
        let isBlurred = schema["x-kubernetes-list-type"] != "map"
        below("items", blurred: blurred ?? (isBlurred ? place : nil))
        let rules = schema["x-kubernetes-validations"]?.array ?? []
        guard !rules.isEmpty, !known.contains(where: { $0.field.isBelow(place) }) else { return }
        let size = DeclaredSize.of(schema, isRoot: isRoot)
        guard let type = CELType.of(schema, name: CustomRule.typeName, isRoot: isRoot) else { return refuseType(place) }
        for (index, rule) in rules.enumerated() {
            let place = "\(place).x-kubernetes-validations[\(index)]"
            let isSound = check(rule, type, schema, size, count, place)
            checkOldSelf(rule, place, blurred, isSound: isSound)
        }
    }

    /// Nothing can be said of a value of which the schema does not say what it is.
    private mutating func refuseType(_ place: String) {
        faults.append(
            FieldError(
                .internalError, "\(place).x-kubernetes-validations", shownValue: "",
                detail:
                    "internal error: failed to construct type information for x-kubernetes-validations rules: unable "
                    + "to convert structural schema to CEL declarations"))
    }

    /// Rules of changes need to know what the value was before.
    ///
    /// - Parameter isSound: whether the rule could be compiled, so that it is known what it speaks of.
    private mutating func checkOldSelf(_ rule: Value, _ place: String, _ blurred: String?, isSound: Bool) {
        let text = rule["rule"]?.string ?? ""
        guard isSound, CELProgram.mentions("oldSelf", in: text) else {
            guard let option = rule["optionalOldSelf"], !option.isNull else { return }
            faults.append(
                FieldError(
                    .invalid, "\(place).optionalOldSelf", value: option,
                    detail: "may not be set if oldSelf is not used in rule"))
            return
        }
        guard let blurred else { return }
        faults.append(
            FieldError(
                .invalid, "\(place).rule", value: .string(text),
                detail: "oldSelf cannot be used on the uncorrelatable portion of the schema within \(blurred)"))
    }

    /// How many parts a value of a schema may have; nil where it does not say.
    private static func most(in schema: Value) -> UInt64? {
        let limit: Value?
        switch schema["type"]?.string {
        case "array": limit = schema["maxItems"]
        case "object" where schema["additionalProperties"] != nil: limit = schema["maxProperties"]
        default: return 1
        }
        return limit?.int.map { UInt64(max(0, $0)) }
    }

    /// Tells whether the rule itself could be compiled.
    private mutating func check(
        _ rule: Value, _ type: CELType, _ schema: Value, _ size: DeclaredSize?, _ count: UInt64?, _ place: String
    ) -> Bool {
        do throws(CustomRule.Fault) {
            let compiled = try CustomRule(rule, type, of: schema)
            guard let size else { return true }
            let variables = CustomRule.variables(rule, type)
            let once = compiled.program.worstCost(variables, size)
            charge(CostRange.product(once, count ?? size.cardinality), "rule", place)
            if let program = compiled.messageProgram {
                charge(program.worstCost(variables, size), "messageExpression", place)
            }
            return true
        } catch {
            faults.append(
                FieldError(
                    error.error, "\(place).\(error.field)", shownValue: SchemaDump.rule(rule),
                    detail: error.detail))
            return error.isCompiled
        }
    }

    private mutating func charge(_ cost: UInt64, _ field: String, _ place: String) {
        if !isKept, cost > RuleCost.limit {
            forbid("\(place).\(field)", RuleCost.text("estimated \(field) cost", cost, RuleCost.limit))
        }
        let (sum, overflows) = total.addingReportingOverflow(cost)
        total = overflows ? .max : sum
        if cost >= RuleCost.totalLimit / 100 { expensive.append(("\(place).\(field)", cost)) }
    }

    private mutating func checkTotal(_ place: String) {
        guard total > RuleCost.totalLimit else { return }
        for rule in expensive.sorted(by: { $0.cost > $1.cost }).prefix(4) {
            forbid(
                rule.path, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema")
        }
        let what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema"
        forbid(place, RuleCost.text(what, total, RuleCost.totalLimit))
    }

    private mutating func forbid(_ place: String, _ detail: String) {
        faults.append(FieldError(.forbidden, place, shownValue: "", detail: detail))
    }
}

extension String {
    /// Whether this is the place of a part of what stands there, or that place itself.
    fileprivate func isBelow(_ place: String) -> Bool {
        guard hasPrefix(place) else { return false }
        let rest = utf8.dropFirst(place.utf8.count).first
        return rest == nil || rest == UInt8(ascii: ".") || rest == UInt8(ascii: "[")
    }
}

/// What rules may cost by estimate before anything is evaluated (Kubernetes documentation, "CRD validation rules").
private enum RuleCost {
    /// For one expression.
    static let limit: UInt64 = 10_000_000
    /// For all of a schema.
    static let totalLimit: UInt64 = 100_000_000

    static func text(_ what: String, _ cost: UInt64, _ limit: UInt64) -> String {
        "\(what) exceeds budget by factor of \(factor(Double(cost) / Double(limit))) (try simplifying the rule, or adding "
            + "maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
    }

    private static func factor(_ factor: Double) -> String {
        if factor > 100 { return "more than 100x" }
        // Not "1.0x", which would be within the budget.
        let digits = factor < 1.5 ? 6 : 1
        let text = String(Int((factor * (digits == 6 ? 1_000_000 : 10)).rounded(.toNearestOrEven)))
        return "\(text.dropLast(digits)).\(text.suffix(digits))x"
    }
}
