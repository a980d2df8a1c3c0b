import API
import Calendar
import Document

/// The formats that a CRD's schema may demand of strings (kube-openapi's strfmt); unknown ones accept everything.
enum SchemaFormats {
    /// Names count without their dashes.
    private static let known: Set<String> = [
        "bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4", "uuid5",
        "isbn",
        "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "password", "date", "duration",
        "datetime", "k8sshortname", "k8slongname",
    ]

    private static func normalized(_ format: String) -> String { format.filter { $0 != "-" } }

    /// Whether texts are held against a format of that name.
    static func isKnown(_ format: String) -> Bool { known.contains(normalized(format)) }

    /// Whether a format means something for values of these types (apiextensions-apiserver/pkg/apiserver/validation's
    /// formats).
    static func isSupported(_ format: String, of types: [String]) -> Bool {
        switch types.count == 1 ? types[0] : "" {
        case "", "string": isKnown(format)
        case "integer": format == "int32" || format == "int64"
        case "number": format == "float" || format == "double"
        default: false
        }
    }

    static func accepts(_ text: String, _ format: String) -> Bool {
        let format = normalized(format)
        if let pattern = patterns[format] { return SchemaPatterns.matches(pattern, Text(text)) }
        switch format {
        case "datetime": return isDateTime(text)
        case "date": return text.utf8.count == 10 && Time("\(text)T00:00:00Z") != nil
        case "ipv4": return isDotted(text)
        case "ipv6": return Addresses.isIPv6(text)
        case "cidr": return Addresses.isRange(withoutZeros(text))
        case "duration": return (try? GoDuration.parse(text)) != nil || WordyDuration(text) != nil
        case "hostname": return isHostname(text)
        case "mac": return isHardwareAddress(text)
        case "email": return isMailbox(text)
        case "uri": return isRequestURI(text)
        case "isbn": return isBook(text, 10) || isBook(text, 13)
        case "isbn10": return isBook(text, 10)
        case "isbn13": return isBook(text, 13)
        case "creditcard": return isCreditCard(text)
        case "k8sshortname": return Names.label(text).isEmpty
        case "k8slongname": return Names.subdomain(text).isEmpty
        default: return true
        }
    }

    private static let patterns: [String: String] = {
        let hex = "[0-9a-fA-F]"
        let part = "(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])"
        func uuid(_ third: String, _ fourth: String) -> String {
            "^\(hex){8}-?\(hex){4}-?\(third)\(hex){3}-?\(fourth)\(hex){3}-?\(hex){12}$"
        }
        return [
            "uuid": uuid(hex, hex), "uuid3": uuid("3", hex), "uuid4": uuid("4", "[89abAB]"),
            "uuid5": uuid("5", "[89abAB]"), "bsonobjectid": "^\(hex){24}$", "hexcolor": "^#?(\(hex){3}|\(hex){6})$",
            "rgbcolor": "^rgb\\(\\s*\(part)\\s*,\\s*\(part)\\s*,\\s*\(part)\\s*\\)$",
            "byte": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$",
            "ssn": "^[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}$",
        ]
    }()

    /// The date, and a time of which each number is held against its greatest by itself (strfmt's IsDateTime).
    private static func isDateTime(_ text: String) -> Bool {
        let parts = text.lowercased().split(separator: "t", omittingEmptySubsequences: false)
        let clock = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})$"
        return parts.count > 1 && accepts(String(parts[0]), "date")
            && SchemaPatterns.matches(clock, Text(String(parts[1])))
    }

    private static let hostname: String = {
        let letter = "a-zA-Z0-9\\p{S}\\p{L}"
        return
            "^([\(letter)](-?[\(letter)]{0,62})?|([\(letter)]([\(letter)-]{0,61}[\(letter)])?\\.)+[a-zA-Z\\p{L}]{2,63})$"
    }()

    /// Names of hosts as strfmt has them: one label, or several of which the last has letters alone.
    private static func isHostname(_ text: String) -> Bool {
        text.utf8.count <= 255 && SchemaPatterns.matches(hostname, Text(text))
            && text.split(separator: ".").allSatisfy { $0.utf8.count <= 63 }
    }

    /// With numbers that do not begin with zeros: older Go read on behind them (netutils' ParseIPSloppy).
    private static func withoutZeros(_ text: String) -> String {
        text.contains(":")
            ? text.split(separator: "/", omittingEmptySubsequences: false).enumerated()
                .map { $0.offset == 0 ? String($0.element) : bare($0.element) }.joined(separator: "/")
            : text.split(separator: "/", omittingEmptySubsequences: false).map { part in
                part.split(separator: ".", omittingEmptySubsequences: false).map(bare).joined(separator: ".")
            }.joined(separator: "/")
    }

    private static func bare(_ number: Substring) -> String {
        let rest = number.drop { $0 == "0" }
        return rest.first?.isNumber == true ? String(rest) : number.isEmpty || !rest.isEmpty ? String(number) : "0"
    }

    /// An IPv4 address, also as the end of an IPv6 one.
    private static func isDotted(_ text: String) -> Bool {
        Addresses.isIPv4(withoutZeros(text)) || text.contains(".") && Addresses.isIPv6(text)
    }

    /// Pairs of digits with colons or dashes, groups of four with dots, or digits alone, as Go's net.ParseMAC reads them.
    private static func isHardwareAddress(_ text: String) -> Bool {
        if text.allSatisfy(\.isHexDigit) { return [12, 16, 40].contains(text.utf8.count) }
        for (mark, width) in [(":", 2), ("-", 2), (".", 4)] where text.contains(mark) {
            let parts = text.split(separator: Character(mark), omittingEmptySubsequences: false)
            return [6, 8, 20].contains(parts.count * width / 2)
                && parts.allSatisfy { $0.utf8.count == width && $0.allSatisfy(\.isHexDigit) }
        }
        return false
    }
}

