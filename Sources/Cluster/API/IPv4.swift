/// An IPv4 address.
public struct IPv4Address: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The address as a number, the first octet being the highest.
    public let value: UInt32

    public init(value: UInt32) { self.value = value }

    /// 127.0.0.1
    public static let loopback = IPv4Address(value: 0x7F00_0001)

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
    /// How many leading bits all addresses share, 0 to 32.
    public let prefix: Int

    /// Every address.
    public static let all = IPv4Range(around: IPv4Address(value: 0), prefix: 0)

    /// The range with that prefix that an address lies in; a prefix beyond 0 to 32 counts as the nearer of these.
    public init(around address: IPv4Address, prefix: Int) {
        self.prefix = min(max(prefix, 0), 32)
        base = IPv4Address(value: self.prefix == 0 ? 0 : address.value & ~UInt32(0) << UInt32(32 - self.prefix))
    }

    /// Reads `ADDRESS/PREFIX`, bits outside of the prefix being cleared; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(parts[0]), let prefix = Int(parts[1]),
            (0...32).contains(prefix)
        else { return nil }
        self.init(around: address, prefix: prefix)
    }

    /// How many addresses there are.
    public var count: Int { 1 << (32 - prefix) }

    /// The address at that place of the range.
    public subscript(index: Int) -> IPv4Address { IPv4Address(value: base.value &+ UInt32(truncatingIfNeeded: index)) }

    /// Whether the address lies in the range.
    public func contains(_ address: IPv4Address) -> Bool { IPv4Range(around: address, prefix: prefix).base == base }

    /// Whether some address lies in both.
    public func overlaps(_ other: IPv4Range) -> Bool { contains(other.base) || other.contains(base) }

    public var description: String { "\(base)/\(prefix)" }
}
