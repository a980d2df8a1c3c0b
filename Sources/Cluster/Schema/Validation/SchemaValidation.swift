import API
import Document

/// A value against a CRD's schema (kube-openapi's validate package: its order, its words).
///
/// What does not change may stay: faults of a value that is as it was before are forgotten (KEP-4008, ratcheting).
struct SchemaValidation {
    /// Which of the schema's words count.
    enum Reading {
        /// Of a custom resource: a format of another type counts for nothing, and what is an integer or a string is told
        /// to be one.
        case resource
        /// Of a default: as the schema stands.
        case declaration
    }

    private let reading: Reading
    /// With the path below the value that was asked about; empty for the value itself.
    private var errors: [FieldError] = []
    /// How many checks were made: of branches that do not fit, the one with the most is told of.
    private var matches = 0

    private init(_ reading: Reading) { self.reading = reading }

    /// - Parameters:
    ///   - place: where the value stands; nil for a whole object.
    ///   - correlation: what the value was before; nil where nothing is forgotten.
    static func faults(
        of value: Value, _ schema: Structural, as reading: Reading = .resource, at place: String? = nil,
        correlation: Correlation? = nil
    ) -> [FieldError] {
        var validation = SchemaValidation(reading)
        validation.check(value, schema, "", correlation)
        return validation.errors.map { error in
            var error = error
            let path = error.field.hasPrefix(".") ? String(error.field.dropFirst()) : error.field
            error.field = path.isEmpty ? place ?? "<nil>" : place.map { "\($0).\(path)" } ?? path
            return error
        }
    }

    /// Every message stands once.
    private mutating func add(_ error: FieldError) {
        if !errors.contains(error) { errors.append(error) }
    }

    private mutating func invalid(_ path: String, _ value: Value, _ detail: String) {
        add(FieldError(.invalid, path, value: value, detail: detail))
    }

    /// What is told of no field.
    private mutating func refuse(_ words: String) { invalid("", "", words) }

    private mutating func merge(_ other: SchemaValidation) {
        for error in other.errors { add(error) }
        matches += other.matches
    }

    // MARK: Values

    /// Forgets faults of what did not change.
    private mutating func check(_ value: Value, _ schema: Structural, _ path: String, _ correlation: Correlation?) {
        var inner = SchemaValidation(reading)
        inner.checkAll(value, schema, path, correlation)
        if !inner.errors.isEmpty, correlation?.isEqual == true { inner.errors = [] }
        merge(inner)
    }

    /// Asks everything, whatever the answers before were.
    private mutating func checkAll(_ value: Value, _ schema: Structural, _ path: String, _ correlation: Correlation?) {
        if value.isNull {
            checkNull(schema, path)
            return checkEnumeration(value, schema, path)
        }
        checkType(value, schema, path)
        checkBranches(value, schema, path, correlation)
        switch value {
        case .string(let text):
            checkText(text, schema.limits, path)
            checkFormat(text, schema, path)
        case .number(let number):
            matches += 2
            for error in SchemaNumber(number, types(schema), format(schema), path).faults(schema.limits) { add(error) }
        case .array(let elements): checkElements(elements, schema, path, correlation)
        default: break
        }
        checkEnumeration(value, schema, path)
        if case .object(let object) = value { checkObject(object, schema, path, correlation) }
        matches += 2
    }

    /// The types that the schema names.
    private func types(_ schema: Structural) -> [String] {
        if reading == .resource, schema.isIntOrString { return ["integer", "string"] }
        return schema.type.isEmpty ? [] : [schema.type]
    }

    private func format(_ schema: Structural) -> String {
        reading == .declaration || SchemaFormats.isSupported(schema.format, of: types(schema)) ? schema.format : ""
    }

    private mutating func checkNull(_ schema: Structural, _ path: String) {
        let types = types(schema)
        if !types.isEmpty, !schema.isNullable { mistype(path, types.joined(separator: ","), "null") }
    }

    private mutating func mistype(_ path: String, _ wanted: String, _ found: String) {
        add(
            FieldError(
                .typeInvalid, path, value: .string(found),
                detail: "\(path) in body must be of type \(wanted): \(GoQuote.quote(Text(found)))"))
    }