// MARK: Numbers with a check digit

extension SchemaFormats {
    private static func isBook(_ text: String, _ length: Int) -> Bool {
        let digits = text.filter { !$0.isWhitespace && $0 != "-" }.utf8.map { $0 == 88 ? 10 : Int($0) - 48 }
        guard digits.count == length, digits.dropLast().allSatisfy((0...9).contains),
            (0...(length == 10 ? 10 : 9)).contains(digits[length - 1])
        else { return false }
        if length == 10 { return digits.enumerated().reduce(0) { $0 + (10 - $1.offset) * $1.element } % 11 == 0 }
        return digits.enumerated().reduce(0) { $0 + ($1.offset % 2 == 0 ? 1 : 3) * $1.element } % 10 == 0
    }

    private static let cards =
        "^(4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|(222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|"
        + "6(011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[68][0-9])[0-9]{11}|(2131|1800|35[0-9]{3})[0-9]{11}|"
        + "6[27][0-9]{14})$"

    private static func isCreditCard(_ text: String) -> Bool {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard SchemaPatterns.matches(cards, Text(digits)) else { return false }
        let sum = digits.utf8.reversed().enumerated().reduce(0) { sum, digit in
            let value = (Int(digit.element) - 48) * (digit.offset % 2 == 0 ? 1 : 2)
            return sum + (value > 9 ? value - 9 : value)
        }
        return sum % 10 == 0
    }
}

// MARK: Addresses

extension SchemaFormats {
    private static let word = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\x{80}-\\x{10FFFF}]+"
    private static let mailbox =
        "(\(word)(\\.\(word))*|\"([^\"\\\\]|\\\\.)*\")@(\(word)(\\.\(word))*|\\[[^\\[\\]\\\\]*\\])"

    /// One address, with or without a name before it (RFC 5322, as Go's net/mail reads it).
    private static func isMailbox(_ text: String) -> Bool {
        let name = "(\"([^\"\\\\]|\\\\.)*\"|\(word)([ .]+\(word))*)?"
        // What stands in brackets for a host is its address.
        if let literal = text.split(separator: "[", omittingEmptySubsequences: false).dropFirst().last?.prefix(
            while: { $0 != "]" })
        {
            let isSix = literal.hasPrefix("IPv6:") && Addresses.isIPv6(String(literal.dropFirst(5)))
            guard isSix || Addresses.isIPv4(String(literal)) else { return false }
        }
        return SchemaPatterns.matches("^\\s*(\(mailbox)|\(name)\\s*<\(mailbox)>)\\s*$", Text(text))
    }

    /// An absolute URI, or a path (Go's url.ParseRequestURI).
    private static func isRequestURI(_ text: String) -> Bool {
        let escaped = "([^%\\x00-\\x1f\\x7f]|%[0-9a-fA-F]{2})*"
        let name = "([A-Za-z0-9._~!$&'()*+,;=\"<>\\-\\x{80}-\\x{10FFFF}]|%[0-9a-fA-F]{2})*"
        // What follows the last colon is the port.
        let host = "(\(name)(:\(name))*:[0-9]*|\(name))"
        let six = "[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%25[^\\]]*)?"
        let authority = "//([A-Za-z0-9\\-._:~!$&'()*+,;=%@]*@)?(\(host)|\\[\(six)\\])(:[0-9]*)?([/?]\(escaped))?"
        let path = "/([^/%\\x00-\\x1f\\x7f]|%[0-9a-fA-F]{2})\(escaped)"
        let scheme = "[A-Za-z][A-Za-z0-9+.\\-]*:"
        let rest = "[^/\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*"
        return SchemaPatterns.matches(
            "^(\\*|\(scheme)(\(authority)|/|\(path)|\(rest))?|/|\(path)|\(authority))$", Text(text))
    }
}
