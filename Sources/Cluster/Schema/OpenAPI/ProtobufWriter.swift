import Document

/// Writes protobuf's wire format.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// An integer field, also at zero.
    mutating func varint(_ number: Int, _ value: UInt64) {
        varint(UInt64(number) << 3)
        varint(value)
    }

    /// A float64 field by its bits, also at zero.
    mutating func fixed64(_ number: Int, _ bits: UInt64) {
        varint(UInt64(number) << 3 | 1)
        withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A bytes field.
    mutating func bytes(_ number: Int, _ content: [UInt8]) {
        varint(UInt64(number) << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    /// A string field.
    mutating func string(_ number: Int, _ text: Text) {
        varint(UInt64(number) << 3 | 2)
        varint(UInt64(text.count))
        text.withBytes { bytes.append(contentsOf: $0) }
    }

    mutating func string(_ number: Int, _ value: Value?) {
        if let text = value?.text, !text.isEmpty { string(number, text) }
    }

    mutating func strings(_ number: Int, _ value: Value?) {
        for element in value?.array ?? [] { if let text = element.text { string(number, text) } }
    }

    mutating func bool(_ number: Int, _ value: Value?) {
        guard value?.bool == true else { return }
        varint(UInt64(number) << 3)
        varint(1)
    }

    mutating func integer(_ number: Int, _ value: Value?) {
        guard let integer = value?.int, integer != 0 else { return }
        varint(UInt64(number) << 3)
        varint(UInt64(bitPattern: Int64(integer)))
    }

    mutating func double(_ number: Int, _ value: Value?) {
        guard let double = value?.number?.double, double != 0 else { return }
        varint(UInt64(number) << 3 | 1)
        withUnsafeBytes(of: double.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A nested message, also an empty one.
    mutating func message(_ number: Int, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        varint(UInt64(number) << 3 | 2)
        varint(UInt64(inner.bytes.count))
        bytes += inner.bytes
    }
}
