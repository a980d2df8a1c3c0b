/// A node of the tree that YAML and JSON documents are read into: immutable once shared, compared by value.
///
/// Objects are sorted arrays of pairs, which parse, look up and write faster than a dictionary at the sizes that
/// Kubernetes objects have. Numbers keep their literal until someone asks for a reading.
public enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Number)
    case string(Text)
    case array([Value])
    case object(Object)
}

extension Value {
    /// A JSON string with the UTF-8 bytes of `string`.
    @inlinable
    public static func string(_ string: String) -> Value { .string(Text(string)) }

    /// A whole number.
    @inlinable
    public static func int(_ value: some BinaryInteger) -> Value { .number(Number(Int64(value))) }

    /// What Go's encoding/json calls a value's kind when it finds another than it looked for.
    public var goKind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Whether this is `null`.
    @inlinable
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The boolean, if this is one.
    @inlinable
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The whole number, if this is one that fits (`1.0` is none, as in Kubernetes' reading).
    @inlinable
    public var int: Int? {
        if case .number(let number) = self, let value = number.int64 { Int(value) } else { nil }
    }

    /// The number, if this is one.
    @inlinable
    public var number: Number? { if case .number(let value) = self { value } else { nil } }

    /// The bytes of the string, if this is one.
    @inlinable
    public var text: Text? { if case .string(let value) = self { value } else { nil } }

    /// The string, if this is one.
    @inlinable
    public var string: String? { if case .string(let value) = self { value.string } else { nil } }

    /// The elements, if this is an array.
    @inlinable
    public var array: [Value]? { if case .array(let value) = self { value } else { nil } }

    /// The pairs, if this is an object.
    @inlinable
    public var object: Object? { if case .object(let value) = self { value } else { nil } }

    /// The member of that key; nil where this is no object or has no such key.
    ///
    /// Setting makes an object of anything else; setting nil removes the key.
    @inlinable
    public subscript(key: Text) -> Value? {
        get { if case .object(let object) = self { object[key] } else { nil } }
        set { withObject { $0[key] = newValue } }
    }

    /// The member at the end of a path of keys; nil where any step is missing.
    ///
    /// Setting makes the objects on the way; setting nil removes the last key.
    @inlinable
    public subscript(first: Text, second: Text, rest: Text...) -> Value? {
        get { self[path: [first, second] + rest] }
        set { self[path: [first, second] + rest] = newValue }
    }

    /// The member at the end of a path of keys; the value itself for an empty path.
    @inlinable
    public subscript(path path: some Collection<Text>) -> Value? {
        get {
            var value = self
            for key in path {
                guard let next = value[key] else { return nil }
                value = next
            }
            return value
        }
        set {
            guard let key = path.first else {
                self = newValue ?? .null
                return
            }
            let rest = path.dropFirst()
            if rest.isEmpty {
                self[key] = newValue
            } else if newValue != nil || self[key] != nil {
                withObject { object in
                    var child = object.removeValue(forKey: key) ?? .object([:])
                    child[path: rest] = newValue
                    object[key] = child
                }
            }
        }
    }

    /// Changes the object in place; anything that is no object becomes one first.
    @inlinable
    public mutating func withObject<Result>(_ body: (inout Object) throws -> Result) rethrows -> Result {
        var object = Object()
        if case .object(let held) = self {
            object = held
            self = .null  // leaves one reference, so that `body` changes the storage itself
        }
        defer { self = .object(object) }
        return try body(&object)
    }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    @inlinable public init(booleanLiteral value: Bool) { self = .bool(value) }
    @inlinable public init(integerLiteral value: Int64) { self = .number(Number(value)) }
    @inlinable public init(stringLiteral value: String) { self = .string(Text(value)) }
    @inlinable public init(arrayLiteral elements: Value...) { self = .array(elements) }
    @inlinable public init(dictionaryLiteral elements: (Text, Value)...) { self = .object(Object(elements)) }
}
