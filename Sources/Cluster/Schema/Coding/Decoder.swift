import API
import Document

/// Reads a value by its shape, as encoding/json reads into a Go struct and writes it again.
///
/// Go keeps reading after a type error and tells the first one; both walk a document in order, but our objects are
/// sorted, so of several errors another may be told.
struct Decoder {
    /// Whether failures are told as apimachinery's converter from unstructured maps tells them.
    private let isConverting: Bool
    /// `unknown field "…"`, in the order of the walk.
    private(set) var unknown: [String] = []
    /// From the root to here, with list indices, as the strict decoder tells it.
    private var path: [JSON.PathStep] = []
    /// How many steps of the path Go knows nothing of, for what they lead to is read by itself.
    private var outerSteps = 0
    /// The innermost struct, which Go names in errors.
    private var structName = ""

    init(isConverting: Bool = false) { self.isConverting = isConverting }

    /// A reader of a value that stands at a place but is read by itself, as metadata of custom resources is.
    init(at place: String) {
        isConverting = false
        path = [.key(Text(place))]
        outerSteps = 1
    }

    /// `spec.containers[0].name`
    static func text(of path: [JSON.PathStep]) -> String {
        var text = ""
        for step in path {
            switch step {
            case .key(let key): text += text.isEmpty ? key.string : ".\(key.string)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    mutating func decode(_ body: Value, as kind: Kind) throws(DecodingFailure) -> Value {
        if let schema = kind.structural { return try decodeCustom(body, schema) }
        return try decode(body, Shape(.structure(kind.structure), goType: "\(kind.version).\(kind.name)"))
    }

    mutating func decode(_ value: Value, _ shape: Shape) throws(DecodingFailure) -> Value {
        switch shape.form {
        case .structure(let structure): try decode(value, structure, shape)
        case .list(let item, _): try decodeList(value, of: item, shape)
        case .map(let item): try decodeMap(value, of: item, shape)
        case .any: try decodeUnion(value, shape)
        default: try decodeScalar(value, shape)
        }
    }

    /// Members and fields are both sorted, so that one walk meets them all and leaves a sorted object.
    private mutating func decode(
        _ value: Value, _ structure: Structure, _ shape: Shape
    ) throws(DecodingFailure) -> Value {
        guard case .object(let object) = value else {
            if value.isNull { return structure.empty }
            throw mismatch(value, shape)
        }
        let outer = structName
        structName = structure.name
        defer { structName = outer }
        var members: [Object.Member] = []
        members.reserveCapacity(object.count)
        var next = structure.sorted[...]
        for member in object {
            while let index = next.first, structure.fields[index].name < member.key {
                addAbsent(structure.fields[index], to: &members)
                next = next.dropFirst()
            }
            if let index = next.first, structure.fields[index].name == member.key {
                next = next.dropFirst()
                try decode(member.value, structure.fields[index], into: &members)
            } else {
                try meetUnknown(member, structure, into: &members)
            }
        }
        for index in next { addAbsent(structure.fields[index], to: &members) }
        return .object(Object(unsorted: members))
    }

    private mutating func meetUnknown(
        _ member: Object.Member, _ structure: Structure, into members: inout [Object.Member]
    ) throws(DecodingFailure) {
        if structure.preservesUnknown { return members.append(member) }
        path.append(.key(member.key))
        defer { path.removeLast() }
        if structure.isKind, member.key == "kind" || member.key == "apiVersion" {
            let text = try decodeScalar(member.value, Shape(.string, goType: "string"))
            if text != "" { members.append(Object.Member(key: member.key, value: text)) }
        } else {
            noteUnknown()
        }
    }

    private func addAbsent(_ field: Field, to members: inout [Object.Member]) {
        if let value = field.absent { members.append(Object.Member(key: field.name, value: value)) }
    }

    private mutating func decode(
        _ value: Value, _ field: Field, into members: inout [Object.Member]
    ) throws(DecodingFailure) {
        if value.isNull { return addAbsent(field, to: &members) }
        path.append(.key(field.name))
        defer { path.removeLast() }
        let decoded = try decode(value, field.shape)
        if !field.omits(decoded) { members.append(Object.Member(key: field.name, value: decoded)) }
    }

    /// Anything but the places of a CRD's schema where a schema may stand, alone or in a list.
    private mutating func decodeUnion(_ value: Value, _ shape: Shape) throws(DecodingFailure) -> Value {
        guard SchemaUnion(shape) != nil else { return value }
        let schema = Shape(.structure(SchemaUnion.structure), goType: "v1.JSONSchemaProps")
        switch value {
        case .object: return try decode(value, schema)
        case .array(let elements):
            var result: [Value] = []
            for element in elements { result.append(element.object == nil ? element : try decode(element, schema)) }
            return .array(result)
        default: return value
        }
    }

    private mutating func decodeList(
        _ value: Value, of item: Shape, _ shape: Shape
    ) throws(DecodingFailure) -> Value {
        if value.isNull { return .null }
        guard case .array(let elements) = value else { throw mismatch(value, shape) }
        var result: [Value] = []
        result.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            path.append(.index(index))
            defer { path.removeLast() }
            result.append(element.isNull ? item.zero : try decode(element, item))
        }
        return .array(result)
    }

    private mutating func decodeMap(
        _ value: Value, of item: Shape, _ shape: Shape
    ) throws(DecodingFailure) -> Value {
        if value.isNull { return .null }
        guard case .object(let object) = value else { throw mismatch(value, shape) }
        return .object(
            try object.mapValues { element throws(DecodingFailure) in
                element.isNull ? item.zero : try decode(element, item)
            })
    }

    mutating func step(into step: JSON.PathStep) { path.append(step) }

    mutating func stepOut() { path.removeLast() }

    /// Notes that the field at this path is not declared.
    mutating func noteUnknown() { unknown.append("unknown field \"\(Decoder.text(of: path))\"") }

    /// What was found not to be declared up to here; from here on is noted anew.
    mutating func takeUnknown() -> [String] {
        defer { unknown = [] }
        return unknown
    }

    mutating func note(_ unknown: [String]) { self.unknown = unknown }

    /// Go's UnmarshalTypeError: `json: cannot unmarshal string into Go struct field PodSpec.spec.replicas of type int32`.
    func mismatch(_ value: Value, _ shape: Shape, detail: String = "") -> DecodingFailure {
        if isConverting { return DecodingFailure(message: Decoder.conversion(of: value, to: shape)) }
        let keys = path.dropFirst(outerSteps).compactMap { if case .key(let key) = $0 { key.string } else { nil } }
        let place =
            structName.isEmpty || keys.isEmpty
            ? "Go value" : "Go struct field \(structName).\(keys.joined(separator: "."))"
        return DecodingFailure(
            message: "json: cannot unmarshal \(value.goKind)\(detail) into \(place) of type \(shape.goType)")
    }

    /// Why the converter cannot make one Go type of another (runtime's fromUnstructured).
    private static func conversion(of value: Value, to shape: Shape) -> String {
        let kind = GoValue.kind(value)
        switch shape.form {
        case .structure: return "cannot restore struct from: \(kind)"
        case .map: return "cannot restore map from \(kind)"
        case .list, .bytes: return "cannot restore slice from \(kind)"
        case .string where kind == "int64": return "cannot convert int64 to \(shape.goType)"
        case .int32, .int64:
            if kind == "float64" { return "cannot convert float64 to \(shape.goType)" }
        default: break
        }
        return "unrecognized type: \(goKind(shape))"
    }

    private static func goKind(_ shape: Shape) -> String {
        switch shape.form {
        case .string: "string"
        case .bool: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .float64: "float64"
        default: shape.goType
        }
    }
}
