import Document

/// IP addresses and ranges in their text forms, as Go's netip reads them.
enum Addresses {
    static let rangeText = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
    static let addressText = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"

    static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }) else {
                    return false
                }
                return (part == "0" || !part.hasPrefix("0")) && (Int(part) ?? 256) < 256
            }
    }

    static func isIPv6(_ text: some StringProtocol) -> Bool {
        guard text.contains(":") else { return false }
        let halves = text.components(around: "::")
        guard halves.count <= 2 else { return false }
        var groups = halves.map { $0.isEmpty ? [] : $0.split(separator: ":", omittingEmptySubsequences: false) }
        if let last = groups.last?.last, last.contains(".") {
            guard isIPv4(last) else { return false }
            groups[groups.count - 1].removeLast()
            groups[groups.count - 1] += ["0", "0"]
        }
        let count = groups.reduce(0) { $0 + $1.count }
        let areHex = groups.joined().allSatisfy { (1...4).contains($0.utf8.count) && $0.allSatisfy(\.isHexDigit) }
        return areHex && (halves.count == 2 ? count < 8 : count == 8)
    }

    static func isAddress(_ text: some StringProtocol) -> Bool { isIPv4(text) || isIPv6(text) }

    /// What is wrong with an address that shall be another machine's (ValidateNonSpecialIP).
    static func specialFaults(_ text: String) -> [String] {
        let low = text.lowercased()
        var faults: [String] = []
        if text == "0.0.0.0" || isIPv6(text) && low.allSatisfy({ $0 == "0" || $0 == ":" }) {
            faults.append("may not be unspecified (\(text))")
        }
        if text.hasPrefix("127.")
            || isIPv6(text) && low.hasSuffix("1") && low.dropLast().allSatisfy({ "0:".contains($0) })
        {
            faults.append("may not be in the loopback range (127.0.0.0/8, ::1/128)")
        }
        if text.hasPrefix("169.254.") || ["fe8", "fe9", "fea", "feb"].contains(where: low.hasPrefix) {
            faults.append("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
        }
        if text.hasPrefix("224.0.0.") || low.hasPrefix("ff02:") {
            faults.append("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        }
        return faults
    }

    static func isRange(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = Int(parts[1]), bits >= 0, parts[1] == "0" || !parts[1].hasPrefix("0") else {
            return false
        }
        return isIPv4(parts[0]) && bits <= 32 || isIPv6(parts[0]) && bits <= 128
    }
}

extension Faults {
    /// Checks that the value is an address, and one that can be another machine's.
    mutating func checkOrdinaryAddress(_ address: Value, _ field: String) {
        let text = address.string ?? ""
        guard Addresses.isAddress(text) else { return invalid(field, address, Addresses.addressText) }
        invalid(field, address, all: Addresses.specialFaults(text))
    }
}

extension StringProtocol {
    /// The parts around a separator of several characters.
    fileprivate func components(around separator: String) -> [SubSequence] {
        var parts: [SubSequence] = []
        var start = startIndex
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(separator) {
                parts.append(self[start..<index])
                index = self.index(index, offsetBy: separator.count)
                start = index
            } else {
                index = self.index(after: index)
            }
        }
        return parts + [self[start...]]
    }
}
