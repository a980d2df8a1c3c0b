import Document
import Template

// Addresses, host names, mail and URLs.
extension SchemaFormat {
    static let ipv4: @Sendable (Text) -> String? = { text in
        let groups = split(text, ".")
        if groups.count != 4 { return "expected four decimals" }
        for group in groups {
            if group.count > 1, group.hasPrefix("0") { return "leading zeros" }
            switch number(group) {
            case .failure(let fault): return fault.words
            case .success(let number): if !(0...255).contains(number) { return "decimal must be between 0 and 255" }
            }
        }
        return nil
    }

    static let ipv6: @Sendable (Text) -> String? = { text in
        guard text.bytes.contains(UInt8(ascii: ":")) else { return "missing colon" }
        if let words = IPv6Text.fault(text) { return words }
        return text.bytes.contains(UInt8(ascii: "%")) ? "zone id is not a part of ipv6 address" : nil
    }

    static let hostname: @Sendable (Text) -> String? = { text in
        let name = text.hasSuffix(".") ? Text(bytes: text.bytes.dropLast()) : text
        if name.count > 253 { return "more than 253 characters long" }
        for label in split(name, ".") {
            if !(1...63).contains(label.count) { return "label must be 1 to 63 characters long" }
            if label.hasPrefix("-") { return "label starts with hyphen" }
            if label.hasSuffix("-") { return "label ends with hyphen" }
            for scalar in label.string.unicodeScalars where !isLetter(scalar) && !isDigit(scalar) && scalar != "-" {
                return "invalid character \(quoted(scalar))"
            }
        }
        return nil
    }

    static let email: @Sendable (Text) -> String? = { text in
        if text.count > 254 { return "more than 255 characters long" }
        guard let at = text.bytes.lastIndex(of: UInt8(ascii: "@")) else { return "missing @" }
        if let fault = localFault(Text(bytes: text.bytes[..<at])) { return fault }
        let domain = Text(bytes: text.bytes[(at + 1)...])
        guard domain.hasPrefix("["), domain.hasSuffix("]"), domain.count > 1 else {
            return hostname(domain).map { "invalid domain: \($0)" }
        }
        let address = Text(bytes: domain.bytes.dropFirst().dropLast())
        if address.hasPrefix("IPv6:") {
            return ipv6(Text(bytes: address.bytes.dropFirst(5))).map { "invalid ipv6 address: \($0)" }
        }
        return ipv4(address).map { "invalid ipv4 address: \($0)" }
    }

    private static func localFault(_ local: Text) -> String? {
        if local.count > 64 { return "local part more than 64 characters long" }
        if local.count > 1, local.hasPrefix("\""), local.hasSuffix("\"") {
            let inner = local.bytes.dropFirst().dropLast()
            let isBad = inner.contains(UInt8(ascii: "\\")) || inner.contains(UInt8(ascii: "\""))
            return isBad ? "backslash and quote are not allowed within quoted local part" : nil
        }
        if local.hasPrefix(".") { return "starts with dot" }
        if local.hasSuffix(".") { return "ends with dot" }
        if local.string.contains("..") { return "consecutive dots" }
        let others = ".!#$%&'*+-/=?^_`{|}~".unicodeScalars
        for scalar in local.string.unicodeScalars
        where !isLetter(scalar) && !isDigit(scalar) && !others.contains(scalar) {
            return "invalid character \(quoted(scalar))"
        }
        return nil
    }

    // MARK: - URLs

    static let uri: @Sendable (Text) -> String? = { text in
        switch url(text) {
        case .failure(let fault): fault.words
        case .success(let url): url.scheme.isEmpty ? "relative url" : nil
        }
    }

    static let uriReference: @Sendable (Text) -> String? = { text in
        if text.bytes.contains(UInt8(ascii: "\\")) { return "contains \\" }
        if case .failure(let fault) = url(text) { return fault.words }
        return nil
    }

    static let uriTemplate: @Sendable (Text) -> String? = { text in
        switch url(text) {
        case .failure(let fault): fault.words
        case .success(let url): split(url.path, "/").lazy.compactMap(braceFault).first
        }
    }

    private static func braceFault(_ segment: Text) -> String? {
        var isOpen = false
        for byte in segment.bytes where byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") {
            if (byte == UInt8(ascii: "{")) == isOpen { return "nested curly braces" }
            isOpen.toggle()
        }
        return isOpen ? "no matching closing brace" : nil
    }

    private static func url(_ text: Text) -> Result<GoURL, NumberFault> {
        do throws(GoURL.Malformed) {
            let url = try GoURL(text.bytes)
            let name = url.hostName
            if url.host.hasPrefix("[") {
                // net/url reads addresses in brackets since Go 1.26.
                let isIPv4 = !name.bytes.contains(UInt8(ascii: ":"))
                let words = IPv6Text.fault(name).map { "invalid host: \($0)" } ?? (isIPv4 ? "invalid IP-literal" : nil)
                if let words { return .failure(NumberFault(words: "parse \(text.quoted): \(words)")) }
            } else if name.bytes.contains(UInt8(ascii: ":")) {
                return .failure(NumberFault(words: "ipv6 address not enclosed in brackets"))
            }
            return .success(url)
        } catch {
            return .failure(NumberFault(words: error.message))
        }
    }
}

