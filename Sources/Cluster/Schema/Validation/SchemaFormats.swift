import API
import Document
import Pattern
import Synchronization

/// Regular expressions of schemas, compiled once.
enum SchemaPatterns {
    /// So many compiled patterns are kept.
    private static let limit = 1024
    private static let compiled = Mutex<[String: RegularExpression]>([:])

    /// Whether the text matches the pattern somewhere. A pattern that is none accepts everything: the definition that
    /// holds it is what has to be refused.
    static func matches(_ pattern: String, _ text: Text) -> Bool {
        guard let expression = expression(pattern) else { return true }
        return expression.matches(text.withBytes { Array($0) })
    }

    private static func expression(_ pattern: String) -> RegularExpression? {
        if let known = compiled.withLock({ $0[pattern] }) { return known }
        guard let made = try? RegularExpression(Array(pattern.utf8)) else { return nil }
        compiled.withLock { known in
            if known.count >= limit { known = [:] }
            known[pattern] = made
        }
        return made
    }
}

/// The formats that a CRD's schema may demand of strings; unknown ones accept everything.
enum SchemaFormats {
    static func accepts(_ text: String, _ format: String) -> Bool {
        switch format {
        case "date-time", "datetime": Time(text) != nil
        case "date": text.utf8.count == 10 && Time("\(text)T00:00:00Z") != nil
        case "ipv4": Addresses.isIPv4(text)
        case "ipv6": Addresses.isIPv6(text)
        case "cidr": Addresses.isRange(text)
        case "duration": GoDuration(text) != nil
        case "byte": isBase64(text)
        case "uuid", "uuid3", "uuid4", "uuid5": isUUID(text)
        case "hostname": Names.subdomain(text.lowercased()).isEmpty
        case "mac": isHardwareAddress(text)
        default: true
        }
    }

    private static func isBase64(_ text: String) -> Bool {
        if case .success = Base64.decode(Array(text.utf8)) { true } else { false }
    }

    private static func isUUID(_ text: String) -> Bool {
        let digits = text.filter { $0 != "-" }
        return digits.count == 32 && digits.allSatisfy(\.isHexDigit)
    }

    private static func isHardwareAddress(_ text: String) -> Bool {
        let parts = text.split(whereSeparator: { $0 == ":" || $0 == "-" })
        return [6, 8, 20].contains(parts.count) && parts.allSatisfy { $0.count == 2 && $0.allSatisfy(\.isHexDigit) }
    }
}
