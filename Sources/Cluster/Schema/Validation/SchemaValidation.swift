import API
import Document

/// A value against the constraints of a CRD's schema.
struct SchemaValidation {
    var faults = Faults()

    mutating func checkRoot(_ object: Value, _ structure: Structure, _ constraints: Constraints) {
        checkMembers(object.object ?? [:], structure, constraints, "")
        checkJunctors(object, constraints, "")
    }

    mutating func check(_ value: Value, _ shape: Shape, _ path: String) {
        guard let constraints = shape.constraints else { return }
        if value.isNull, constraints.isNullable { return }
        guard checkType(value, constraints, path) else { return }
        switch value {
        case .object(let object):
            checkCount(object, constraints, path)
            if let structure = shape.structure {
                checkMembers(object, structure, constraints, path)
            } else if case .map(let item) = shape.form {
                for member in object { check(member.value, item, "\(path).\(member.key)") }
            }
        case .array(let elements): checkElements(elements, shape, constraints, path)
        case .string(let text): checkText(text, constraints, path)
        case .number(let number): checkNumber(number, constraints, path)
        case .bool, .null: break
        }
        checkEnumeration(value, constraints, path)
        checkJunctors(value, constraints, path)
    }

    private mutating func checkMembers(
        _ object: Object, _ structure: Structure, _ constraints: Constraints, _ path: String
    ) {
        for name in constraints.required where object[name] == nil {
            faults.required(path.isEmpty ? name.string : "\(path).\(name)")
        }
        for member in object {
            guard let field = structure.field(member.key), field.shape.constraints != nil else { continue }
            check(member.value, field.shape, path.isEmpty ? member.key.string : "\(path).\(member.key)")
        }
    }

    /// Tells whether the value has the right type, so that the rest can be looked at.
    private mutating func checkType(_ value: Value, _ constraints: Constraints, _ path: String) -> Bool {
        let wanted =
            constraints.isIntOrString ? ["integer", "string"] : constraints.type.isEmpty ? [] : [constraints.type]
        guard !wanted.isEmpty, !wanted.contains(value.schemaType),
            !(wanted == ["number"] && value.schemaType == "integer")
        else { return true }
        let shown = value.schemaType
        faults.add(
            .typeInvalid, path, .string(shown),
            "\(path) in body must be of type \(wanted.joined(separator: ",")): \"\(shown)\"")
        if wanted == ["integer"], value.number != nil {
            faults.invalid("<nil>", "", "Checked value must be of type integer (default format) in \(path)")
        }
        return false
    }

    private mutating func checkNumber(_ number: Number, _ constraints: Constraints, _ path: String) {
        let value = Value.number(number.kubernetes)
        if let limit = constraints.maximum,
            constraints.exclusiveMaximum ? number.double >= limit : number.double > limit
        {
            let words = constraints.exclusiveMaximum ? "less than" : "less than or equal to"
            faults.invalid(path, value, "\(path) in body should be \(words) \(GoFloat.general(limit))")
        }
        if let limit = constraints.minimum,
            constraints.exclusiveMinimum ? number.double <= limit : number.double < limit
        {
            let words = constraints.exclusiveMinimum ? "greater than" : "greater than or equal to"
            faults.invalid(path, value, "\(path) in body should be \(words) \(GoFloat.general(limit))")
        }
        if let factor = constraints.multipleOf, factor != 0 {
            let quotient = number.double / factor
            if quotient != quotient.rounded() {
                faults.invalid(path, value, "\(path) in body should be a multiple of \(GoFloat.general(factor))")
            }
        }
    }

    private mutating func checkText(_ text: Text, _ constraints: Constraints, _ path: String) {
        let length = text.string.unicodeScalars.count
        if let limit = constraints.maxLength, length > limit {
            faults.add(.tooLong, path, .null, "may not be more than \(limit) bytes")
        }
        if let limit = constraints.minLength, length < limit {
            faults.invalid(path, .string(text), "\(path) in body should be at least \(limit) chars long")
        }
        if let pattern = constraints.pattern, !SchemaPatterns.matches(pattern, text) {
            // kube-openapi tells of a long text first and then of nothing else.
            if !(constraints.maxLength.map { length > $0 } ?? false) {
                faults.invalid(path, .string(text), "\(path) in body should match '\(pattern)'")
            }
        }
        if let format = constraints.format, !SchemaFormats.accepts(text.string, format) {
            faults.add(
                .typeInvalid, path, .string(text), "\(path) in body must be of type \(format): \"\(text)\"")
        }
    }

    private mutating func checkElements(
        _ elements: [Value], _ shape: Shape, _ constraints: Constraints, _ path: String
    ) {
        if let limit = constraints.maxItems, elements.count > limit {
            faults.add(.tooMany, path, .int(elements.count), SchemaValidation.atMost(limit))
        }
        if let limit = constraints.minItems, elements.count < limit {
            faults.invalid(path, .int(elements.count), "\(path) in body should have at least \(limit) items")
        }
        guard case .list(let item, _) = shape.form else { return }
        for (index, element) in elements.enumerated() { check(element, item, "\(path)[\(index)]") }
    }

    /// Numbers of properties are told of in the same words (apimachinery's field.TooMany).
    private static func atMost(_ limit: Int) -> String { "must have at most \(limit) \(limit == 1 ? "item" : "items")" }

    private mutating func checkCount(_ object: Object, _ constraints: Constraints, _ path: String) {
        if let limit = constraints.maxProperties, object.count > limit {
            faults.add(.tooMany, path, .int(object.count), SchemaValidation.atMost(limit))
        }
        if let limit = constraints.minProperties, object.count < limit {
            faults.invalid(path, .int(object.count), "\(path) in body should have at least \(limit) properties")
        }
    }

    private mutating func checkEnumeration(_ value: Value, _ constraints: Constraints, _ path: String) {
        guard let allowed = constraints.enumeration, !allowed.contains(value) else { return }
        faults.unsupported(path, value, allowed.map { $0.string ?? JSON.text($0).string })
    }

    private func holds(_ value: Value, _ shape: Shape, _ path: String) -> Bool {
        var inner = SchemaValidation()
        inner.check(value, shape, path)
        return inner.faults.isEmpty
    }

    private mutating func checkJunctors(_ value: Value, _ constraints: Constraints, _ path: String) {
        let place = path.isEmpty ? "" : path
        if !constraints.allOf.isEmpty {
            for branch in constraints.allOf { check(value, branch, path) }
            if !constraints.allOf.allSatisfy({ holds(value, $0, path) }) {
                faults.invalid(place, .null, "\"\(place)\" must validate all the schemas (allOf)")
            }
        }
        if !constraints.anyOf.isEmpty, !constraints.isIntOrString,
            !constraints.anyOf.contains(where: { holds(value, $0, path) })
        {
            faults.invalid(place, .null, "\"\(place)\" must validate at least one schema (anyOf)")
        }
        if !constraints.oneOf.isEmpty {
            let matching = constraints.oneOf.filter { holds(value, $0, path) }.count
            if matching != 1 {
                let found = matching == 0 ? "Found none valid" : "Found \(matching) valid alternatives"
                faults.invalid(place, .null, "\"\(place)\" must validate one and only one schema (oneOf). \(found)")
            }
        }
        if let branch = constraints.not, holds(value, branch, path) {
            faults.invalid(place, .null, "\"\(place)\" must not validate the schema (not)")
        }
    }
}

extension Value {
    /// What JSON Schema calls the type of a value.
    fileprivate var schemaType: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number(let number): number.int64 != nil || number.double == number.double.rounded() ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
