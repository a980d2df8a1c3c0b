/// How often each template ran and how long that took, what it included counted in.
public struct RenderProfile: Sendable {
    /// One template.
    public struct Entry: Sendable {
        public var calls = 0
        public var time = Duration.zero
    }

    public private(set) var entries: [String: Entry] = [:]

    mutating func add(_ name: String, _ time: Duration) {
        entries[name, default: Entry()].calls += 1
        entries[name, default: Entry()].time += time
    }

    /// A line for each template, the slowest first.
    public var text: String {
        let lines = entries.sorted { ($1.value.time, $0.key) < ($0.value.time, $1.key) }.map { name, entry in
            let microseconds =
                entry.time.components.seconds * 1_000_000
                + entry.time.components.attoseconds / 1_000_000_000_000
            let time = String(microseconds)
            let calls = String(entry.calls)
            return String(repeating: " ", count: max(0, 12 - time.count)) + time
                + String(repeating: " ", count: max(0, 8 - calls.count)) + calls + "  " + name
        }
        return "   TIME (µs)   CALLS  TEMPLATE\n" + lines.map { $0 + "\n" }.joined()
    }
}
