import Document

extension NetworkAddress {
    /// Why a text is no address or range, as Go's netip says it.
    struct Malformed: Error {
        let message: String
    }

    /// Reads an address. Zones and IPv4 within IPv6 are refused, as the `ip` library has it.
    init(address text: String) throws(Malformed) {
        do throws(Malformed) { self.init(try AddressReader.bytes(of: text, mayHaveZone: true)) } catch {
            throw Malformed(
                message: "IP Address \(Self.quoted(text)) parse error during conversion from string: \(error.message)")
        }
        if text.contains("%") {
            throw Malformed(message: "IP address \(Self.quoted(text)) with zone value is not allowed")
        }
        if isMapped { throw Malformed(message: "IPv4-mapped IPv6 address \(Self.quoted(text)) is not allowed") }
    }

    /// Reads `ADDRESS/BITS`.
    init(range text: String) throws(Malformed) {
        let prelude = "network address parse error during conversion from string: "
        func refusal(_ why: String) -> Malformed {
            Malformed(message: "\(prelude)\(prelude)netip.ParsePrefix(\(Self.quoted(text))): \(why)")
        }
        guard let slash = text.lastIndex(of: "/") else { throw refusal("no '/'") }
        let bytes: [UInt8]
        do throws(Malformed) { bytes = try AddressReader.bytes(of: String(text[..<slash]), mayHaveZone: true) } catch {
            throw refusal(error.message)
        }
        if text[..<slash].contains("%") { throw refusal("IPv6 zones cannot be present in a prefix") }
        let bits = text[slash...].dropFirst()
        let isNumber = bits.utf8.allSatisfy { (48...57).contains($0) } && (bits.utf8.count == 1 || bits.first != "0")
        guard isNumber, let count = Int(bits) else {
            throw refusal("bad bits after slash: \(Self.quoted(String(bits)))")
        }
        guard count <= bytes.count * 8 else { throw refusal("prefix length out of range") }
        self.init(bytes, prefix: count)
        if isMapped {
            throw Malformed(message: "\(prelude)IPv4-mapped IPv6 address \(Self.quoted(text)) is not allowed")
        }
    }

    private static func quoted(_ text: String) -> String { GoQuote.quote(Text(text)).string }

    /// Whether it is an IPv4 address in disguise, ::ffff:a.b.c.d.
    private var isMapped: Bool {
        bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
    }
}

/// Reads the bytes of an address as Go's netip does, whose words clients see.
private struct AddressReader {
    private typealias Malformed = NetworkAddress.Malformed

    private let text: String
    private var rest: Substring.UTF8View

    static func bytes(of text: String, mayHaveZone: Bool) throws(NetworkAddress.Malformed) -> [UInt8] {
        var reader = AddressReader(text: text, rest: text[...].utf8)
        switch text.utf8.first(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "%") })
        {
        case UInt8(ascii: "."): return try reader.four()
        case UInt8(ascii: ":"): return try reader.sixteen()
        case UInt8(ascii: "%"): throw reader.refusal("missing IPv6 address")
        default: throw reader.refusal("unable to parse IP")
        }
    }

    private func refusal(_ why: String, at place: Substring.UTF8View? = nil) -> Malformed {
        func quoted(_ text: String) -> String { GoQuote.quote(Text(text)).string }
        let shown = place.map { $0.isEmpty ? "" : " (at \(quoted(String(Substring($0)))))" } ?? ""
        return Malformed(message: "ParseAddr(\(quoted(text))): \(why)\(shown)")
    }

    private mutating func four() throws(Malformed) -> [UInt8] {
        var bytes: [UInt8] = []
        var (value, digits) = (0, 0)
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if digits == 1, value == 0 { throw refusal("IPv4 field has octet with leading zero") }
                value = value * 10 + Int(byte) - 48
                digits += 1
                if value > 255 { throw refusal("IPv4 field has value >255") }
            case UInt8(ascii: "."):
                if digits == 0 || rest.count == 1 {
                    throw refusal("IPv4 field must have at least one digit", at: rest)
                }
                if bytes.count == 3 { throw refusal("IPv4 address too long") }
                bytes.append(UInt8(value))
                (value, digits) = (0, 0)
            default: throw refusal("unexpected character", at: rest)
            }
            rest = rest.dropFirst()
        }
        guard bytes.count == 3 else { throw refusal("IPv4 address too short") }
        return bytes + [UInt8(value)]
    }

    private mutating func sixteen() throws(Malformed) -> [UInt8] {
        if let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            if rest[percent...].count == 1 { throw refusal("zone must be a non-empty string") }
            rest = rest[..<percent]
        }
        var bytes: [UInt8] = []
        var gap: Int?
        if rest.starts(with: "::".utf8) {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while bytes.count < 16, !(gap == bytes.count && rest.isEmpty) {
            if let four = try group(&bytes, hasGap: gap != nil) {
                bytes += four
                break
            }
            guard let next = rest.first else { break }
            if next != UInt8(ascii: ":") { throw refusal("unexpected character, want colon", at: rest) }
            if rest.count == 1 { throw refusal("colon must be followed by more characters", at: rest) }
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: ":") {
                if gap != nil { throw refusal("multiple :: in address", at: rest) }
                gap = bytes.count
                rest = rest.dropFirst()
                if rest.isEmpty { break }
            }
        }
        if !rest.isEmpty { throw refusal("trailing garbage after address", at: rest) }
        return try filled(bytes, gap)
    }

    private func filled(_ bytes: [UInt8], _ gap: Int?) throws(Malformed) -> [UInt8] {
        guard bytes.count < 16 else {
            if gap != nil { throw refusal("the :: must expand to at least one field of zeros") }
            return bytes
        }
        guard let gap else { throw refusal("address string too short") }
        return bytes[..<gap] + [UInt8](repeating: 0, count: 16 - bytes.count) + bytes[gap...]
    }

    /// Adds a group of up to four digits; or returns the IPv4 address with which the text ends.
    private mutating func group(_ bytes: inout [UInt8], hasGap: Bool) throws(Malformed) -> [UInt8]? {
        var value: UInt32 = 0
        var after = rest
        var digits = 0
        while let byte = after.first, let digit = UInt32(String(UnicodeScalar(byte)), radix: 16) {
            value = value << 4 | digit
            if digits > 3 { throw refusal("each group must have 4 or less digits", at: rest) }
            digits += 1
            after = after.dropFirst()
        }
        if digits == 0 { throw refusal("each colon-separated field must have at least one digit", at: rest) }
        if after.first == UInt8(ascii: ".") {
            if !hasGap, bytes.count != 12 {
                throw refusal("embedded IPv4 address must replace the final 2 fields of the address", at: rest)
            }
            if bytes.count > 12 {
                throw refusal("too many hex fields to fit an embedded IPv4 at the end of the address", at: rest)
            }
            return try four()
        }
        rest = after
        bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
        return nil
    }
}
