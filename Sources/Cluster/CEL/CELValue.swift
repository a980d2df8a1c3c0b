public import API
public import Document

/// A value while an expression is evaluated.
public indirect enum CELValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    /// Seconds since 1970, and nanoseconds.
    case timestamp(seconds: Int64, nanos: Int64)
    /// Nanoseconds.
    case duration(Int64)
    case list([CELValue])
    /// A list whose elements have no order.
    case associated([CELValue], Association)
    case map([(key: CELValue, value: CELValue)])
    /// An object of the API; its parts become values when they are asked for.
    case object(Object, CELType)
    case optional(CELValue?)
    case type(String)
    case quantity(Quantity)
    case url(WebAddress)
    case network(NetworkAddress)
    case format(NamedFormat)
    case semver(SemanticVersion)

    /// What a JSON value is under its declared type.
    ///
    /// - Parameter association: how a list is compared; nil for lists that are compared as they stand.
    public init(_ value: Value, _ type: CELType, _ association: Association?) {
        self.init(value, type)
        if let association, case .list(let elements) = self { self = .associated(elements, association) }
    }

    /// What a JSON value is under its declared type.
    public init(_ value: Value, _ type: CELType) {
        switch (value, type) {
        case (.null, _): self = .null
        case (.bool(let bool), _): self = .bool(bool)
        case (.number(let number), .double): self = .double(number.double)
        case (.number(let number), _):
            if let int = number.int64 { self = .int(int) } else { self = .double(number.double) }
        case (.string(let text), .bytes): self = .bytes(Base64.decode(unpadded: text.string) ?? [])
        case (.string(let text), .timestamp): self = CELTime.declared(text.string) ?? .string(text.string)
        case (.string(let text), .duration):
            let nanos = CELTime.duration(text.string) ?? WordyDuration(text.string)?.nanoseconds
            self = nanos.map(CELValue.duration) ?? .string(text.string)
        case (.string(let text), _): self = .string(text.string)
        case (.array(let elements), .list(let element)): self = .list(elements.map { CELValue($0, element) })
        case (.array(let elements), _): self = .list(elements.map { CELValue($0, .dyn) })
        case (.object(let object), _): self = .object(object, type)
        }
    }

    /// As messages name its type.
    var typeName: String {
        switch self {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .list, .associated: "list"
        case .map, .object: "map"
        case .optional: "optional_type"
        case .type: "type"
        case .quantity: "kubernetes.Quantity"
        case .url: "kubernetes.URL"
        case .network(let address): address.prefix == nil ? "net.IP" : "net.CIDR"
        case .format: "kubernetes.NamedFormat"
        case .semver: "kubernetes.Semver"
        }
    }

    /// The value under a field or key; nil where there is none.
    func member(_ name: String) -> CELValue? {
        switch self {
        case .object(let object, let type):
            if case .object(let fields) = type {
                let name = fields.declared(name)
                guard let declared = fields.types[name] else { return nil }
                for member in object where member.key.string == name || CELType.escaped(member.key.string) == name {
                    // Null is as good as nothing here.
                    return member.value.isNull ? nil : CELValue(member.value, declared, fields.associations[name])
                }
                return nil
            }
            guard let value = object[Text(name)] else { return nil }
            if case .map(_, let element) = type { return CELValue(value, element) }
            return CELValue(value, .dyn)
        case .map(let members): return members.first { $0.key == .string(name) }?.value
        default: return nil
        }
    }

    /// The same value, but that a list has its order again.
    var ordered: CELValue {
        if case .associated(let elements, _) = self { .list(elements) } else { self }
    }

    /// The keys of a map, or the elements of a list: what macros go through.
    var elements: [CELValue]? {
        switch self {
        case .list(let elements), .associated(let elements, _): elements
        case .map(let members): members.map(\.key)
        case .object(_, .object): members?.map(\.key)
        case .object(let object, _): object.map { .string($0.key.string) }
        default: nil
        }
    }

    var members: [(key: CELValue, value: CELValue)]? {
        switch self {
        case .map(let members): members
        case .object(let object, let type):
            object.compactMap { member in
                let name: String?
                if case .object = type { name = CELType.escaped(member.key.string) } else { name = member.key.string }
                return name.flatMap { name in self.member(name).map { (.string(name), $0) } }
            }
        default: nil
        }
    }
}

extension CELValue: Equatable {
    public static func == (left: CELValue, right: CELValue) -> Bool {
        if let order = left.numericOrder(right) { return order == 0 }
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.string(let a), .string(let b)): return Text(a) == Text(b)
        case (.bytes(let a), .bytes(let b)): return a == b
        case (.timestamp(let a, let b), .timestamp(let c, let d)): return a == c && b == d
        case (.duration(let a), .duration(let b)): return a == b
        case (.list(let a), .list(let b)), (.list(let a), .associated(let b, _)): return a == b
        case (.associated(let a, let association), .list(let b)),
            (.associated(let a, let association), .associated(let b, _)):
            return association.areEqual(a, b)
        case (.optional(let a), .optional(let b)): return a == b
        case (.type(let a), .type(let b)): return a == b
        case (.quantity(let a), .quantity(let b)): return a == b
        case (.url(let a), .url(let b)): return a == b
        case (.network(let a), .network(let b)): return a == b
        case (.format(let a), .format(let b)): return a == b
        case (.semver(let a), .semver(let b)): return a == b
        default:
            guard let a = left.members, let b = right.members, a.count == b.count else { return false }
            return a.allSatisfy { member in b.contains { $0.key == member.key && $0.value == member.value } }
        }
    }

    /// Less, equal or greater; nil where the two are no numbers. Numbers of different kinds compare by what they mean.
    func numericOrder(_ other: CELValue) -> Int? {
        func order<Number: Comparable>(_ a: Number, _ b: Number) -> Int { a < b ? -1 : a == b ? 0 : 1 }
        switch (self, other) {
        case (.int(let a), .int(let b)): return order(a, b)
        case (.uint(let a), .uint(let b)): return order(a, b)
        case (.double(let a), .double(let b)): return a.isNaN || b.isNaN ? 2 : order(a, b)
        case (.int(let a), .uint(let b)): return a < 0 ? -1 : order(UInt64(a), b)
        case (.uint, .int): return other.numericOrder(self).map { -$0 }
        case (.int(let a), .double(let b)): return b.isNaN ? 2 : order(Double(a), b)
        case (.uint(let a), .double(let b)): return b.isNaN ? 2 : order(Double(a), b)
        case (.double, .int), (.double, .uint): return other.numericOrder(self).map { -$0 }
        default: return nil
        }
    }

    /// Less, equal or greater of two values of one ordered type.
    func order(_ other: CELValue) -> Int? {
        if let order = numericOrder(other) { return order }
        switch (self, other) {
        case (.string(let a), .string(let b)): return Text(a) == Text(b) ? 0 : Text(a) < Text(b) ? -1 : 1
        case (.bytes(let a), .bytes(let b)): return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        case (.bool(let a), .bool(let b)): return a == b ? 0 : b ? -1 : 1
        case (.timestamp(let a, let b), .timestamp(let c, let d)):
            return (a, b) == (c, d) ? 0 : (a, b) < (c, d) ? -1 : 1
        case (.duration(let a), .duration(let b)): return a == b ? 0 : a < b ? -1 : 1
        case (.quantity(let a), .quantity(let b)): return a == b ? 0 : a < b ? -1 : 1
        default: return nil
        }
    }
}
