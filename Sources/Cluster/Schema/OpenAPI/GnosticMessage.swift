import Document

/// One of gnostic's messages: which member of a document stands in which field, in the order of their numbers.
struct GnosticMessage: Sendable {
    /// How a value of a document becomes a field.
    indirect enum Form: Sendable {
        case text, bool, integer, double
        /// Anything, as a text of YAML.
        case any
        /// A message of its own; looked up when it is needed, for schemas hold schemas.
        case message(@Sendable () -> GnosticMessage)
        /// One field for each element.
        case each(Form)
        /// A message with nothing but this field.
        case within(Int, Form)
        /// A message with this field for each member, holding its name and its value.
        case members(Int, Form)
        /// What it is depends on the value.
        case choice(@Sendable (Value) -> Form)
    }

    private let fields: [(name: Text, number: Int, form: Form)]
    private let extensions: Int

    /// - Parameter extensions: the number of the field for members that begin with `x-`.
    init(_ fields: [(name: Text, number: Int, form: Form)], extensions: Int) {
        self.fields = fields
        self.extensions = extensions
    }

    /// The message of this value.
    func bytes(_ value: Value) -> [UInt8] {
        var writer = WireMessage()
        write(value, to: &writer)
        return writer.bytes
    }

    fileprivate func write(_ value: Value, to writer: inout WireMessage) {
        for field in fields {
            if let member = value[field.name], !member.isNull { writer.add(field.number, member, field.form) }
        }
        for member in value.object ?? [:] where member.key.hasPrefix("x-") {
            writer.add(extensions, name: member.key, member.value, .any)
        }
    }
}

extension WireMessage {
    /// - Parameter isTold: whether also what is empty is written, as in lists and unions of proto3.
    fileprivate mutating func add(_ number: Int, _ value: Value, _ form: GnosticMessage.Form, isTold: Bool = false) {
        switch form {
        case .text: if let text = value.text, isTold || !text.isEmpty { add(number, text: text) }
        case .bool: if let bool = value.bool, isTold || bool { add(number, varint: bool ? 1 : 0) }
        case .integer:
            if let integer = value.number?.int64, isTold || integer != 0 {
                add(number, varint: UInt64(bitPattern: integer))
            }
        case .double: if let double = value.number?.double, isTold || double != 0 { add(number, double: double) }
        case .any: message(number) { $0.add(2, bytes: YAML.write(value)) }
        case .message(let make): message(number) { make().write(value, to: &$0) }
        case .each(let form): for element in value.array ?? [] { add(number, element, form, isTold: true) }
        case .within(let inner, let form): message(number) { $0.add(inner, value, form, isTold: true) }
        case .members(let inner, let form):
            message(number) { writer in
                for member in value.object ?? [:] { writer.add(inner, name: member.key, member.value, form) }
            }
        case .choice(let choose): add(number, value, choose(value), isTold: isTold)
        }
    }

    /// NamedSchema, NamedPathItem, NamedAny …: a name and a value.
    fileprivate mutating func add(_ number: Int, name: Text, _ value: Value, _ form: GnosticMessage.Form) {
        message(number) { pair in
            pair.add(1, text: name)
            pair.add(2, value, form, isTold: true)
        }
    }
}
