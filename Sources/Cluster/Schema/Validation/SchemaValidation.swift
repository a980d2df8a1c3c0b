import API
import Document

/// A value against the constraints of a CRD's schema.
///
/// What does not change may stay: faults of a value that is as it was before are forgotten (KEP-4008, ratcheting). What a
/// value was before is known of properties and of the elements of lists that have keys.
struct SchemaValidation {
    var faults = Faults()
    /// How many values were looked at: of two branches that do not fit, the one that knows more of the value is told of.
    private var depth = 0

    mutating func checkRoot(_ object: Value, _ structure: Structure, _ constraints: Constraints, old: Value? = nil) {
        checkJunctors(object, constraints, "")
        checkMembers(object.object ?? [:], structure, constraints, "", old)
    }

    mutating func check(_ value: Value, _ shape: Shape, _ path: String, old: Value? = nil) {
        guard let constraints = shape.constraints else { return }
        if value.isNull, constraints.isNullable { return }
        depth += 1
        guard let old else { return checkAll(value, shape, constraints, path, nil) }
        var inner = SchemaValidation()
        inner.checkAll(value, shape, constraints, path, old)
        if !inner.faults.isEmpty, old != value { faults.append(inner.faults.errors) }
    }

    private mutating func checkAll(
        _ value: Value, _ shape: Shape, _ constraints: Constraints, _ path: String, _ old: Value?
    ) {
        guard checkType(value, constraints, path) else { return }
        checkJunctors(value, constraints, path)
        switch value {
        case .object(let object):
            checkCount(object, constraints, path)
            if case .map(let item) = shape.form {
                checkRequired(object, constraints, path)
                for member in object { check(member.value, item, "\(path).\(member.key)", old: old?[member.key]) }
            } else {
                checkMembers(object, shape.structure, constraints, path, old)
            }
        case .array(let elements): checkElements(elements, shape, constraints, path, old)
        case .string(let text): checkText(text, constraints, path)
        case .number(let number): checkNumber(number, constraints, path)
        case .bool, .null: break
        }
        checkEnumeration(value, constraints, path)
    }

    private mutating func checkRequired(_ object: Object, _ constraints: Constraints, _ path: String) {
        for name in constraints.required where object[name] == nil {
            faults.required(path.isEmpty ? name.string : "\(path).\(name)")
        }
    }

    private mutating func checkMembers(
        _ object: Object, _ structure: Structure?, _ constraints: Constraints, _ path: String, _ old: Value?
    ) {
        checkRequired(object, constraints, path)
        for member in object {
            let own = constraints.ownParts[member.key]
            guard let shape = own ?? structure?.field(member.key)?.shape, shape.constraints != nil else { continue }
            check(
                member.value, shape, path.isEmpty ? member.key.string : "\(path).\(member.key)", old: old?[member.key])
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
        _ elements: [Value], _ shape: Shape, _ constraints: Constraints, _ path: String, _ old: Value?
    ) {
        if let limit = constraints.maxItems, elements.count > limit {
            faults.add(.tooMany, path, .int(elements.count), SchemaValidation.atMost(limit))
        }
        if let limit = constraints.minItems, elements.count < limit {
            faults.invalid(path, .int(elements.count), "\(path) in body should have at least \(limit) items")
        }
        guard case .list(let item, let merge) = shape.form else { return }
        guard case .map(let keys) = merge, let before = old?.array else {
            for (index, element) in elements.enumerated() { check(element, item, "\(path)[\(index)]") }
            return
        }
        // What an element was before, its keys tell; by a table, for lists may be long.
        func marks(_ element: Value) -> [Value?] { keys.map { element[$0] } }
        let known = Dictionary(before.map { (marks($0), $0) }) { first, _ in first }
        for (index, element) in elements.enumerated() {
            check(element, item, "\(path)[\(index)]", old: known[marks(element)])
        }
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

    // MARK: Branches

    /// What a branch has against the value.
    private func attempt(_ value: Value, _ branch: Shape, _ path: String) -> SchemaValidation {
        var inner = SchemaValidation()
        inner.check(value, branch, path)
        return inner
    }

    private mutating func checkJunctors(_ value: Value, _ constraints: Constraints, _ path: String) {
        checkAnyOf(value, constraints.anyOf, path)
        checkOneOf(value, constraints.oneOf, path)
        checkAllOf(value, constraints.allOf, path)
        if let branch = constraints.not, attempt(value, branch, path).faults.isEmpty {
            refuse("\"\(path)\" must not validate the schema (not)")
        }
    }

    /// kube-openapi names no field here.
    private mutating func refuse(_ words: String) { faults.invalid("<nil>", "", words) }

    private mutating func checkAnyOf(_ value: Value, _ branches: [Shape], _ path: String) {
        var attempts: [SchemaValidation] = []
        for branch in branches {
            attempts.append(attempt(value, branch, path))
            if attempts.last?.faults.isEmpty == true { return }
        }
        guard !branches.isEmpty else { return }
        refuse("\"\(path)\" must validate at least one schema (anyOf)")
        tell(of: attempts)
    }

    private mutating func checkOneOf(_ value: Value, _ branches: [Shape], _ path: String) {
        guard !branches.isEmpty else { return }
        let attempts = branches.map { attempt(value, $0, path) }
        let matching = attempts.filter(\.faults.isEmpty).count
        guard matching != 1 else { return }
        let found = matching == 0 ? "Found none valid" : "Found \(matching) valid alternatives"
        refuse("\"\(path)\" must validate one and only one schema (oneOf). \(found)")
        if matching == 0 { tell(of: attempts) }
    }

    /// The faults of the branch that knows most of the value, the first of several.
    private mutating func tell(of attempts: [SchemaValidation]) {
        guard let most = attempts.map(\.depth).max() else { return }
        faults.append(attempts.first { $0.depth == most }?.faults.errors ?? [])
    }

    private mutating func checkAllOf(_ value: Value, _ branches: [Shape], _ path: String) {
        let attempts = branches.map { attempt(value, $0, path) }
        let refused = attempts.filter { !$0.faults.isEmpty }
        guard !refused.isEmpty else { return }
        for inner in refused { faults.append(inner.faults.errors) }
        let none = refused.count == branches.count ? ". None validated" : ""
        refuse("\"\(path)\" must validate all the schemas (allOf)\(none)")
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
