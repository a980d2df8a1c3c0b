import API
import Calendar
public import Document

extension Kind {
    /// The object's message; nil for the kinds of CRDs, which have none.
    public func protobuf(_ object: Value) -> [UInt8]? {
        guard custom == nil else { return nil }
        var message = WireMessage()
        ObjectMessageWriter.write(object, structure, inline: nil, to: &message)
        return message.bytes
    }
}

/// What is left of an object when only its metadata is asked for (meta.k8s.io, PartialObjectMetadata): kinds of CRDs have
/// a message of that, too.
public enum BareMetadata {
    /// An object of which nothing is declared has metadata and nothing else.
    fileprivate static let structure = StructuralSchema.root(
        Structural([:], isRoot: true), name: "PartialObjectMetadata")

    /// The message of one object.
    public static func protobuf(_ object: Value) -> [UInt8] {
        var message = WireMessage()
        ObjectMessageWriter.write(object, structure, inline: nil, to: &message)
        return message.bytes
    }
}

/// The message of a list, to which objects are added one by one, so that their trees never stand in memory together.
public struct ProtobufList: Sendable {
    private let structure: Structure
    private var message = WireMessage()

    /// Nil for the kinds of CRDs, which have no messages.
    ///
    /// - Parameters:
    ///   - kind: that of the objects.
    ///   - metadata: the list's own.
    public init?(of kind: Kind, metadata: Value) {
        guard kind.custom == nil else { return nil }
        self.init(kind.structure, metadata)
    }

    /// The list of bare metadata (PartialObjectMetadataList), which all kinds have.
    ///
    /// - Parameter metadata: the list's own.
    public init(bareWith metadata: Value) { self.init(BareMetadata.structure, metadata) }

    private init(_ structure: Structure, _ metadata: Value) {
        self.structure = structure
        message.message(1) { meta in
            // Go has no pointers for these, and selfLink is empty since 1.20.
            meta.add(1, text: "")
            meta.add(2, text: metadata["resourceVersion"]?.text ?? "")
            meta.add(3, text: metadata["continue"]?.text ?? "")
            if let count = metadata["remainingItemCount"]?.int { meta.add(4, varint: UInt64(count)) }
        }
    }

    /// Adds an object behind the others.
    public mutating func append(_ object: Value) {
        message.message(2) { ObjectMessageWriter.write(object, structure, inline: nil, to: &$0) }
    }

    /// The list as it is so far, without envelope.
    public var bytes: [UInt8] { message.bytes }
}

/// Writes messages by the field numbers of the declarations, as gogo's generated code does: fields in the order of
/// their numbers, what Go has no pointer for also at zero.
enum ObjectMessageWriter {
    static func write(_ object: Value, _ structure: Structure, inline: Int?, to message: inout WireMessage) {
        for part in structure.wireOrder(of: inline) {
            guard let field = part.field else {
                message.message(part.number) { write(object, structure, inline: part.inline, to: &$0) }
                continue
            }
            if let value = object[field.name], !value.isNull {
                add(value, field.shape, part.number, to: &message)
            } else if !field.isPointer {
                addZero(field.shape, part.number, to: &message)
            }
        }
    }

    /// What Go writes for a field without a pointer that nobody set.
    private static func addZero(_ shape: Shape, _ number: Int, to message: inout WireMessage) {
        switch shape.form {
        case .structure(let structure): message.message(number) { write([:], structure, inline: nil, to: &$0) }
        case .time, .microTime, .any: message.message(number) { _ in }
        case .bytes, .map, .list: break
        default: addOne(shape.zero, shape, number, to: &message)
        }
    }

    private static func add(_ value: Value, _ shape: Shape, _ number: Int, to message: inout WireMessage) {
        switch shape.form {
        case .list where shape.isNamedList: addOne(value, shape, number, to: &message)
        case .list(let element, _):
            for item in value.array ?? [] { addOne(item, element, number, to: &message) }
        case .map(let element):
            for member in value.object ?? [:] {
                message.message(number) { entry in
                    entry.add(1, text: member.key)
                    addOne(member.value, element, 2, to: &entry)
                }
            }
        default: addOne(value, shape, number, to: &message)
        }
    }

    private static func addOne(_ value: Value, _ shape: Shape, _ number: Int, to message: inout WireMessage) {
        switch shape.form {
        case .string: message.add(number, text: value.text ?? "")
        case .bool: message.add(number, varint: value.bool == true ? 1 : 0)
        case .int32, .int64: message.add(number, varint: UInt64(bitPattern: value.number?.int64 ?? 0))
        case .float64: message.add(number, double: value.number?.double ?? 0)
        case .bytes:
            let bytes = Base64.decode(value.text?.bytes ?? []) ?? []
            message.add(number, bytes: bytes)
        case .structure(let structure):
            message.message(number) { write(value, structure, inline: nil, to: &$0) }
        case .list(let element, _):
            message.message(number) { inner in
                for item in value.array ?? [] { addOne(item, element, 1, to: &inner) }
            }
        case .map: break
        case .quantity, .time, .microTime, .duration, .intOrString, .any:
            message.message(number) { addSpecial(value, shape, to: &$0) }
        }
    }

    private static func addSpecial(_ value: Value, _ shape: Shape, to message: inout WireMessage) {
        switch shape.form {
        case .quantity: message.add(1, text: value.text ?? Text(JSON.text(value).string))
        case .time, .microTime:
            guard let time = value.string.flatMap(Time.init) else { break }
            message.add(1, varint: UInt64(bitPattern: time.seconds))
            // metav1.Time has no nanoseconds on the wire.
            message.add(2, varint: shape.isMicroTime ? UInt64(time.nanoseconds) : 0)
        case .duration:
            let duration = value.string.flatMap { try? GoDuration.parse($0) }
            message.add(1, varint: UInt64(bitPattern: duration ?? 0))
        case .intOrString:
            if let text = value.text {
                message.add(1, varint: 1)
                message.add(2, varint: 0)
                message.add(3, text: text)
            } else {
                message.add(1, varint: 0)
                message.add(2, varint: UInt64(bitPattern: value.number?.int64 ?? 0))
                message.add(3, text: "")
            }
        default:
            guard let union = SchemaUnion(shape) else {
                message.add(1, bytes: JSON.write(value))
                break
            }
            addUnion(value, union, to: &message)
        }
    }

    /// The places of a CRD's schema where a schema may stand, alone or in a list.
    private static func addUnion(_ value: Value, _ union: SchemaUnion, to message: inout WireMessage) {
        func add(_ schema: Value, _ number: Int) {
            message.message(number) { write(schema, SchemaUnion.structure, inline: nil, to: &$0) }
        }
        switch (union, value) {
        case (.orBool, .bool(let allows)): message.add(1, varint: allows ? 1 : 0)
        case (.orBool, _):
            message.add(1, varint: 1)
            add(value, 2)
        case (_, .array(let elements)):
            for element in elements {
                if let text = element.text {
                    message.add(2, text: text)
                } else {
                    add(element, 2)
                }
            }
        default: add(value, 1)
        }
    }
}
