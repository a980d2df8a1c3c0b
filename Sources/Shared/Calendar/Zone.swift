import Glibc

/// The offsets of a place from UTC, from the TZif files of the machine (RFC 8536).
public final class Zone: Sendable {
    /// One rule of the place.
    public struct Offset: Sendable {
        /// East of Greenwich.
        public var seconds: Int
        /// What the place calls it: `CEST`.
        public var name: String

        public init(seconds: Int, name: String) {
            self.seconds = seconds
            self.name = name
        }
    }

    public let name: String
    private let transitions: [(time: Int64, offset: Offset)]
    private let first: Offset
    /// The rule for what comes after the last transition.
    private let rule: ZoneRule?

    public static let utc = Zone("UTC", Offset(seconds: 0, name: "UTC"))

    /// A place with one offset.
    public init(_ name: String, _ offset: Offset) {
        self.name = name
        transitions = []
        first = offset
        rule = nil
    }

    private init(_ name: String, _ file: ZoneFile) {
        self.name = name
        transitions = file.transitions
        first = file.first
        rule = file.rule
    }

    /// The offset at a moment.
    public func offset(at seconds: Int64) -> Offset {
        if let last = transitions.last, seconds >= last.time, let rule { return rule.offset(at: seconds) }
        if transitions.isEmpty, let rule { return rule.offset(at: seconds) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].time <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : transitions[low - 1].offset
    }

    /// The place of that name, as `America/New_York`; nil where the machine knows none.
    public static func named(_ name: String) -> Zone? {
        if name.isEmpty || name == "UTC" { return utc }
        if name == "Local" { return local }
        if name.hasPrefix("/") || name.hasPrefix("\\") || name.contains("..") { return nil }
        for folder in ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"] {
            if let bytes = read("\(folder)/\(name)"), let file = ZoneFile(bytes) { return Zone(name, file) }
        }
        return nil
    }

    /// The place that `TZ` names, else that of /etc/localtime; another object than ``utc`` even where it agrees with it.
    public static let local: Zone = {
        let nothing = Zone("Local", Offset(seconds: 0, name: "UTC"))
        guard let setting = getenv("TZ") else {
            guard let bytes = read("/etc/localtime"), let file = ZoneFile(bytes) else { return nothing }
            return Zone("Local", file)
        }
        var name = String(cString: setting)
        if name.hasPrefix(":") { name.removeFirst() }
        if name.hasPrefix("/"), let bytes = read(name), let file = ZoneFile(bytes) { return Zone("Local", file) }
        return name.isEmpty || name == "UTC" || name == "Local" ? nothing : named(name) ?? nothing
    }()

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return count > 44 ? Array(bytes[..<count]) : nil
    }
}
