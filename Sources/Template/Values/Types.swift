import Document

extension GoValue {
    /// The type as Go prints it with `%T`; nils print `<nil>`.
    var typeName: String {
        switch self {
        case .invalid, .null: "<nil>"
        case .bool: "bool"
        case .int: "int"
        case .int64: "int64"
        case .uint8: "uint8"
        case .uint64: "uint64"
        case .float: "float64"
        case .complex: "complex128"
        case .string: "string"
        case .bytes: "[]uint8"
        case .list(let list): list.type.listName
        case .map(let map): map.kind.name
        case .object(let object): object.typeName
        }
    }

    /// The kind as `reflect.Kind` prints it.
    var kindName: String {
        switch self {
        case .invalid, .null: "invalid"
        case .bytes, .list: "slice"
        case .map: "map"
        case .object(let object): object.kindName
        default: typeName
        }
    }
}

extension GoList.Element {
    /// The type of a slice of these.
    var listName: String { "[]" + name }

    /// The type of one of these.
    var name: String {
        switch self {
        case .any: "interface {}"
        case .string: "string"
        case .int: "int"
        case .list: "[]interface {}"
        case .map: "map[string]interface {}"
        }
    }

    /// The element of an array that nothing was put into.
    var zero: GoValue {
        switch self {
        case .any: .null
        case .string: .string("")
        case .int: .int(0)
        case .list: .list(GoList([], isNil: true))
        case .map: .map(GoMap(isNil: true))
        }
    }

    /// Whether an element is held in a slot of type `interface {}`.
    var isInterface: Bool { self == .any }
}

extension GoMap.Kind {
    /// The type of such a map.
    var name: String {
        switch self {
        case .any: "map[string]interface {}"
        case .string: "map[string]string"
        case .values: "common.Values"
        case .bytes: "map[string][]uint8"
        }
    }

    /// Whether a value is held in a slot of type `interface {}`.
    var isInterface: Bool {
        switch self {
        case .any, .values: true
        case .string, .bytes: false
        }
    }
}
