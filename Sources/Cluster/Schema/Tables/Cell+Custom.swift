import API
import Document

extension Cell {
    /// The cell of a CRD's column: what its JSONPath finds first, in the form of its type.
    static func custom(_ column: ResourceDeclaration.Column, _ object: Value, now: Time) -> Value {
        let found = (try? JSONPath(column.source))?.values(in: object) ?? []
        guard let first = found.first else { return .null }
        // Go's JSONPath prints a null that is there.
        if first.isNull { return column.type == "string" ? "<no value>" : .null }
        switch column.type {
        case "integer":
            if let number = first.number { return number.int64.map { .int($0) } ?? .int(Int64(number.double)) }
            return .null
        case "number": return first.number.map { .number($0) } ?? .null
        case "boolean": return first.bool.map { .bool($0) } ?? .null
        case "date":
            guard let text = first.string else { return .null }
            return .string(Time(text).map { since($0, now) } ?? "<invalid>")
        default: return .string(shown(first))
        }
    }

    /// A value as fmt prints it, objects and lists as JSON.
    private static func shown(_ value: Value) -> String {
        switch value {
        case .array, .object: JSON.text(value).string
        default: GoValue.text(value)
        }
    }
}
