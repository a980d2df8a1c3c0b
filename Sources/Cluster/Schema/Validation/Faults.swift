import API
import Document

/// The faults of an object, gathered in upstream's order (apimachinery's field.ErrorList).
struct Faults {
    private(set) var errors: [FieldError] = []
    /// Who knows the language of rules in schemas; nil where nobody is asked.
    let language: (any SchemaLanguage)?

    init(language: (any SchemaLanguage)? = nil) { self.language = language }

    var isEmpty: Bool { errors.isEmpty }

    mutating func add(_ kind: FieldError.Kind, _ field: String, _ value: Value = .null, _ detail: String = "") {
        errors.append(FieldError(kind, field, value: value, detail: detail))
    }

    mutating func required(_ field: String, _ detail: String = "") { add(.required, field, .null, detail) }

    mutating func invalid(_ field: String, _ value: Value?, _ detail: String) {
        add(.invalid, field, value ?? .null, detail)
    }

    mutating func forbidden(_ field: String, _ detail: String) { add(.forbidden, field, .null, detail) }

    mutating func duplicate(_ field: String, _ value: Value) { add(.duplicate, field, value) }

    /// An invalid value whose message shows it as `shown` (upstream's Go structs).
    mutating func invalid(_ field: String, shown: String, _ detail: String) {
        errors.append(FieldError(.invalid, field, shownValue: shown, detail: detail))
    }

    /// A value that was there already, whose message shows it as `shown`.
    mutating func duplicate(_ field: String, shown: String, _ detail: String = "") {
        errors.append(FieldError(.duplicate, field, shownValue: shown, detail: detail))
    }

    mutating func unsupported(_ field: String, _ value: Value, _ allowed: [String]) {
        let list = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        add(.notSupported, field, value, "supported values: \(list)")
    }

    /// A value that is none of the allowed ones, whose message shows it as `shown`.
    mutating func unsupported(_ field: String, shown: String, _ allowed: [String]) {
        let list = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        errors.append(FieldError(.notSupported, field, shownValue: shown, detail: "supported values: \(list)"))
    }

    /// Checks that the value is one of the allowed ones.
    mutating func check(_ value: Value?, in allowed: [String], _ field: String) {
        if !allowed.contains(value?.string ?? "") { unsupported(field, value ?? "", allowed) }
    }

    mutating func tooMany(_ field: String, _ count: Int, _ most: Int) {
        add(.tooMany, field, .int(count), "must have at most \(most) items")
    }

    mutating func tooLong(_ field: String, _ most: Int) {
        add(.tooLong, field, .null, Faults.atMost(most, "byte"))
    }

    /// How much there may be of something, as apimachinery's field errors tell it.
    static func atMost(_ limit: Int, _ unit: String) -> String {
        limit < 0 ? "value is too long" : "may not be more than \(limit) \(unit)\(limit == 1 ? "" : "s")"
    }

    /// Each text is what is wrong with the value.
    mutating func invalid(_ field: String, _ value: Value?, all details: [String]) {
        for detail in details { invalid(field, value, detail) }
    }

    mutating func checkNotNegative(_ value: Value?, _ field: String) {
        if let number = value?.int, number < 0 { invalid(field, value, "must be greater than or equal to 0") }
    }

    mutating func checkPositive(_ value: Value?, _ field: String) {
        if let number = value?.int, number <= 0 { invalid(field, value, "must be greater than 0") }
    }

    mutating func checkRange(_ value: Value?, _ range: ClosedRange<Int>, _ field: String) {
        if let number = value?.int, !range.contains(number) {
            invalid(field, value, "must be between \(range.lowerBound) and \(range.upperBound), inclusive")
        }
    }

    /// Checks that a field did not change.
    mutating func checkImmutable(_ new: Value?, _ old: Value?, _ field: String) {
        if new != old { invalid(field, new, "field is immutable") }
    }

    mutating func append(_ others: [FieldError]) { errors += others }
}

extension Faults {
    /// A name such as `acme.io/foo` (IsDomainPrefixedPath).
    mutating func checkDomainPath(_ text: String, _ field: String) {
        if text.isEmpty { return required(field) }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts.contains("") else {
            return invalid(field, .string(text), "must be a domain-prefixed path (such as \"acme.io/foo\")")
        }
        invalid(field, .string(parts[0]), all: Names.subdomain(parts[0]))
        if !Names.isPath(parts[1]) {
            invalid(
                field, .string(parts[1]),
                #"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')"#)
        }
    }
}
