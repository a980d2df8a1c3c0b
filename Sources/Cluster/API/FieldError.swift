public import Document

/// One fault of one field of an object (apimachinery's field.Error).
public struct FieldError: Error, Sendable, Hashable {
    /// What is wrong, with the text that begins its message.
    public enum Kind: String, Sendable, Hashable {
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

        var title: String {
            switch self {
            case .notFound: "Not found"
            case .required: "Required value"
            case .duplicate: "Duplicate value"
            case .invalid, .typeInvalid: "Invalid value"
            case .notSupported: "Unsupported value"
            case .forbidden: "Forbidden"
            case .tooLong: "Too long"
            case .tooMany: "Too many"
            case .internalError: "Internal error"
            }
        }

        var showsValue: Bool {
            switch self {
            case .required, .forbidden, .tooLong, .internalError: false
            default: true
            }
        }
    }

    public var kind: Kind
    /// Such as `spec.containers[0].name`.
    public var field: String
    /// The bad value as messages show it: text in quotes, numbers and booleans bare, the rest as JSON; empty where it is left
    /// out.
    public var shownValue: String
    public var detail: String

    /// - Parameter shownValue: the value as it is to be shown, where the tree's own form would not do.
    public init(_ kind: Kind, _ field: String, shownValue: String, detail: String) {
        self.kind = kind
        self.field = field
        self.shownValue = shownValue
        self.detail = detail
    }

    public init(_ kind: Kind, _ field: String, value: Value = .null, detail: String = "") {
        self.init(kind, field, shownValue: FieldError.show(value), detail: detail)
    }

    private static func show(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .string(let text): GoQuote.quote(text).string
        case .number(let number) where number.int64 == nil: GoFloat.general(number.double)
        default: JSON.text(value, .init(escapesHTML: false)).string
        }
    }

    /// The message without the field (`Error.ErrorBody()`).
    public var body: String {
        let value = kind.showsValue && !shownValue.isEmpty ? ": \(shownValue)" : ""
        return kind.title + value + (detail.isEmpty ? "" : ": \(detail)")
    }

    /// The message with the field, as `Error.Error()` has it.
    public var description: String { "\(field): \(body)" }
}

extension FieldError: CustomStringConvertible {}
