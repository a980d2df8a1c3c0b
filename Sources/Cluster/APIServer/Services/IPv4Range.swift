/// A range of IPv4 addresses, such as `10.96.0.0/16`.
public struct IPv4Range: Sendable, Hashable, CustomStringConvertible {
    /// The first address, as a number.
    public let base: UInt32
    /// The number of leading bits that all addresses share.
    public let prefix: Int

    /// Reads `ADDRESS/BITS`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Range.number(String(parts[0])), let bits = Int(parts[1]),
            (0...32).contains(bits)
        else { return nil }
        prefix = bits
        base = address & IPv4Range.mask(bits)
    }

    private static func mask(_ bits: Int) -> UInt32 { bits == 0 ? 0 : UInt32.max << UInt32(32 - bits) }

    /// How many addresses there are.
    public var count: Int { 1 << (32 - prefix) }

    /// Whether the address, as a number, lies in the range.
    public func contains(_ address: UInt32) -> Bool { address & IPv4Range.mask(prefix) == base }

    /// The address at that place, as text.
    public func address(_ offset: Int) -> String { IPv4Range.text(base &+ UInt32(offset)) }

    public var description: String { "\(IPv4Range.text(base))/\(prefix)" }

    /// The number of an address in dotted form; nil for anything else.
    public static func number(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            // Leading zeros are octal to some and decimal to others, and so are refused (Go's net/netip).
            guard let byte = UInt8(part), String(byte) == part else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    /// The dotted form of an address.
    public static func text(_ value: UInt32) -> String {
        "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }
}
