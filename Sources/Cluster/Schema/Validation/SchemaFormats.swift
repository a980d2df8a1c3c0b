import API
public import Document
import Synchronization

/// Regular expressions of schemas.
///
/// The engine is plugged in from outside until the Pattern room is there: without one, patterns are not checked.
public enum SchemaPatterns {
    /// Whether `text` matches the RE2 pattern somewhere.
    public typealias Engine = @Sendable (_ pattern: String, _ text: Text) -> Bool

    private static let engine = Mutex<Engine?>(nil)

    /// Sets what matches patterns from now on.
    public static func use(_ new: @escaping Engine) { engine.withLock { $0 = new } }

    static func matches(_ pattern: String, _ text: Text) -> Bool {
        engine.withLock { $0 }.map { $0(pattern, text) } ?? true
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
