import API
import CEL
import Document

/// What is wrong with the rules of a definition.
struct RuleCompilation {
    private var faults: [FieldError] = []
    /// What all rules of a schema may cost together, and those that cost much of it.
    private var total: UInt64 = 0
    private var expensive: [(path: String, cost: UInt64)] = []

    /// - Parameter known: what is wrong with the definition already: rules of a schema that is none are not looked at.
    static func faults(of definition: Value, after known: [FieldError]) -> [FieldError] {
        let versions = definition["spec", "versions"]?.array ?? []
        let schemas = Set(versions.map { $0["schema", "openAPIV3Schema"] ?? .null })
        var faults: [FieldError] = []
        for (index, version) in versions.enumerated() {
            guard let schema = version["schema", "openAPIV3Schema"] else { continue }
            // One version's schema counts as that of the whole: upstream's internal form has it there.
            if schemas.count == 1, index > 0 { continue }
            let isShared = schemas.count == 1
            let place = isShared ? "spec.validation.openAPIV3Schema" : "spec.versions[\(index)].schema.openAPIV3Schema"
            if known.contains(where: { $0.field.hasPrefix(place) }) { continue }
            var compilation = RuleCompilation()
            compilation.check(schema, place, within: 1, isRoot: true)
            compilation.checkTotal(place)
            faults += compilation.faults
        }
        return faults
    }

    /// - Parameters:
    ///   - count: how many values of the schema there may be in an object; nil where nothing bounds them.
    ///   - blurred: the part around it of which nobody can say what it was before, if there is one.
    private mutating func check(
        _ schema: Value, _ place: String, within count: UInt64?, isRoot: Bool = false, blurred: String? = nil
    ) {
        let rules = schema["x-kubernetes-validations"]?.array ?? []
        if !rules.isEmpty {
            let size = DeclaredSize.of(schema, isRoot: isRoot)
            let type = CELType.of(schema, name: CustomRule.typeName, isRoot: isRoot) ?? .dyn
            for (index, rule) in rules.enumerated() {
                let place = "\(place).x-kubernetes-validations[\(index)]"
                check(rule, type, size, count, place)
                checkOldSelf(rule, place, blurred)
            }
        }
        let inner = RuleCompilation.most(in: schema).flatMap { most in count.map { CostRange.product($0, most) } }
        for member in schema["properties"]?.object ?? [:] {
            let blurred = blurred ?? (schema["x-kubernetes-map-type"] == "atomic" ? place : nil)
            check(member.value, "\(place).properties[\(member.key.string)]", within: inner, blurred: blurred)
        }
        for key: Text in ["items", "additionalProperties"] {
            guard let value = schema[key], value.object != nil else { continue }
            let isBlurred = key == "items" && schema["x-kubernetes-list-type"] != "map"
            check(
                value, "\(place).\(key.string)", within: inner, blurred: blurred ?? (isBlurred ? place : nil))
        }
    }

    /// Rules of changes need to know what the value was before.
    private mutating func checkOldSelf(_ rule: Value, _ place: String, _ blurred: String?) {
        let text = rule["rule"]?.string ?? ""
        guard CELProgram.mentions("oldSelf", in: text) else {
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

    private mutating func check(
        _ rule: Value, _ type: CELType, _ size: DeclaredSize?, _ count: UInt64?, _ place: String
    ) {
        do throws(CustomRule.Fault) {
            let compiled = try CustomRule(rule, type)
            guard let size else { return }
            let variables = CustomRule.variables(rule, type)
            let once = compiled.program.worstCost(variables, size)
            charge(CostRange.product(once, count ?? size.cardinality), "rule", place)
            if let program = compiled.messageProgram {
                charge(program.worstCost(variables, size), "messageExpression", place)
            }
        } catch {
            faults.append(
                FieldError(
                    error.error, "\(place).\(error.field)", shownValue: RuleCompilation.shown(rule),
                    detail: error.detail))
        }
    }

    private mutating func charge(_ cost: UInt64, _ field: String, _ place: String) {
        if cost > RuleCost.limit {
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

    /// A rule as Go prints upstream's internal struct.
    private static func shown(_ rule: Value) -> String {
        func text(_ key: Text) -> String { JSON.text(rule[key] ?? "").string }
        return "{\"Rule\":\(text("rule")),\"Message\":\(text("message")),\"MessageExpression\":"
            + "\(text("messageExpression")),\"Reason\":\(rule["reason"] == nil ? "null" : text("reason")),"
            + "\"FieldPath\":\(text("fieldPath")),\"OptionalOldSelf\":"
            + "\(rule["optionalOldSelf"]?.bool.map(String.init) ?? "null")}"
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
