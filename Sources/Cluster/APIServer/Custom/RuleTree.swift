import API
import CEL
import Document
import Schema

/// A rule of a CRD's schema (`x-kubernetes-validations`), compiled.
struct CustomRule: Sendable {
    let text: String
    let message: String
    let reason: FieldError.Kind
    /// Below the value, where the fault is to be told of: `spec.size`.
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
        /// Whether the rule itself is right as far as that shows before a program is made of it.
        var isCompiled = false
    }

    /// As messages name the type of the value.
    static let typeName = "selfType"

    private static let reasons: [String: FieldError.Kind] = [
        "FieldValueForbidden": .forbidden, "FieldValueRequired": .required, "FieldValueDuplicate": .duplicate,
    ]

    /// What messages call the rule.
    var shown: String { message.isEmpty ? text.trimmed : message.trimmed }

    /// - Parameter schema: what the rule is about.
    init(_ rule: Value, _ type: CELType, of schema: Value) throws(Fault) {
        text = rule["rule"]?.string ?? ""
        message = rule["message"]?.string ?? ""
        reason = CustomRule.reasons[rule["reason"]?.string ?? ""] ?? .invalid
        fieldPath = rule["fieldPath"]?.string.flatMap { SchemaPath.normalized($0, in: schema) } ?? ""
        hasOptionalOld = rule["optionalOldSelf"]?.bool ?? false
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Fault(field: "rule", error: .required, detail: "rule is not specified")
        }
        let variables = CustomRule.variables(rule, type)
        program = try CustomRule.compile(text, variables, "rule")
        guard case .bool = program.type else {
            throw Fault(field: "rule", error: .invalid, detail: "cel expression must evaluate to a bool")
        }
        if let failure = program.foldFailure {
            throw Fault(
                field: "rule", error: .invalid, detail: "program instantiation failed: \(failure.message)",
                isCompiled: true)
        }
        isTransition = program.mentions("oldSelf")
        let expression = rule["messageExpression"]?.string ?? ""
        guard !expression.isEmpty else {
            messageProgram = nil
            return
        }
        let program = try CustomRule.compile(expression, variables, "messageExpression")
        guard case .string = program.type else {
            throw Fault(
                field: "messageExpression", error: .invalid, detail: "messageExpression must evaluate to a string",
                isCompiled: true)
        }
        if let failure = program.foldFailure {
            throw Fault(
                field: "messageExpression", error: .invalid,
                detail: "messageExpression instantiation failed: \(failure.message)", isCompiled: true)
        }
        messageProgram = program
    }

    /// What a rule may refer to: the value, and what it was before.
    static func variables(_ rule: Value, _ type: CELType) -> [String: CELType] {
        ["self": type, "oldSelf": rule["optionalOldSelf"]?.bool == true ? .optional(type) : type]
    }

    private static func compile(
        _ source: String, _ variables: [String: CELType], _ field: String
    ) throws(Fault) -> CELProgram {
        do throws(CELFaults) {
            return try CELProgram(source, variables: variables)
        } catch {
            let isRule = field == "rule"
            let what = isRule ? "compilation failed" : "\(field) compilation failed"
            throw Fault(
                field: field, error: .invalid, detail: "\(what): \(error.text(in: source))", isCompiled: !isRule)
        }
    }
}

/// The rules of a schema, where they stand in it. Parts without any rule below them are left out.
final class RuleTree: Sendable {
    let type: CELType
    /// How a list is compared, where not as it stands.
    let association: Association?
    let rules: [CustomRule]
    /// Why other rules cannot be compiled: of what is stored, all can.
    let faults: [String]
    /// What the schema says that the value is.
    let shownType: String
    /// Whether messages leave the value out.
    let isCompound: Bool
    let properties: [Text: RuleTree]
    /// Of the elements of a list, or the values of a map.
    let items: RuleTree?
    /// By which keys elements of a list are the same as before; nil where they cannot be told.
    let listKeys: [Text]?

    /// - Returns: nil where there are no rules at all.
    init?(_ schema: Value, isRoot: Bool = false) {
        let type = CELType.of(schema, name: CustomRule.typeName, isRoot: isRoot) ?? .dyn
        self.type = type
        association = Association(schema)
        var rules: [CustomRule] = []
        var faults: [String] = []
        for rule in schema["x-kubernetes-validations"]?.array ?? [] {
            do throws(CustomRule.Fault) {
                rules.append(try CustomRule(rule, type, of: schema))
            } catch  where error.error == .invalid {
                faults.append(error.detail)
            } catch {}
        }
        (self.rules, self.faults) = (rules, faults)
        let name = schema["type"]?.string ?? ""
        shownType = "\"\(name)\""
        isCompound = name == "object" || name == "array"
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
        if rules.isEmpty && faults.isEmpty && properties.isEmpty && items == nil { return nil }
    }
}
