import Document

/// The wire format of protocol buffers, as far as Kubernetes' messages use it.
enum Wire {
    /// A value as it stands in a message.
    enum Item {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(ArraySlice<UInt8>)

        var number: Int64 {
            switch self {
            case .varint(let value), .fixed64(let value): Int64(bitPattern: value)
            case .fixed32(let value): Int64(value)
            case .bytes: 0
            }
        }

        /// The content of a text, a byte string or an inner message.
        var content: ArraySlice<UInt8> { if case .bytes(let bytes) = self { bytes } else { [] } }
    }

    /// The fields of a message in the order of their appearance; nil where the bytes are no message.
    static func fields(_ message: ArraySlice<UInt8>) -> [(number: Int, item: Item)]? {
        var rest = message
        var found: [(Int, Item)] = []
        while !rest.isEmpty {
            guard let tag = varint(&rest), let item = item(Int(tag & 7), &rest) else { return nil }
            found.append((Int(truncatingIfNeeded: tag >> 3), item))
        }
        return found
    }

    private static func item(_ type: Int, _ rest: inout ArraySlice<UInt8>) -> Item? {
        switch type {
        case 0: return varint(&rest).map(Item.varint)
        case 1: return fixed(8, &rest).map(Item.fixed64)
        case 5: return fixed(4, &rest).map { .fixed32(UInt32(truncatingIfNeeded: $0)) }
        case 2:
            guard let length = varint(&rest), length <= UInt64(rest.count) else { return nil }
            defer { rest = rest.dropFirst(Int(length)) }
            return .bytes(rest.prefix(Int(length)))
        default: return nil
        }
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        return nil
    }

    private static func fixed(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> UInt64? {
        guard rest.count >= count else { return nil }
        let value = rest.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(count)
        return value
    }
}

/// A message that is being written.
struct WireMessage {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: Int, varint value: UInt64) {
        append(UInt64(number) << 3)
        append(value)
    }

    mutating func add(_ number: Int, double value: Double) {
        append(UInt64(number) << 3 | 1)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
    }

    mutating func add(_ number: Int, bytes content: some Collection<UInt8>) {
        append(UInt64(number) << 3 | 2)
        append(UInt64(content.count))
        bytes += content
    }

    mutating func add(_ number: Int, text: Text) { text.withBytes { add(number, bytes: $0) } }

    /// Adds an inner message, which is written in place: its length is known once it is there.
    mutating func message(_ number: Int, _ write: (inout WireMessage) -> Void) {
        append(UInt64(number) << 3 | 2)
        let start = bytes.count
        bytes.append(0)
        write(&self)
        var rest = UInt64(bytes.count - start - 1)
        guard rest > 127 else {
            bytes[start] = UInt8(rest)
            return
        }
        bytes[start] = UInt8(truncatingIfNeeded: rest) | 128
        rest >>= 7
        var place = start + 1
        while true {
            bytes.insert(UInt8(truncatingIfNeeded: rest) | (rest > 127 ? 128 : 0), at: place)
            rest >>= 7
            place += 1
            if rest == 0 { return }
        }
    }

    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
