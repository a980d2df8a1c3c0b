import Document

/// A range of addresses as bytes, for what ranges are to each other.
struct AddressRange {
    /// Four or sixteen bytes.
    private let bytes: [UInt8]
    private let bits: Int

    /// nil where the text is no range.
    init?(_ text: String) {
        guard Addresses.isRange(text) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        bytes = Addresses.bytes(String(parts[0]))
        bits = Int(parts[1]) ?? 0
    }

    var isIPv6: Bool { bytes.count == 16 }

    private static func masked(_ bytes: [UInt8], _ bits: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(max(bits - index * 8, 0), 8)
            return kept == 0 ? 0 : byte & (0xff << (8 - kept))
        }
    }

    /// Whether all of the other range lies inside of this one, and something beside.
    func isMore(than other: AddressRange) -> Bool {
        isIPv6 == other.isIPv6 && bits < other.bits
            && AddressRange.masked(other.bytes, bits) == AddressRange.masked(bytes, bits)
    }

    var hasBitsBeyondPrefix: Bool { AddressRange.masked(bytes, bits) != bytes }

    var isMappedIPv4: Bool { isIPv6 && Addresses.isMappedIPv4(bytes) }

    /// One text for each range.
    var canonical: String { "\(Addresses.text(bytes))/\(bits)" }
}

extension Addresses {
    /// The bytes of an address whose text is right.
    static func bytes(_ text: String) -> [UInt8] {
        guard text.contains(":") else { return text.split(separator: ".").map { UInt8($0) ?? 0 } }
        var text = text
        if let colon = text.lastIndex(of: ":"), text[colon...].contains(".") {
            let tail = text[text.index(after: colon)...].split(separator: ".").map { Int($0) ?? 0 }
            let groups = [tail[0] * 256 + tail[1], tail[2] * 256 + tail[3]].map { String($0, radix: 16) }
            text = text[...colon] + groups.joined(separator: ":")
        }
        let gap = text.firstRange(of: "::")
        let head = groups(gap.map { text[..<$0.lowerBound] } ?? text[...])
        let tail = gap.map { groups(text[$0.upperBound...]) } ?? []
        let zeros = [Int](repeating: 0, count: max(0, 8 - head.count - tail.count))
        return (head + zeros + tail).flatMap { [UInt8($0 >> 8 & 0xff), UInt8($0 & 0xff)] }
    }

    private static func groups(_ text: Substring) -> [Int] {
        text.split(separator: ":").map { Int($0, radix: 16) ?? 0 }
    }

    static func isMappedIPv4(_ bytes: [UInt8]) -> Bool {
        bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
    }

    /// The text of an address as Go writes it: of IPv6 in short, the longest row of zeros left out.
    static func text(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16, !isMappedIPv4(bytes) else {
            return bytes.suffix(4).map { String($0) }.joined(separator: ".")
        }
        let groups = (0..<8).map { Int(bytes[$0 * 2]) << 8 | Int(bytes[$0 * 2 + 1]) }
        var gap = 0..<0
        for start in groups.indices {
            let length = groups[start...].prefix { $0 == 0 }.count
            if length > max(gap.count, 1) { gap = start..<start + length }
        }
        let shown = { (part: ArraySlice<Int>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        return gap.isEmpty
            ? shown(groups[...]) : "\(shown(groups[..<gap.lowerBound]))::\(shown(groups[gap.upperBound...]))"
    }

    /// What is wrong with an address that has to be written in the one way (IsValidIP).
    static func strictFaults(_ text: String) -> [String] {
        guard isAddress(text) else { return [addressText] }
        let bytes = bytes(text)
        if isMappedIPv4(bytes) { return ["must not be an IPv4-mapped IPv6 address"] }
        let canonical = Addresses.text(bytes)
        return canonical == text ? [] : ["must be in canonical form (\"\(canonical)\")"]
    }
}

extension Faults {
    /// A range that has to be written in the one way (IsValidCIDR).
    mutating func checkStrictRange(_ value: Value, _ field: String) {
        guard let range = AddressRange(value.string ?? "") else { return invalid(field, value, Addresses.rangeText) }
        if range.isMappedIPv4 { return invalid(field, value, "must not have an IPv4-mapped IPv6 address") }
        if range.hasBitsBeyondPrefix {
            return invalid(field, value, "must not have bits set beyond the prefix length")
        }
        if range.canonical != value.string {
            invalid(field, value, "must be in canonical form (\"\(range.canonical)\")")
        }
    }
}
