import API
public import Document

extension Kind {
    /// The object's message; nil for the kinds of CRDs, which have none.
    public func protobuf(_ object: Value) -> [UInt8]? {
        guard custom == nil else { return nil }
        var message = WireMessage()
        ObjectMessageWriter.write(object, structure, inline: nil, to: &message)
        return message.bytes
    }

    /// The message of a list of objects of this kind; nil for the kinds of CRDs.
    ///
    /// - Parameter metadata: the list's own.
    public func protobufList(_ items: [Value], metadata: Value) -> [UInt8]? {
        guard custom == nil else { return nil }
        var list = WireMessage()
        list.message(1) { meta in
            if let version = metadata["resourceVersion"]?.text { meta.add(2, text: version) }
            if let next = metadata["continue"]?.text { meta.add(3, text: next) }
            if let count = metadata["remainingItemCount"]?.int { meta.add(4, varint: UInt64(count)) }
        }
        let structure = structure
        for item in items { list.message(2) { ObjectMessageWriter.write(item, structure, inline: nil, to: &$0) } }
        return list.bytes
    }
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
            let bytes = (try? Base64.decode(value.text?.bytes ?? []).get()) ?? []
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
            let duration = value.string.flatMap { GoDuration($0) }
            message.add(1, varint: UInt64(bitPattern: duration?.nanoseconds ?? 0))
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
