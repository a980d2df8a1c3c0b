import API
import Calendar
public import Document

extension Kind {
    /// The body that a protobuf message stands for, ready to be decoded as one in JSON is; nil where it cannot be read.
    ///
    /// - Parameter message: the object's own message, out of its envelope.
    public func body(protobuf message: [UInt8]) -> Value? {
        guard custom == nil, var object = ObjectMessageReader.object(message[...], structure, inline: nil) else {
            return nil
        }
        object["apiVersion"] = .string(apiVersion)
        object["kind"] = .string(name)
        return .object(object)
    }
}

/// Reads messages by the field numbers of the declarations.
enum ObjectMessageReader {
    /// The fields of a message; those of embedded structs go into the same object.
    static func object(_ message: ArraySlice<UInt8>, _ structure: Structure, inline: Int?) -> Object? {
        guard let items = Wire.fields(message) else { return nil }
        var object = Object()
        for (number, item) in items {
            if let index = structure.inlines.indices.first(where: {
                structure.inlines[$0].parent == inline && structure.inlines[$0].number == number
            }) {
                guard let inner = Self.object(item.content, structure, inline: index) else { return nil }
                for member in inner { object[member.key] = member.value }
                continue
            }
            guard let field = structure.fields.first(where: { $0.number == number && $0.inline == inline }) else {
                continue
            }
            guard add(item, to: &object, field) else { return nil }
        }
        return object
    }

    /// Adds one appearance of a field: an element of a list, an entry of a map, or the value.
    private static func add(_ item: Wire.Item, to object: inout Object, _ field: Field) -> Bool {
        switch field.shape.form {
        case .list(let element, _) where !field.shape.isNamedList:
            guard let value = value(item, element) else { return false }
            object[field.name] = .array((object[field.name]?.array ?? []) + [value])
        case .map(let element):
            guard let entry = Wire.fields(item.content) else { return false }
            var map = object[field.name]?.object ?? [:]
            var key = Text("")
            var found = element.zero
            for (number, part) in entry {
                if number == 1 { key = Text(bytes: part.content) }
                if number == 2, let read = Self.value(part, element) { found = read }
            }
            map[key] = found
            object[field.name] = .object(map)
        default:
            guard let value = value(item, field.shape) else { return false }
            object[field.name] = value
        }
        return true
    }

    private static func value(_ item: Wire.Item, _ shape: Shape) -> Value? {
        switch shape.form {
        case .string: return .string(Text(bytes: item.content))
        case .bool: return .bool(item.number != 0)
        case .int32, .int64: return .number(Number(item.number))
        case .float64:
            return Number(Double(bitPattern: UInt64(bitPattern: item.number))).map(Value.number)
        case .bytes: return .string(Text(bytes: Base64.encode(Array(item.content))))
        case .structure(let structure):
            return object(item.content, structure, inline: nil).map(Value.object)
        case .list(let element, _):
            // A list inside a map or list is a message of its own (ExtraValue).
            return Wire.fields(item.content).map { .array($0.compactMap { value($0.item, element) }) }
        case .map: return nil
        case .quantity, .time, .microTime, .duration, .intOrString, .any:
            return Wire.fields(item.content).flatMap { special($0, shape) }
        }
    }

    /// The types that are texts or anything in JSON, and small messages here.
    private static func special(_ fields: [(number: Int, item: Wire.Item)], _ shape: Shape) -> Value? {
        func part(_ number: Int) -> Wire.Item? { fields.last { $0.number == number }?.item }
        switch shape.form {
        case .quantity: return .string(Text(bytes: part(1)?.content ?? []))
        case .time, .microTime:
            guard let seconds = part(1)?.number else { return .null }
            let time = Time(seconds: seconds, nanoseconds: Int32(truncatingIfNeeded: part(2)?.number ?? 0))
            if case .microTime = shape.form { return .string(time.micro) }
            return .string(time.wholeSeconds.description)
        case .duration: return .string(GoDuration.text(part(1)?.number ?? 0))
        case .intOrString:
            if part(1)?.number == 1 { return .string(Text(bytes: part(3)?.content ?? [])) }
            return .number(Number(part(2)?.number ?? 0))
        default:
            if let union = SchemaUnion(shape) { return Self.union(fields, union) }
            guard let raw = part(1)?.content, !raw.isEmpty else { return .null }
            return try? JSON.parse(raw)
        }
    }

    /// The places of a CRD's schema where a schema may stand, alone or in a list.
    private static func union(_ fields: [(number: Int, item: Wire.Item)], _ union: SchemaUnion) -> Value? {
        let schema = { (item: Wire.Item) in
            object(item.content, SchemaUnion.structure, inline: nil).map { Value.object($0) }
        }
        let first = fields.last { $0.number == 1 }?.item
        let others = fields.filter { $0.number == 2 }.map(\.item)
        switch union {
        case .orBool: return others.last.map(schema) ?? .bool(first?.number == 1)
        case .orArray: return first.map(schema) ?? .array(others.compactMap(schema))
        case .orStrings: return first.map(schema) ?? .array(others.map { .string(Text(bytes: $0.content)) })
        }
    }
}