    private mutating func checkType(_ value: Value, _ schema: Structural, _ path: String) {
        let (types, format) = (types(schema), format(schema))
        guard !types.isEmpty || !format.isEmpty else { return }
        matches += 1
        let (found, own) = value.schemaType
        let isWhole = found == "number" && types.contains("integer") && value.number?.double.isWhole == true
        let fits =
            types.contains(found) || isWhole || found == "integer" && types.contains("number")
        let isText = found == "string" || found == "array"
        if !isText, !format.isEmpty, !fits, own != format { return mistype(path, format, own) }
        // Whoever has a format is judged by the format.
        let isNumber = types.contains("number") || types.contains("integer")
        guard isNumber || format.isEmpty || !isText, !fits else {
            matches += 1
            return
        }
        mistype(path, types.joined(separator: ","), found)
    }

    private mutating func checkEnumeration(_ value: Value, _ schema: Structural, _ path: String) {
        let allowed = schema.enumeration
        guard !allowed.isEmpty, !allowed.contains(where: { value.isConvertible(to: $0) }) else { return }
        let list = allowed.map { "\"\($0.string ?? JSON.text($0).string)\"" }.joined(separator: ", ")
        add(FieldError(.notSupported, path, value: value, detail: "supported values: \(list)"))
    }

    // MARK: Texts

    /// Tells of the first fault alone.
    private mutating func checkText(_ text: Text, _ limits: Structural.Limits, _ path: String) {
        matches += 1
        let length = text.string.unicodeScalars.count
        if let limit = limits.maxLength, length > limit {
            add(FieldError(.tooLong, path, value: .null, detail: Faults.atMost(limit, "byte")))
        } else if let limit = limits.minLength, length < limit {
            invalid(path, .string(text), "\(path) in body should be at least \(limit) chars long")
        } else if !limits.pattern.isEmpty, !SchemaPatterns.matches(limits.pattern, text) {
            invalid(path, .string(text), "\(path) in body should match '\(limits.pattern)'")
        }
    }

    private mutating func checkFormat(_ text: Text, _ schema: Structural, _ path: String) {
        let format = format(schema)
        guard SchemaFormats.isKnown(format) else { return }
        matches += 1
        if !SchemaFormats.accepts(text.string, format) { mistype(path, format, text.string) }
    }

    // MARK: Lists and objects

    private mutating func checkElements(
        _ elements: [Value], _ schema: Structural, _ path: String, _ correlation: Correlation?
    ) {
        matches += 2
        if let items = schema.items {
            for (index, element) in elements.enumerated() {
                check(element, items, "\(path)[\(index)]", correlation?.index(index))
            }
        }
        if let limit = schema.limits.minItems, elements.count < limit {
            invalid(path, .int(elements.count), "\(path) in body should have at least \(limit) items")
        }
        checkMost(elements.count, schema.limits.maxItems, path)
        if schema.limits.uniqueItems, Set(elements).count < elements.count {
            invalid(path, "", "\(path) in body shouldn't contain duplicates")
        }
    }

    /// Numbers of properties are told of in the same words (apimachinery's field.TooMany).
    private mutating func checkMost(_ count: Int, _ limit: Int?, _ path: String) {
        guard let limit, count > limit else { return }
        let items = limit == 1 ? "item" : "items"
        let words = limit < 0 ? "has too many items" : "must have at most \(limit) \(items)"
        add(FieldError(.tooMany, path, value: .int(count), detail: words))
    }

    private mutating func checkObject(
        _ object: Object, _ schema: Structural, _ path: String, _ correlation: Correlation?
    ) {
        matches += 1
        if let limit = schema.limits.minProperties, object.count < limit {
            invalid(path, .int(object.count), "\(path) in body should have at least \(limit) properties")
        }
        checkMost(object.count, schema.limits.maxProperties, path)
        for member in object where schema.property(member.key) == nil {
            checkAdditional(member, schema, path, correlation)
        }
        for (name, part) in schema.properties {
            guard let value = object[name] else { continue }
            // Of kind and apiVersion nobody knows what they were: both states are of one version.
            let isOwn = path.isEmpty && (name == "kind" || name == "apiVersion")
            check(value, part, path.isEmpty ? name.string : "\(path).\(name)", isOwn ? nil : correlation?.key(name))
        }
        for name in schema.required where object[name] == nil {
            add(FieldError(.required, "\(path).\(name)", value: .null))
        }
    }

