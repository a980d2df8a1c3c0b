import API
import CEL
import Document

/// A rule of a CRD's schema (`x-kubernetes-validations`), compiled.
struct CustomRule: Sendable {
    let text: String
    let message: String
    let reason: FieldError.Kind
    /// To which part of the value the rule belongs, as messages write it; empty for the whole.
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

    /// A path as validation writes it: names of fields with dots before them, keys of maps in brackets.
    private static func normal(_ path: String, _ type: CELType) -> String {
        var (type, rest, normal) = (type, path[...], "")
        while let mark = rest.popFirst() {
            var name = ""
            if mark == "[" {
                rest = rest.dropFirst()
                while let character = rest.popFirst(), character != "'" {
                    name.append(character == "\\" ? rest.popFirst() ?? character : character)
                }
                rest = rest.dropFirst()
            } else {
                let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
                name = String(rest[..<end])
                rest = rest[end...]
            }
            normal += type.isMap ? "[\(name)]" : normal.isEmpty ? name : ".\(name)"
            type = type.part(name) ?? .dyn
        }
        return normal
    }

    /// As messages name it: by its own message if it has one.
    var name: String { CustomRule.trimmed(message.isEmpty ? text : message) }

    static func trimmed(_ text: String) -> String {
        let start = text.unicodeScalars.drop(while: \.properties.isWhitespace)
        let body = start.reversed().drop(while: \.properties.isWhitespace).reversed()
        var result = ""
        result.unicodeScalars.append(contentsOf: body)
        return result
    }

    /// As messages name the type of the value.
    static let typeName = "selfType"

    private static let reasons: [String: FieldError.Kind] = [
        "FieldValueForbidden": .forbidden, "FieldValueRequired": .required, "FieldValueDuplicate": .duplicate,
    ]

    init(_ rule: Value, _ type: CELType) throws(Fault) {
        text = rule["rule"]?.string ?? ""
        message = rule["message"]?.string ?? ""
        fieldPath = CustomRule.normal(rule["fieldPath"]?.string ?? "", type)
        reason = CustomRule.reasons[rule["reason"]?.string ?? ""] ?? .invalid
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
                field: "rule", error: .invalid, detail: "program instantiation failed: \(failure.message)")
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
                field: "messageExpression", error: .invalid, detail: "messageExpression must evaluate to a string")
        }
        if let failure = program.foldFailure {
            throw Fault(
                field: "messageExpression", error: .invalid,
                detail: "messageExpression instantiation failed: \(failure.message)")
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
            throw Fault(field: field, error: .invalid, detail: "compilation failed: \(error.text(in: source))")
        }
    }
}

/// The rules of a schema, where they stand in it. Parts without any rule below them are left out.
final class RuleTree: Sendable {
    let type: CELType
    /// As the schema names the type.
    let kind: String
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
        let type = CELType.of(schema, name: CustomRule.typeName, isRoot: isRoot) ?? .dyn
        self.type = type
        kind = schema["type"]?.string ?? ""
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