/// Go's `netip.ParseAddr`, as far as texts with a colon or a dot go.
struct IPv6Text {
    private let whole: Text
    private var rest: ArraySlice<UInt8>
    private var filled = 0
    private var hasEllipsis = false

    private struct Fault: Error {
        let words: String
    }

    /// What is wrong with an address; nil where nothing is.
    static func fault(_ text: Text) -> String? {
        let bytes = text.bytes
        guard let mark = bytes.first(where: { ".:%".utf8.contains($0) }) else {
            return "ParseAddr(\(text.quoted)): unable to parse IP"
        }
        if mark == UInt8(ascii: "%") { return "ParseAddr(\(text.quoted)): missing IPv6 address" }
        var reader = IPv6Text(whole: text, rest: bytes[...])
        do throws(Fault) {
            if mark == UInt8(ascii: ".") { try reader.readIPv4() } else { try reader.readIPv6() }
            return nil
        } catch {
            return "ParseAddr(\(text.quoted)): \(error.words)"
        }
    }

    private func fault(_ words: String, at place: ArraySlice<UInt8>) -> Fault {
        Fault(words: "\(words) (at \(Text(bytes: place).quoted))")
    }

    private mutating func readIPv4() throws(Fault) {
        var (value, digits, dots) = (0, 0, 0)
        let start = rest.startIndex
        for index in rest.indices {
            let byte = rest[index]
            if (0x30...0x39).contains(byte) {
                if digits == 1, value == 0 { throw Fault(words: "IPv4 field has octet with leading zero") }
                value = value * 10 + Int(byte - 0x30)
                digits += 1
                if value > 255 { throw Fault(words: "IPv4 field has value >255") }
            } else if byte == UInt8(ascii: ".") {
                if index == start || index == rest.endIndex - 1 || rest[index - 1] == byte {
                    throw fault("IPv4 field must have at least one digit", at: rest[index...])
                }
                if dots == 3 { throw Fault(words: "IPv4 address too long") }
                (value, digits, dots) = (0, 0, dots + 1)
            } else {
                throw fault("unexpected character", at: rest[index...])
            }
        }
        if dots < 3 { throw Fault(words: "IPv4 address too short") }
    }

    private mutating func readIPv6() throws(Fault) {
        if let zone = rest.firstIndex(of: UInt8(ascii: "%")) {
            if zone == rest.endIndex - 1 { throw Fault(words: "zone must be a non-empty string") }
            rest = rest[..<zone]
        }
        if rest.starts(with: "::".utf8) {
            hasEllipsis = true
            rest = rest.dropFirst(2)
            if rest.isEmpty { return }
        }
        while filled < 16, try readGroup() {}
        if !rest.isEmpty { throw fault("trailing garbage after address", at: rest) }
        if filled < 16, !hasEllipsis { throw Fault(words: "address string too short") }
        if filled == 16, hasEllipsis {
            throw Fault(words: "the :: must expand to at least one field of zeros")
        }
    }

    /// Reads a group and the colon after it; whether more may follow.
    private mutating func readGroup() throws(Fault) -> Bool {
        let digits = rest.prefix { Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }
        if digits.count > 4 { throw fault("each group must have 4 or fewer digits", at: rest) }
        if digits.isEmpty { throw fault("each colon-separated field must have at least one digit", at: rest) }
        let tail = rest.dropFirst(digits.count)
        if tail.first == UInt8(ascii: ".") {
            if !hasEllipsis, filled != 12 {
                throw fault("embedded IPv4 address must replace the final 2 fields of the address", at: rest)
            }
            if filled + 4 > 16 {
                throw fault("too many hex fields to fit an embedded IPv4 at the end of the address", at: rest)
            }
            try readIPv4()
            (rest, filled) = ([], filled + 4)
            return false
        }
        (rest, filled) = (tail, filled + 2)
        if rest.isEmpty { return false }
        if rest.first != UInt8(ascii: ":") { throw fault("unexpected character, want colon", at: rest) }
        if rest.count == 1 { throw fault("colon must be followed by more characters", at: rest) }
        rest.removeFirst()
        if rest.first == UInt8(ascii: ":") {
            if hasEllipsis { throw fault("multiple :: in address", at: rest) }
            hasEllipsis = true
            rest.removeFirst()
            if rest.isEmpty { return false }
        }
        return true
    }
}