    private mutating func checkAdditional(
        _ member: Object.Member, _ schema: Structural, _ path: String, _ correlation: Correlation?
    ) {
        switch schema.additional {
        case .schema(let part): check(member.value, part, "\(path).\(member.key)", correlation?.key(member.key))
        case .allowed(false):
            invalid(path, .string(member.key), "\(path).\(member.key) in body is a forbidden property")
        default: break
        }
    }
}

// MARK: - Branches

extension SchemaValidation {
    private mutating func checkBranches(
        _ value: Value, _ schema: Structural, _ path: String, _ correlation: Correlation?
    ) {
        matches += 2
        /// The value itself is not forgotten to be at fault here, but its parts are.
        let attempt = { [reading] (branch: Structural) -> SchemaValidation in
            var inner = SchemaValidation(reading)
            inner.checkAll(value, branch, path, correlation)
            return inner
        }
        if !schema.anyOf.isEmpty { checkAnyOf(schema.anyOf, path, attempt) }
        if !schema.oneOf.isEmpty { checkOneOf(schema.oneOf.map(attempt), path) }
        if !schema.allOf.isEmpty { checkAllOf(schema.allOf.map(attempt), path) }
        if let branch = schema.not, attempt(branch).errors.isEmpty {
            refuse("\(GoQuote.quote(Text(path))) must not validate the schema (not)")
        }
    }

    private mutating func checkAnyOf(
        _ branches: [Structural], _ path: String, _ attempt: (Structural) -> SchemaValidation
    ) {
        var attempts: [SchemaValidation] = []
        for branch in branches {
            attempts.append(attempt(branch))
            if let fitting = attempts.last, fitting.errors.isEmpty { return merge(fitting) }
        }
        refuse("\(GoQuote.quote(Text(path))) must validate at least one schema (anyOf)")
        if let best = SchemaValidation.best(of: attempts) { merge(best) }
    }

    private mutating func checkOneOf(_ attempts: [SchemaValidation], _ path: String) {
        let fitting = attempts.filter(\.errors.isEmpty)
        if fitting.count == 1 { return merge(fitting[0]) }
        let found = fitting.isEmpty ? "Found none valid" : "Found \(fitting.count) valid alternatives"
        refuse("\(GoQuote.quote(Text(path))) must validate one and only one schema (oneOf). \(found)")
        // Of a branch behind one that fits nothing is told.
        if fitting.isEmpty, let best = SchemaValidation.best(of: attempts) { merge(best) }
    }

    private mutating func checkAllOf(_ attempts: [SchemaValidation], _ path: String) {
        for inner in attempts { merge(inner) }
        let refused = attempts.filter { !$0.errors.isEmpty }.count
        guard refused > 0 else { return }
        let none = refused == attempts.count ? ". None validated" : ""
        refuse("\(GoQuote.quote(Text(path))) must validate all the schemas (allOf)\(none)")
    }

    /// The first of those with the most checks.
    private static func best(of attempts: [SchemaValidation]) -> SchemaValidation? {
        attempts.reduce(nil) { best, inner in best.map { inner.matches > $0.matches ? inner : $0 } ?? inner }
    }
}

extension Value {
    /// What JSON Schema calls the type of a value, and the format that Go's type of it has.
    fileprivate var schemaType: (type: String, format: String) {
        switch self {
        case .null: ("null", "")
        case .bool: ("boolean", "")
        case .number(let number): number.int64 != nil ? ("integer", "int64") : ("number", "float64")
        case .string: ("string", "")
        case .array: ("array", "")
        case .object: ("object", "")
        }
    }

    /// Whether this is that value once it is converted to its Go type. Null never is.
    fileprivate func isConvertible(to other: Value) -> Bool {
        guard case .number(let number) = self else { return !isNull && self == other }
        switch other {
        case .number(let wanted):
            guard let whole = wanted.int64 else { return wanted.double == number.double }
            return (number.int64 ?? Int64(truncating: number.double)) == whole
        // Go makes the character of that number of it.
        case .string(let text):
            return number.int64.flatMap { UInt32(exactly: $0) }.flatMap(Unicode.Scalar.init).map {
                text == Text(String($0))
            }
                ?? false
        default: return false
        }
    }
}
