import Document
import Template

/// A value under validation: one of a chart's values, or a part of a schema that its metaschema looks at.
///
/// It is a view of a node; children are viewed when they are asked for, so that no tree is copied.
enum Instance {
    case null
    case bool(Bool)
    case number(InstanceNumber)
    case string(Text)
    case array(InstanceArray)
    case object(InstanceObject)
    /// What JSON does not have, by Go's name of its type.
    case foreign(String)

    init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .number(let number): self = .number(.literal(number))
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(.document(elements))
        case .object(let object): self = .object(.document(object))
        }
    }

    init(_ value: GoValue) {
        switch value {
        case .null, .invalid: self = .null
        case .bool(let bool): self = .bool(bool)
        case .float(let double): self = .number(.float(double))
        case .int(let int): self = .number(.literal(Number(Int64(int))))
        case .int64(let int): self = .number(.literal(Number(int)))
        case .uint8(let int): self = .number(.literal(Number(Int64(int))))
        case .uint64(let int): self = .number(.literal(Number(literal: Text(String(int)))))
        case .string(let text): self = .string(text)
        case .list(let list): self = .array(.values(list.elements))
        case .map(let map): self = .object(.values(map))
        case .complex, .bytes, .object: self = .foreign(value.printed(verb: "T").string)
        }
    }

    /// The type, of which a number is only that: whether it is whole is asked separately.
    var type: SchemaType {
        switch self {
        case .null: .null
        case .bool: .boolean
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        case .foreign: []
        }
    }

    /// What `fmt`'s `%v` prints of a value that holds no others.
    var printed: String {
        switch self {
        case .null: "<nil>"
        case .bool(let bool): String(bool)
        case .number(let number): number.printed
        case .string(let text): SchemaReport.quoted(text)
        case .array, .object, .foreign: "value"
        }
    }

    /// JSON Schema's equality: numbers by their value, objects whatever the order of their keys.
    static func == (left: Instance, right: Instance) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.array(let a), .array(let b)):
            a.count == b.count && (0..<a.count).allSatisfy { a[$0] == b[$0] }
        case (.object(let a), .object(let b)):
            a.count == b.count
                && (0..<a.count).allSatisfy { index in
                    a.key(at: index) == b.key(at: index) && a.value(at: index) == b.value(at: index)
                }
        default: false
        }
    }

    /// Feeds what equal values have in common.
    func hash(into hasher: inout Hasher) {
        hasher.combine(type.rawValue)
        switch self {
        case .null, .foreign: break
        case .bool(let bool): hasher.combine(bool)
        case .string(let text): hasher.combine(text)
        case .number(let number): hasher.combine(number.exact)
        case .array(let array): for index in 0..<array.count { array[index].hash(into: &hasher) }
        case .object(let object):
            for index in 0..<object.count {
                hasher.combine(object.key(at: index))
                object.value(at: index).hash(into: &hasher)
            }
        }
    }
}

/// A number with its literal, or as a float64.
enum InstanceNumber {
    case literal(Number)
    case float(Double)

    /// Nil for NaN, infinities and powers of ten out of all bounds.
    var exact: ExactNumber? {
        switch self {
        case .literal(let number): ExactNumber(number)
        case .float(let double): ExactNumber(double)
        }
    }

    var isInteger: Bool {
        switch self {
        case .literal(let number): number.int64 != nil || ExactNumber(number)?.isInteger == true
        case .float(let double): double == double.rounded(.towardZero) && double.isFinite
        }
    }

    var printed: String {
        switch self {
        case .literal(let number): number.literal.string
        case .float(let double): GoFloat.general(double)
        }
    }

    static func == (left: InstanceNumber, right: InstanceNumber) -> Bool {
        switch (left, right) {
        case (.float(let a), .float(let b)): return a == b
        default:
            guard let a = left.exact, let b = right.exact else { return false }
            return a == b
        }
    }
}

/// The elements of an array.
enum InstanceArray {
    case document([Value])
    case values([GoValue])

    var count: Int {
        switch self {
        case .document(let elements): elements.count
        case .values(let elements): elements.count
        }
    }

    subscript(index: Int) -> Instance {
        switch self {
        case .document(let elements): Instance(elements[index])
        case .values(let elements): Instance(elements[index])
        }
    }
}

/// The members of an object, sorted by key.
enum InstanceObject {
    case document(Object)
    case values(GoMap)

    var count: Int {
        switch self {
        case .document(let object): object.count
        case .values(let map): map.count
        }
    }

    subscript(key: Text) -> Instance? {
        switch self {
        case .document(let object): object[key].map { Instance($0) }
        case .values(let map): map[key].map { Instance($0) }
        }
    }

    func key(at index: Int) -> Text {
        switch self {
        case .document(let object): object[object.startIndex + index].key
        case .values(let map): map.entries[index].key
        }
    }

    func value(at index: Int) -> Instance {
        switch self {
        case .document(let object): Instance(object[object.startIndex + index].value)
        case .values(let map): Instance(map.entries[index].value)
        }
    }
}
