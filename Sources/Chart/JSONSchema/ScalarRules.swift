import Document
import Pattern

/// The keywords that ask something of strings.
struct StringRules: Sendable {
    var minimum: Int?
    var maximum: Int?
    var pattern: (text: Text, expression: RegularExpression)?
}

/// The keywords that ask something of numbers.
struct NumberRules: Sendable {
    var minimum: ExactNumber?
    var maximum: ExactNumber?
    var exclusiveMinimum: ExactNumber?
    var exclusiveMaximum: ExactNumber?
    var divisor: ExactNumber?
}

extension SchemaCompiler {
    func stringRules() throws(JSONSchema.Failure) -> StringRules? {
        guard has("validation") else { return nil }
        var rules = StringRules(minimum: keywords.int("minLength"), maximum: keywords.int("maxLength"))
        if let pattern = keywords.text("pattern") { rules.pattern = (pattern, try expression("pattern", pattern)) }
        return rules.minimum == nil && rules.maximum == nil && rules.pattern == nil ? nil : rules
    }

    func numberRules() -> NumberRules? {
        guard has("validation") else { return nil }
        var rules = NumberRules(
            minimum: keywords.number("minimum"), maximum: keywords.number("maximum"),
            exclusiveMinimum: keywords.number("exclusiveMinimum"),
            exclusiveMaximum: keywords.number("exclusiveMaximum"), divisor: keywords.number("multipleOf"))
        // Draft 4's booleans turn the bound beside them into an exclusive one.
        if keywords.isSet("exclusiveMinimum") {
            (rules.exclusiveMinimum, rules.minimum) = (rules.minimum, nil)
        }
        if keywords.isSet("exclusiveMaximum") {
            (rules.exclusiveMaximum, rules.maximum) = (rules.maximum, nil)
        }
        let bounds = [
            rules.minimum, rules.maximum, rules.exclusiveMinimum, rules.exclusiveMaximum, rules.divisor,
        ]
        return bounds.allSatisfy { $0 == nil } ? nil : rules
    }
}

extension SchemaValidation {
    mutating func checkString(
        _ rules: StringRules, _ text: Text, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        if rules.minimum != nil || rules.maximum != nil {
            let length = text.string.unicodeScalars.count
            if let minimum = rules.minimum, length < minimum {
                try note(fault(.bound("minLength", got: length, want: minimum)), &frame)
            }
            if let maximum = rules.maximum, length > maximum {
                try note(fault(.bound("maxLength", got: length, want: maximum)), &frame)
            }
        }
        if let (pattern, expression) = rules.pattern, !expression.matches(text.bytes) {
            try note(fault(.pattern(got: text, want: pattern)), &frame)
        }
    }

    mutating func checkNumber(
        _ rules: NumberRules, _ number: InstanceNumber, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        guard let value = number.exact else { return }
        func limit(_ keyword: String, _ bound: ExactNumber) -> SchemaFault.Kind {
            .limit(keyword, got: value.double, want: bound.double)
        }
        if let bound = rules.minimum, value < bound { try note(fault(limit("minimum", bound)), &frame) }
        if let bound = rules.maximum, bound < value { try note(fault(limit("maximum", bound)), &frame) }
        if let bound = rules.exclusiveMinimum, value.compare(bound) <= 0 {
            try note(fault(limit("exclusiveMinimum", bound)), &frame)
        }
        if let bound = rules.exclusiveMaximum, value.compare(bound) >= 0 {
            try note(fault(limit("exclusiveMaximum", bound)), &frame)
        }
        if let divisor = rules.divisor, !divisor.digits.isEmpty {
            try count(value.divisionCost(by: divisor) / 100)
            if !value.isMultiple(of: divisor) { try note(fault(limit("multipleOf", divisor)), &frame) }
        }
    }
}
