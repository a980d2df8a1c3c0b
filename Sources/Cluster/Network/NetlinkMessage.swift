import API
import CLinux

/// A message to the kernel's route family (rtnetlink(7)): a header, a fixed part and attributes, each aligned to four.
struct NetlinkMessage {
    private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - type: such as RTM_NEWLINK.
    ///   - flags: added to those of every request.
    init(type: Int32, flags: Int32) {
        append(UInt32(0))  // the length, which is known at the end
        append(UInt16(truncatingIfNeeded: type))
        append(UInt16(truncatingIfNeeded: flags | NLM_F_REQUEST | NLM_F_ACK))
        append(UInt32(0))  // the sequence number, which the socket gives
        append(UInt32(0))
    }

    /// Appends the bytes of a plain C value.
    mutating func append<Plain>(_ value: Plain) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    private mutating func align() { while bytes.count % 4 != 0 { bytes.append(0) } }

    /// Appends an attribute with these bytes.
    mutating func add(_ type: Int, _ payload: [UInt8]) {
        align()
        append(UInt16(payload.count + 4))
        append(UInt16(type))
        bytes += payload
        align()
    }

    mutating func add(_ type: Int, _ text: String) { add(type, Array(text.utf8) + [0]) }

    mutating func add(_ type: Int, _ value: UInt32) { add(type, withUnsafeBytes(of: value) { Array($0) }) }

    mutating func add(_ type: Int, _ address: IPv4Address) { add(type, address.octets) }

    /// Appends an attribute that holds what `body` appends.
    mutating func nest(_ type: Int, _ body: (inout NetlinkMessage) -> Void) {
        align()
        let start = bytes.count
        append(UInt16(0))
        append(UInt16(type))
        body(&self)
        align()
        set(UInt16(bytes.count - start), at: start)
    }

    private mutating func set<Plain>(_ value: Plain, at offset: Int) {
        withUnsafeBytes(of: value) { bytes.replaceSubrange(offset..<(offset + $0.count), with: $0) }
    }

    /// The whole message with its length and number.
    func finished(sequence: UInt32) -> [UInt8] {
        var copy = self
        copy.set(UInt32(bytes.count), at: 0)
        copy.set(sequence, at: 8)
        return copy.bytes
    }
}
