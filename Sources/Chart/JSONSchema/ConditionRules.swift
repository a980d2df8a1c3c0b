import Document

/// The keywords that combine other schemas.
struct ConditionRules: Sendable {
    var not: Int?
    var all: [Int] = []
    var any: [Int] = []
    var one: [Int] = []
    /// `if`, with `then` and `else`.
    var condition: Int?
    var consequence: Int?
    var alternative: Int?

    var isEmpty: Bool { not == nil && all.isEmpty && any.isEmpty && one.isEmpty && condition == nil }
}

extension SchemaCompiler {
    mutating func conditionRules() -> ConditionRules? {
        guard has("applicator") else { return nil }
        var rules = ConditionRules()
        rules.all = children("allOf")
        rules.any = children("anyOf")
        rules.one = children("oneOf")
        rules.not = child("not")
        if draft >= .draft7 {
            rules.condition = child("if")
            if rules.condition != nil {
                let verdict = keywords.bool("if")
                if verdict != false { rules.consequence = child("then") }
                if verdict != true { rules.alternative = child("else") }
            }
        }
        return rules.isEmpty ? nil : rules
    }
}

extension SchemaValidation {
    mutating func checkConditions(_ rules: ConditionRules, _ frame: inout Frame) throws(JSONSchema.Failure) {
        if let not = rules.not, try checkSelf(not, &frame, quietly: true) == nil { try note(fault(.not), &frame) }
        if !rules.all.isEmpty { try checkAll(rules.all, &frame) }
        if !rules.any.isEmpty { try checkAny(rules.any, &frame) }
        if !rules.one.isEmpty { try checkOne(rules.one, &frame) }
        guard let condition = rules.condition else { return }
        let branch = try checkSelf(condition, &frame, quietly: true) == nil ? rules.consequence : rules.alternative
        if let branch { try note(checkSelf(branch, &frame), &frame) }
    }

    private mutating func checkAll(_ schemas: [Int], _ frame: inout Frame) throws(JSONSchema.Failure) {
        var causes: [SchemaFault] = []
        for schema in schemas {
            guard let cause = try checkSelf(schema, &frame) else { continue }
            causes.append(cause)
            if isQuiet { break }
        }
        if !causes.isEmpty { try note(fault(.all, causes), &frame) }
    }

    private mutating func checkAny(_ schemas: [Int], _ frame: inout Frame) throws(JSONSchema.Failure) {
        var causes: [SchemaFault] = []
        var hasMatched = false
        for schema in schemas {
            if let cause = try checkSelf(schema, &frame) {
                causes.append(cause)
            } else {
                hasMatched = true
                // The others may still evaluate what nothing has evaluated so far.
                if frame.unevaluated.isEmpty { break }
            }
        }
        if !hasMatched { try note(fault(.any, causes), &frame) }
    }

    private mutating func checkOne(_ schemas: [Int], _ frame: inout Frame) throws(JSONSchema.Failure) {
        var causes: [SchemaFault] = []
        var matched: Int?
        for (index, schema) in schemas.enumerated() {
            if let cause = try checkSelf(schema, &frame, quietly: matched != nil) {
                if matched == nil { causes.append(cause) }
            } else if let matched {
                return try note(fault(.severalOfOne(matched, index)), &frame)
            } else {
                matched = index
            }
        }
        if matched == nil { try note(fault(.noneOfOne, causes), &frame) }
    }
}
