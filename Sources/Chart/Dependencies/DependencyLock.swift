import Document
import Glibc
import PKI

/// Chart.lock: which versions of its dependencies a chart was last packed with.
struct DependencyLock {
    var dependencies: [Dependency]
    var digest = ""

    init(_ dependencies: [Dependency]) { self.dependencies = dependencies }

    /// Reads a lock that was loaded with its chart.
    init(_ value: Value) {
        dependencies = (value["dependencies"]?.array ?? []).compactMap { entry in
            guard case .object(let object) = entry else { return nil }
            return try? MetadataReader(object).dependency()
        }
        digest = value["digest"]?.string ?? ""
    }

    /// Helm's digest of what a chart asks for and what it was given, by which a stale lock is known.
    static func digest(_ wanted: [Dependency], _ locked: [Dependency]) -> String {
        let lists = [wanted, locked].map { "[" + $0.map(encoded).joined(separator: ",") + "]" }
        return "sha256:" + SHA256Digester.hexadecimal(Array("[\(lists.joined(separator: ","))]".utf8))
    }

    /// The JSON of Go's struct, members in the order of its fields.
    private static func encoded(_ dependency: Dependency) -> String {
        let object = dependency.json
        let order: [Text] = [
            "name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias",
        ]
        let members = order.compactMap { key in
            object[key].map { "\(JSON.text(.string(key)).string):\(JSON.text($0).string)" }
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// The text of a lock that was loaded with its chart: what Go's struct has of it.
    static func packed(_ value: Value) -> [UInt8] {
        let lock = DependencyLock(value)
        let isNil = (value["dependencies"] ?? .null).isNull
        return YAML.write([
            "dependencies": isNil ? .null : .array(lock.dependencies.map(\.json)), "digest": .string(lock.digest),
            "generated": .string(value["generated"]?.string ?? "0001-01-01T00:00:00Z"),
        ])
    }

    /// The file's text.
    ///
    /// - Parameter now: nanoseconds since 1970.
    func text(now: Int64) -> [UInt8] {
        YAML.write([
            "dependencies": .array(dependencies.map(\.json)), "digest": .string(digest),
            "generated": .string(DependencyLock.timestamp(now)),
        ])
    }

    /// RFC 3339 in UTC, with the nanoseconds that are not zero at the end.
    private static func timestamp(_ now: Int64) -> String {
        var seconds = time_t(now / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        var fraction = padded(Int(now % 1_000_000_000), 9)
        while fraction.last == "0" { fraction.removeLast() }
        let day = "\(parts.tm_year + 1900)-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }.joined(separator: ":")
        return "\(day)T\(clock)\(fraction.isEmpty ? "" : "." + fraction)Z"
    }
}
