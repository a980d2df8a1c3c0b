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
