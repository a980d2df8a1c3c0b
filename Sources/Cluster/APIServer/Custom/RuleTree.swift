import API
import CEL
import Document

/// A rule of a CRD's schema (`x-kubernetes-validations`), compiled.
struct CustomRule: Sendable {
    let text: String
    let message: String
    let reason: FieldError.Kind
    let fieldPath: String
    let program: CELProgram
    let messageProgram: CELProgram?
    /// Whether the rule is about a change, and so is only asked when there is a state before.
    let isTransition: Bool
    let hasOptionalOld: Bool

    /// What is wrong with a rule.
    struct Fault: Error {
        /// `rule` or `messageExpression`
        let field: String
        let error: FieldError.Kind
        let detail: String
    }

    private static let reasons: [String: FieldError.Kind] = [
        "FieldValueForbidden": .forbidden, "FieldValueRequired": .required, "FieldValueDuplicate": .duplicate,
    ]

    init(_ rule: Value, _ type: CELType) throws(Fault) {
        text = rule["rule"]?.string ?? ""
        message = rule["message"]?.string ?? ""
        fieldPath = rule["fieldPath"]?.string ?? ""
        reason = CustomRule.reasons[rule["reason"]?.string ?? ""] ?? .invalid
        hasOptionalOld = rule["optionalOldSelf"]?.bool ?? false
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Fault(field: "rule", error: .required, detail: "rule is not specified")
        }
        let variables: [String: CELType] = ["self": type, "oldSelf": hasOptionalOld ? .optional(type) : type]
        program = try CustomRule.compile(text, variables, "rule")
        guard program.type.isPossibly(.bool) else {
            throw Fault(field: "rule", error: .invalid, detail: "cel expression must evaluate to a bool")
        }
        isTransition = program.mentions("oldSelf")
        let expression = rule["messageExpression"]?.string ?? ""
        guard !expression.isEmpty else {
            messageProgram = nil
            return
        }
        let program = try CustomRule.compile(expression, variables, "messageExpression")
        guard program.type.isPossibly(.string) else {
            throw Fault(
                field: "messageExpression", error: .invalid, detail: "messageExpression must evaluate to a string")
        }
        messageProgram = program
    }

    private static func compile(
        _ source: String, _ variables: [String: CELType], _ field: String
    ) throws(Fault) -> CELProgram {
        do throws(CELFault) {
            return try CELProgram(source, variables: variables)
        } catch {
            throw Fault(field: field, error: .invalid, detail: "compilation failed: \(error.text(in: source))")
        }
    }
}

/// The rules of a schema, where they stand in it. Parts without any rule below them are left out.
final class RuleTree: Sendable {
    let type: CELType
    /// How a list is compared, where not as it stands.
    let association: Association?
    let rules: [CustomRule]
    let properties: [Text: RuleTree]
    /// Of the elements of a list, or the values of a map.
    let items: RuleTree?
    /// By which keys elements of a list are the same as before; nil where they cannot be told.
    let listKeys: [Text]?

    /// - Returns: nil where there are no rules at all.
    init?(_ schema: Value, isRoot: Bool = false) {
        let type = CELType.of(schema, isRoot: isRoot)
        self.type = type
        association = Association(schema)
        // What cannot be compiled was refused when the definition was made.
        rules = (schema["x-kubernetes-validations"]?.array ?? []).compactMap { rule in
            do throws(CustomRule.Fault) { return try CustomRule(rule, type) } catch { return nil }
        }
        var properties: [Text: RuleTree] = [:]
        for member in schema["properties"]?.object ?? [:] {
            if let tree = RuleTree(member.value) { properties[member.key] = tree }
        }
        self.properties = properties
        let inner = schema["items"] ?? schema["additionalProperties"]
        items = inner.flatMap { $0.object == nil ? nil : RuleTree($0) }
        listKeys =
            schema["x-kubernetes-list-type"] == "map"
            ? schema["x-kubernetes-list-map-keys"]?.array?.compactMap { $0.string.map { Text($0) } } : nil
        if rules.isEmpty && properties.isEmpty && items == nil { return nil }
    }
}

/// What is wrong with the rules of a definition.
enum RuleCompilation {
    static func faults(of definition: Value) -> [FieldError] {
        let versions = definition["spec", "versions"]?.array ?? []
        let schemas = Set(versions.map { $0["schema", "openAPIV3Schema"] ?? .null })
        var faults: [FieldError] = []
        for (index, version) in versions.enumerated() {
            guard let schema = version["schema", "openAPIV3Schema"] else { continue }
            // One version's schema counts as that of the whole: upstream's internal form has it there.
            if schemas.count == 1, index > 0 { continue }
            let isShared = schemas.count == 1
            let place = isShared ? "spec.validation.openAPIV3Schema" : "spec.versions[\(index)].schema.openAPIV3Schema"
            check(schema, place, isRoot: true, &faults)
        }
        return faults
    }

    private static func check(_ schema: Value, _ place: String, isRoot: Bool = false, _ faults: inout [FieldError]) {
        let rules = schema["x-kubernetes-validations"]?.array ?? []
        let type = rules.isEmpty ? CELType.dyn : CELType.of(schema, isRoot: isRoot)
        for (index, rule) in rules.enumerated() {
            do throws(CustomRule.Fault) {
                _ = try CustomRule(rule, type)
            } catch {
                let path = "\(place).x-kubernetes-validations[\(index)].\(error.field)"
                faults.append(FieldError(error.error, path, shownValue: shown(rule), detail: error.detail))
            }
        }
        for member in schema["properties"]?.object ?? [:] {
            check(member.value, "\(place).properties[\(member.key.string)]", &faults)
        }
        for key: Text in ["items", "additionalProperties"] {
            if let inner = schema[key], inner.object != nil { check(inner, "\(place).\(key.string)", &faults) }
        }
    }

    private static func check(_ schema: Value, _ place: String, _ faults: inout [FieldError]) {
        check(schema, place, isRoot: false, &faults)
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
