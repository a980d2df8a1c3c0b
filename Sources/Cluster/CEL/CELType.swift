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
    /// A type itself, as `type(1)` gives it: nil for any.
    case type(CELType?)
    /// One of Kubernetes' libraries: `kubernetes.Quantity`, `net.IP`.
    case opaque(String)
    /// Whatever the other types around it make of it.
    case parameter(String)
    /// That of a part of which something wrong was told already.
    case error

    /// The fields of an object.
    public struct Fields: Sendable {
        let name: String
        /// By the name that expressions use.
        let types: [String: CELType]
        /// How those of them that are lists are compared, where not as they stand.
        var associations: [String: Association] = [:]

        /// The name under which a field is declared: one that is a keyword may be named as it is.
        func declared(_ name: String) -> String {
            types[name] == nil && CELType.keywords.contains(name) ? "__\(name)__" : name
        }
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
        case .type(let inner): inner.map { "type(\($0.name))" } ?? "type"
        case .opaque(let name), .parameter(let name): name
        case .error: "!error!"
        }
    }

    var isDynamic: Bool { if case .dyn = self { true } else { false } }

    /// Whether fields, elements and macros of it are taken as they come.
    var isDynamicOrError: Bool {
        switch self {
        case .dyn, .error: true
        default: false
        }
    }

    /// An object with fields that an expression may name.
    public static func object(_ name: String, _ fields: [String: CELType]) -> CELType {
        .object(Fields(name: name, types: fields))
    }

    /// As values of the type are named, `google.protobuf.Timestamp`, with the types of which it is made.
    public var fullName: String {
        switch self {
        case .list(let element): "list(\(element.fullName))"
        case .map(let key, let value): "map(\(key.fullName), \(value.fullName))"
        case .optional(let inner): "optional_type(\(inner.fullName))"
        case .timestamp, .duration, .null: runtimeName
        default: name
        }
    }

    /// Whether it has keys instead of declared fields.
    public var isMap: Bool { if case .map = self { true } else { false } }

    /// The type of a property, or of what stands under a key; nil where there is none.
    public func part(_ name: String) -> CELType? {
        switch self {
        case .map(_, let value): value
        case .object(let fields): Self.escaped(name).flatMap { fields.types[$0] }
        default: nil
        }
    }

    /// What an optional value holds; nil for what is none.
    var unwrapped: CELType? { if case .optional(let inner) = self { inner } else { nil } }

    /// The types that expressions may name.
    static let named: [String: CELType] = [
        "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
        "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null, "type": .type(nil),
        "optional_type": .optional(.dyn), "net.IP": .opaque("net.IP"), "net.CIDR": .opaque("net.CIDR"),
        "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
    ]
}

extension CELType {
    /// What a structural schema says of a value (Kubernetes documentation, "CRD validation rules", type checking).
    ///
    /// - Parameters:
    ///   - name: how messages name an object.
    ///   - isRoot: whether it is a whole object, whose apiVersion, kind and names are always there.
    /// - Returns: nil for what expressions do not see, as it says nothing of its type.
    public static func of(_ schema: Value, name: String = "object", isRoot: Bool = false) -> CELType? {
        if schema["x-kubernetes-int-or-string"]?.bool == true { return .dyn }
        let isObject = isRoot || schema["x-kubernetes-embedded-resource"]?.bool == true
        switch schema["type"]?.string {
        case "string": return ofString(schema["format"]?.string ?? "")
        case "integer": return .int
        case "number": return .double
        case "boolean": return .bool
        case "array": return schema["items"].flatMap { of($0, name: "\(name).@idx") }.map { .list($0) }
        case "object":
            if let items = schema["additionalProperties"], items.object != nil {
                return of(items, name: "\(name).@elem").map { .map(.string, $0) }
            }
            return ofObject(schema["properties"]?.object ?? [:], name, isObject: isObject)
        default: return nil
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
            guard let field = escaped(member.key.string),
                let type = of(member.value, name: "\(name).\(field)")
            else { continue }
            associations[field] = Association(member.value)
            types[field] = type
        }
        if isObject {
            types["apiVersion"] = .string
            types["kind"] = .string
            types["metadata"] = .object(
                Fields(name: "\(name).metadata", types: ["name": .string, "generateName": .string]))
        }
        return .object(Fields(name: name, types: types, associations: associations))
    }

    fileprivate static let keywords: Set<String> = [
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
