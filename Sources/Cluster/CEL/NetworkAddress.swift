/// An IP address or, with a prefix length, a range of them: values of the `ip` and `cidr` libraries.
public struct NetworkAddress: Sendable, Hashable {
    /// Four or sixteen.
    let bytes: [UInt8]
    /// How many bits a range's addresses share; nil for a single address.
    let prefix: Int?

    init(_ bytes: [UInt8], prefix: Int? = nil) {
        self.bytes = bytes
        self.prefix = prefix
    }

    var isV4: Bool { bytes.count == 4 }

    /// Reads an address. Zones, leading zeros and IPv4 within IPv6 are refused, as the `ip` library has it.
    init?(address text: some StringProtocol) {
        guard let bytes = text.contains(":") ? Self.v6(text) : Self.v4(text) else { return nil }
        // ::ffff:a.b.c.d is an IPv4 address in disguise.
        let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
        if isMapped { return nil }
        self.init(bytes)
    }

    /// Reads `ADDRESS/BITS`.
    init?(range text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = NetworkAddress(address: parts[0]), let bits = Self.number(parts[1]),
            bits <= address.bytes.count * 8
        else { return nil }
        self.init(address.bytes, prefix: bits)
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            text.utf8.count == 1 || text.first != "0"
        else { return nil }
        return Int(text)
    }

    private static func v4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { number($0).flatMap { UInt8(exactly: $0) } }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func v6(_ text: some StringProtocol) -> [UInt8]? {
        let halves = String(text).split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0], isLast: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = groups(halves[1], isLast: true), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of groups between colons; the last may be an IPv4 address.
    private static func groups(_ text: Substring, isLast: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isLast, index == parts.count - 1, part.contains(".") {
                guard let inner = v4(part) else { return nil }
                bytes += inner
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy({ $0.isHexDigit && $0.isASCII }),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }

    // MARK: What it is

    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
    var isLoopback: Bool { isV4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 }
    var isMulticast: Bool { isV4 ? bytes[0] & 0xF0 == 0xE0 : bytes[0] == 0xFF }
    var isLinkLocalMulticast: Bool {
        isV4 ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0 : bytes[0] == 0xFF && bytes[1] & 0x0F == 2
    }
    var isLinkLocalUnicast: Bool {
        isV4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }
    /// As Go's netip has it: everything that can be routed to one place, private ranges included.
    var isGlobalUnicast: Bool {
        let isBroadcast = isV4 && bytes.allSatisfy { $0 == 255 }
        return !isBroadcast && !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast
    }

    /// The address without its prefix length.
    var address: NetworkAddress { NetworkAddress(bytes) }

    /// The range with the bits behind its prefix set to zero.
    var masked: NetworkAddress {
        let length = prefix ?? bytes.count * 8
        let kept = bytes.enumerated().map { index, byte -> UInt8 in
            let bits = min(max(length - index * 8, 0), 8)
            return bits == 0 ? 0 : byte & (0xFF << UInt8(8 - bits))
        }
        return NetworkAddress(kept, prefix: prefix)
    }

    /// Whether the range holds all of the other range, or the other address.
    func contains(_ other: NetworkAddress) -> Bool {
        guard let prefix, bytes.count == other.bytes.count, other.prefix ?? bytes.count * 8 >= prefix else {
            return false
        }
        return NetworkAddress(other.bytes, prefix: prefix).masked.bytes == masked.bytes
    }

    /// As RFC 5952 writes it.
    var text: String {
        let address = isV4 ? bytes.map(String.init).joined(separator: ".") : textV6
        return prefix.map { "\(address)/\($0)" } ?? address
    }

    private var textV6: String {
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var (best, start) = (0..<0, 0)
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        func joined(_ part: some Sequence<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard best.count > 1 else { return joined(groups) }
        return joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
    }
}
