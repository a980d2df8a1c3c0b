public import Document

/// How big a value of a schema may get, by what its schema says and what fits in one request (Kubernetes documentation,
/// "CRD validation rules", resource use).
public final class DeclaredSize: Sendable {
    /// What the API server accepts in one request, in bytes.
    private static let request = 3 << 20

    /// How many elements or members there may be, or how long a text may be; 0 for what has no size.
    let most: Int
    /// The fewest bytes that it takes as JSON.
    private let leastBytes: Int
    private let fields: [String: DeclaredSize]
    private let element: DeclaredSize?
    private let isMap: Bool

    private init(
        most: Int = 0, leastBytes: Int, fields: [String: DeclaredSize] = [:], element: DeclaredSize? = nil,
        isMap: Bool = false
    ) {
        self.most = most
        self.leastBytes = leastBytes
        self.fields = fields
        self.element = element
        self.isMap = isMap
    }

    /// How many values of this schema fit in one object, where nothing bounds the lists and maps in which they are.
    public var cardinality: UInt64 { UInt64(Self.request / (leastBytes + 1)) }

    /// What stands at the end of a path: fields, `@items`, `@values` and `@keys`; nil where nothing is declared.
    func at(_ path: ArraySlice<String>) -> DeclaredSize? {
        guard let name = path.first else { return self }
        let next: DeclaredSize?
        switch name {
        case "@items", "@values": next = element
        case "@keys": next = isMap ? DeclaredSize(leastBytes: 2) : nil
        default: next = fields[name]
        }
        return next?.at(path.dropFirst())
    }
}

// MARK: - Schemas

extension DeclaredSize {
    /// - Parameter isRoot: whether the schema is that of a whole object, whose apiVersion, kind and names are always there.
    /// - Returns: nil where expressions do not see such a value.
    public static func of(_ schema: Value, isRoot: Bool = false) -> DeclaredSize? {
        let limit = schema["maxLength"]?.int.map { max(0, $0) }
        // A character takes four bytes at most.
        let characters = limit.map { $0.multipliedReportingOverflow(by: 4) }.map {
            $0.overflow ? .max : $0.partialValue
        }
        if schema["x-kubernetes-int-or-string"]?.bool == true {
            return DeclaredSize(most: characters ?? request - 2, leastBytes: 1)
        }
        switch schema["type"]?.string {
        case "boolean": return DeclaredSize(leastBytes: 4)
        case "integer", "number": return DeclaredSize(leastBytes: 1)
        case "string": return ofText(schema, limit, characters)
        case "array":
            guard let items = schema["items"], let element = of(items) else { return nil }
            let most = bound(schema["maxItems"]) ?? (request - 2) / (element.leastBytes + 1)
            return DeclaredSize(most: most, leastBytes: 2, element: element)
        case "object":
            guard let values = schema["additionalProperties"], values.object != nil else {
                return ofObject(schema, isRoot: isRoot || schema["x-kubernetes-embedded-resource"]?.bool == true)
            }
            guard let element = of(values) else { return nil }
            // A key of no characters in quotes, a colon and a comma.
            let most = bound(schema["maxProperties"]) ?? (request - 2) / (element.leastBytes + 6)
            return DeclaredSize(most: most, leastBytes: 2, element: element, isMap: true)
        default: return nil
        }
    }

    private static func bound(_ limit: Value?) -> Int? { limit?.int.map { max(0, $0) } }

    private static func ofText(_ schema: Value, _ limit: Int?, _ characters: Int?) -> DeclaredSize {
        switch schema["format"]?.string {
        case "byte": return DeclaredSize(most: limit ?? request - 2, leastBytes: 2)
        case "duration": return DeclaredSize(most: 32, leastBytes: 3)
        case "date": return DeclaredSize(most: 12, leastBytes: 12)
        case "date-time": return DeclaredSize(most: 32, leastBytes: 21)
        default:
            let longest = schema["enum"]?.array?.compactMap { $0.string?.utf8.count }.max()
            return DeclaredSize(most: characters ?? longest ?? request - 2, leastBytes: 2)
        }
    }

    private static func ofObject(_ schema: Value, isRoot: Bool) -> DeclaredSize {
        var fields: [String: DeclaredSize] = [:]
        var leastBytes = 2
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        for member in schema["properties"]?.object ?? [:] {
            let name = member.key.string
            guard let size = of(member.value) else { continue }
            if let field = CELType.escaped(name) { fields[field] = size }
            // The name in quotes, a colon and a comma; what has a default is filled in by the server.
            if required.contains(name), member.value["default"] == nil {
                leastBytes += name.utf8.count + size.leastBytes + 4
            }
        }
        if isRoot {
            let text = DeclaredSize(most: request - 2, leastBytes: 2)
            fields["apiVersion"] = text
            fields["kind"] = text
            fields["metadata"] = DeclaredSize(leastBytes: 2, fields: ["name": text, "generateName": text])
        }
        return DeclaredSize(leastBytes: leastBytes, fields: fields)
    }
}
