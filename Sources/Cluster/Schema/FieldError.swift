public import Document

/// What is wrong with one field of an object: the same parts that upstream's `field.Error` has.
public struct FieldError: Error, Sendable, Hashable {
    /// The kind of mistake; the raw value is the cause's `reason`.
    public enum Problem: String, Sendable {
        case notFound = "FieldValueNotFound"
        case required = "FieldValueRequired"
        case duplicate = "FieldValueDuplicate"
        case invalid = "FieldValueInvalid"
        case notSupported = "FieldValueNotSupported"
        case forbidden = "FieldValueForbidden"
        case tooLong = "FieldValueTooLong"
        case tooMany = "FieldValueTooMany"
        case internalError = "InternalError"
        case typeInvalid = "FieldValueTypeInvalid"
    }

    public let problem: Problem
    /// `spec.containers[0].name`
    public let field: String
    /// What stood there, for the messages that show it.
    public let value: Value?
    /// What would be right, in upstream's words; may be empty.
    public let detail: String

    /// - Parameters:
    ///   - problem: the kind of mistake.
    ///   - field: the path in upstream's form.
    ///   - value: the wrong value; nil where the message does not show it.
    ///   - detail: what would be right.
    public init(_ problem: Problem, _ field: String, value: Value? = nil, detail: String = "") {
        self.problem = problem
        self.field = field
        self.value = value
        self.detail = detail
    }

    /// The cause's text: `Invalid value: -1: must be greater than or equal to 0`.
    public var body: String { preconditionFailure("not supported yet") }

    /// The field and the text, as they stand in the message of a 422.
    public var message: String { "\(field): \(body)" }
}
