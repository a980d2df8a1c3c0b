import API
import Document

/// A number against the limits of a CRD's schema (kube-openapi's numberValidator).
struct SchemaNumber {
    private let number: Number
    private let range: NumberRange
    private let path: String
    private var errors: [FieldError] = []

    /// - Parameters:
    ///   - types: those that the schema names.
    ///   - path: of the number, for the messages.
    init(_ number: Number, _ types: [String], _ format: String, _ path: String) {
        self.number = number
        range = NumberRange(types, format)
        self.path = path
    }

    private var value: Value { .number(number.kubernetes) }

    private mutating func invalid(_ value: Value, _ detail: String) {
        errors.append(FieldError(.invalid, path, value: value, detail: detail))
    }

    /// What is told of no field.
    private mutating func refuse(_ words: String) { errors.append(FieldError(.invalid, "", value: "", detail: words)) }

    func faults(_ limits: Structural.Limits) -> [FieldError] {
        var checks = self
        if let words = range.fault(number, "Checked", path) { checks.refuse(words) }
        if let factor = limits.multipleOf { checks.checkFactor(factor) }
        if let limit = limits.minimum { checks.checkMinimum(limit, isExclusive: limits.exclusiveMinimum) }
        if let limit = limits.maximum { checks.checkMaximum(limit, isExclusive: limits.exclusiveMaximum) }
        return checks.errors
    }

    /// A limit that is not of the type itself is told of, and holds as a float64.
    private mutating func bound(_ limit: Double, _ what: String) -> Bound {
        guard let words = range.fault(Number(limit) ?? Number(0), what, path) else {
            return Bound(limit, number, isNative: true)
        }
        refuse(words)
        return Bound(limit, number, isNative: false)
    }

    private mutating func checkMinimum(_ limit: Double, isExclusive: Bool) {
        let bound = bound(limit, "Minimum boundary")
        guard isExclusive ? !bound.isBelow : bound.isAbove else { return }
        let words = isExclusive ? "greater than" : "greater than or equal to"
        invalid(value, "\(path) in body should be \(words) \(bound.text)")
    }

    private mutating func checkMaximum(_ limit: Double, isExclusive: Bool) {
        let bound = bound(limit, "Maximum boundary")
        guard isExclusive ? !bound.isAbove : bound.isBelow else { return }
        let words = isExclusive ? "less than" : "less than or equal to"
        invalid(value, "\(path) in body should be \(words) \(bound.text)")
    }

    private mutating func checkFactor(_ factor: Double) {
        let bound = bound(factor, "MultipleOf")
        if bound.whole.map({ $0.limit <= 0 }) ?? (factor <= 0) {
            let shown = bound.whole.map { Number($0.limit) } ?? Number(factor)
            return invalid(
                shown.map(Value.number) ?? .null,
                "factor MultipleOf declared for \(path) must be positive: \(bound.text)")
        }
        let fits =
            bound.whole.map { $0.value.isMultiple(of: $0.limit) }
            ?? (factor < 1 ? 1 / factor * number.double : number.double / factor).isWhole
        if !fits { invalid(value, "\(path) in body should be a multiple of \(bound.text)") }
    }
}

/// A limit, and on which side of it a number is: whole numbers are compared with the whole part of a limit.
private struct Bound {
    /// Whether the limit is less than the number.
    let isBelow: Bool
    let isAbove: Bool
    /// Both as they are compared, where they are whole.
    let whole: (value: Int64, limit: Int64)?
    let text: String

    init(_ limit: Double, _ number: Number, isNative: Bool) {
        if isNative, let value = number.int64, let whole = Int64(truncating: limit) {
            (isBelow, isAbove, text) = (whole < value, whole > value, String(whole))
            self.whole = (value, whole)
        } else {
            (isBelow, isAbove, text) = (limit < number.double, limit > number.double, GoFloat.general(limit))
            whole = nil
        }
    }
}

/// Which numbers a type and its format hold (kube-openapi's IsValueValidAgainstRange).
private struct NumberRange {
    private let type: String
    private let format: String

    init(_ types: [String], _ format: String) {
        type = types.count == 1 && ["integer", "number"].contains(types[0]) ? types[0] : ""
        let formats = type == "integer" ? ["int32", "int64"] : type == "number" ? ["float", "double"] : []
        self.format = formats.contains(format) ? format : ""
    }

    func fault(_ number: Number, _ what: String, _ path: String) -> String? {
        guard !holds(number) else { return nil }
        let type = format.isEmpty ? "\(type) (default format)" : "\(type) with format \(format)"
        return "\(what) value must be of type \(type) in \(path)"
    }

    private func holds(_ number: Number) -> Bool {
        switch type {
        case "integer":
            // By the text of the number: 1e20 has none that reads as an integer.
            guard let value = number.int64 ?? Int64(GoFloat.fixed(number.double)) else { return false }
            return format != "int32" || Int32(exactly: value) != nil
        case "number": return format != "float" || Float(number.double).isFinite
        default: return true
        }
    }
}

extension Int64 {
    /// The whole part of a float, as Go converts it; nil where it is out of range.
    init?(truncating value: Double) {
        guard let whole = Int64(exactly: value.rounded(.towardZero)) else { return nil }
        self = whole
    }
}

extension Double {
    /// Whether a float stands for a whole number in JSON (go-openapi's swag).
    var isWhole: Bool {
        guard isFinite, magnitude <= 9_007_199_254_740_991 else { return false }
        let rounded = rounded(.toNearestOrAwayFromZero)
        if self == rounded { return true }
        return rounded != 0 && (self - rounded).magnitude < 1e-9 * rounded.magnitude
    }
}
