/// An IPv4 address.
public struct IPv4Address: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The address as a number, the first octet being the highest.
    public let value: UInt32

    public init(value: UInt32) { self.value = value }

    /// Reads four decimal octets without leading zeros; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let octet = UInt8(part), part == String(octet) else { return nil }
            value = value << 8 | UInt32(octet)
        }
        self.value = value
    }

    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.value < right.value }

    /// The four octets, as they stand on the wire.
    public var octets: [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    public var description: String { octets.map(String.init).joined(separator: ".") }
}

/// A range of IPv4 addresses, such as `10.244.0.0/16`.
public struct IPv4Range: Sendable, Hashable, CustomStringConvertible {
    /// The first address, whose bits outside of the prefix are zero.
    public let base: IPv4Address
    /// How many bits all addresses share.
    public let prefix: Int

    /// Reads `ADDRESS/PREFIX`; bits outside of the prefix are cleared.
    public init(_ text: String) throws(NetworkError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(parts[0]), let prefix = Int(parts[1]),
            (0...32).contains(prefix)
        else { throw NetworkError(.range, "\"\(text)\" is no IPv4 range; the form is 10.244.0.0/16") }
        self.prefix = prefix
        base = IPv4Address(value: prefix == 0 ? 0 : address.value & ~UInt32(0) << UInt32(32 - prefix))
    }

    /// How many addresses there are.
    public var count: Int { 1 << (32 - prefix) }

    /// The address at that place of the range.
    public subscript(index: Int) -> IPv4Address { IPv4Address(value: base.value &+ UInt32(truncatingIfNeeded: index)) }

    /// Whether the address lies in the range.
    public func contains(_ address: IPv4Address) -> Bool {
        Int(address.value) - Int(base.value) >= 0 && Int(address.value) - Int(base.value) < count
    }

    public var description: String { "\(base)/\(prefix)" }
}
