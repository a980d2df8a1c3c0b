public import Document

/// What an expression's value is known to be before it is evaluated.
public indirect enum CELType: Sendable {
    /// Anything: nothing is checked before evaluation.
    case dyn
    case null, bool, int, uint, double, string, bytes, timestamp, duration
    case list(CELType)
    case map(CELType, CELType)
    /// An object with declared fields.
    case object(Fields)
    case optional(CELType)
    /// A type itself, as `type(1)` gives it.
    case type
    /// One of Kubernetes' libraries: `kubernetes.Quantity`, `net.IP`.
    case opaque(String)

    /// The fields of an object.
    public struct Fields: Sendable {
        let name: String
        /// By the name that expressions use.
        let types: [String: CELType]
        /// How those of them that are lists are compared, where not as they stand.
        var associations: [String: Association] = [:]
    }

    /// As messages name it.
    public var name: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .list(let element): "list(\(element.name))"
        case .map(let key, let value): "map(\(key.name), \(value.name))"
        case .object(let fields): fields.name
        case .optional(let inner): "optional_type(\(inner.name))"
        case .type: "type"
        case .opaque(let name): name
        }
    }

    /// Whether a value of this type may turn out to be of that one.
    public func isPossibly(_ other: CELType) -> Bool { isDynamic || name == other.name }

    var isDynamic: Bool { if case .dyn = self { true } else { false } }
    var isMap: Bool { if case .map = self { true } else { false } }

    /// The types that expressions may name.
    static let names: Set<String> = [
        "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type",
        "net.IP",
        "net.CIDR", "google.protobuf.Timestamp", "google.protobuf.Duration",
    ]

    var isNumber: Bool {
        switch self {
        case .int, .uint, .double: true
        default: false
        }
    }

    /// Whether a value of the other type may stand where this one is wanted.
    func accepts(_ other: CELType) -> Bool {
        switch (self, other) {
        case (.dyn, _), (_, .dyn): true
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)): left.accepts(right)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            key.accepts(otherKey) && value.accepts(otherValue)
        case (.object(let left), .object(let right)): left.name == right.name
        case (.map(let key, _), .object), (.object, .map(let key, _)): key.accepts(.string)
        // Whatever is nullable may be null.
        case (.null, _), (_, .null): true
        default: name == other.name
        }
    }
}

extension CELType {
    /// What a structural schema says of a value (Kubernetes documentation, "CRD validation rules", type checking).
    ///
    /// - Parameters:
    ///   - name: how messages name an object.
    ///   - isRoot: whether it is a whole object, whose apiVersion, kind and names are always there.
    public static func of(_ schema: Value, name: String = "object", isRoot: Bool = false) -> CELType {
        if schema["x-kubernetes-int-or-string"]?.bool == true { return .dyn }
        let isObject = isRoot || schema["x-kubernetes-embedded-resource"]?.bool == true
        switch schema["type"]?.string {
        case "string": return ofString(schema["format"]?.string ?? "")
        case "integer": return .int
        case "number": return .double
        case "boolean": return .bool
        case "array": return .list(of(schema["items"] ?? [:], name: "\(name).@idx"))
        case "object":
            if let items = schema["additionalProperties"], items.object != nil {
                return .map(.string, of(items, name: "\(name).@elem"))
            }
            let properties = schema["properties"]?.object ?? [:]
            if properties.isEmpty, !isObject, schema["x-kubernetes-preserve-unknown-fields"]?.bool == true {
                return .dyn
            }
            return ofObject(properties, name, isObject: isObject)
        default: return .dyn
        }
    }

    private static func ofString(_ format: String) -> CELType {
        switch format {
        case "byte": .bytes
        case "duration": .duration
        case "date", "date-time": .timestamp
        default: .string
        }
    }

    private static func ofObject(_ properties: Object, _ name: String, isObject: Bool) -> CELType {
        var types: [String: CELType] = [:]
        var associations: [String: Association] = [:]
        for member in properties {
            guard let field = escaped(member.key.string) else { continue }
            associations[field] = Association(member.value)
            types[field] = of(member.value, name: "\(name).\(member.key.string)")
        }
        if isObject {
            types["apiVersion"] = .string
            types["kind"] = .string
            types["metadata"] = .object(
                Fields(name: "\(name).metadata", types: ["name": .string, "generateName": .string]))
        }
        return .object(Fields(name: name, types: types, associations: associations))
    }

    private static let keywords: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    /// The name by which expressions reach a property; nil where they cannot.
    static func escaped(_ name: String) -> String? {
        if keywords.contains(name) { return "__\(name)__" }
        guard let first = name.unicodeScalars.first, first == "_" || (first.isASCII && first.properties.isAlphabetic)
        else { return nil }
        var result = ""
        var rest = Substring(name)
        while let character = rest.popFirst() {
            switch character {
            case "_" where rest.first == "_":
                rest.removeFirst()
                result += "__underscores__"
            case ".": result += "__dot__"
            case "-": result += "__dash__"
            case "/": result += "__slash__"
            case _ where character.isASCII && (character.isLetter || character.isNumber || character == "_"):
                result.append(character)
            default: return nil
            }
        }
        return result
    }
}
