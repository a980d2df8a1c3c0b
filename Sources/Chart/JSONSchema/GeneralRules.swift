import Document

/// The keywords that ask the same of values of any type; a fault of one of them ends the check of a schema.
struct GeneralRules: Sendable {
    /// `type`
    var types: SchemaType = []
    /// `const`
    var constant: Value?
    /// `enum`
    var choices: [Value]?
    /// `format`
    var format: SchemaFormat?
}

extension SchemaCompiler {
    func generalRules() -> GeneralRules {
        var rules = GeneralRules()
        if has("validation") {
            if let type = keywords.object["type"] { rules.types = SchemaType(keyword: type) }
            rules.choices = keywords.object["enum"]?.array
            if draft >= .draft6 { rules.constant = keywords.object["const"] }
        }
        if checksFormats, let name = keywords.text("format") { rules.format = SchemaFormat.named(name.string) }
        return rules
    }
}

extension SchemaValidation {
    /// The fault that ends the check of a schema, if there is one.
    mutating func generalFault(_ rules: GeneralRules, _ value: Instance) throws(JSONSchema.Failure) -> SchemaFault? {
        let type = value.type
        if !rules.types.isEmpty, !rules.types.contains(type) {
            var isWhole = false
            if rules.types.contains(.integer), case .number(let number) = value { isWhole = number.isInteger }
            if !isWhole { return fault(.type(got: type.names.first ?? "", want: rules.types.names)) }
        }
        if let constant = rules.constant, !(value == Instance(constant)) { return fault(.constant(constant)) }
        if let choices = rules.choices {
            try count(choices.count)
            if !choices.contains(where: { value == Instance($0) }) { return fault(.choice(choices)) }
        }
        if let format = rules.format, case .string(let text) = value, let words = format.fault(text) {
            return fault(.format(got: text, want: format.name, words))
        }
        return nil
    }
}
