import Document

/// The types that `type` names, as a set.
struct SchemaType: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static let null = SchemaType(rawValue: 1)
    static let boolean = SchemaType(rawValue: 2)
    static let number = SchemaType(rawValue: 4)
    static let integer = SchemaType(rawValue: 8)
    static let string = SchemaType(rawValue: 16)
    static let array = SchemaType(rawValue: 32)
    static let object = SchemaType(rawValue: 64)

    /// In the order in which they are named in a report.
    private static let named: [(SchemaType, Text)] = [
        (.null, "null"), (.boolean, "boolean"), (.number, "number"), (.integer, "integer"), (.string, "string"),
        (.array, "array"), (.object, "object"),
    ]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The types of a `type` keyword: one name or a list of them.
    init(keyword value: Value) {
        var types: SchemaType = []
        for name in value.array ?? [value] {
            if let type = SchemaType.named.first(where: { $0.1 == name.text }) { types.insert(type.0) }
        }
        self = types
    }

    /// The names of the types in the set.
    var names: [String] { SchemaType.named.filter { contains($0.0) }.map(\.1.string) }
}
