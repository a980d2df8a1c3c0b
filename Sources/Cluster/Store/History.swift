/// How much of the past a store keeps for watches and for reads at older revisions.
public struct HistoryLimits: Sendable {
    /// The number of events; at least one is kept.
    public var events: Int
    /// The memory of their bytes, approximately.
    public var bytes: Int

    public init(events: Int = 50_000, bytes: Int = 48 << 20) {
        self.events = events
        self.bytes = bytes
    }
}

/// The latest events in order of revision, bounded.
struct History: Sendable {
    private var events: [Event] = []
    /// Where the kept events begin; what lies before is dropped when it is half of the array.
    private var head = 0
    private var bytes = 0
    private let limits: HistoryLimits
    /// The revision up to and with which nothing is kept.
    private(set) var compacted: Revision

    init(limits: HistoryLimits, compacted: Revision) {
        self.limits = limits
        self.compacted = compacted
    }

    mutating func append(_ event: Event) {
        events.append(event)
        bytes += event.cost
        while events.count - head > max(limits.events, 1) || (bytes > limits.bytes && events.count - head > 1) {
            dropFirst()
        }
        tidy()
    }

    mutating func compact(to revision: Revision) {
        while head < events.count, events[head].revision <= revision { dropFirst() }
        compacted = max(compacted, revision)
        tidy()
    }

    /// The events after that revision, oldest first; nil where some of them are gone.
    func events(after revision: Revision) -> ArraySlice<Event>? {
        guard revision >= compacted else { return nil }
        var low = head
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].revision <= revision { low = middle + 1 } else { high = middle }
        }
        return events[low...]
    }

    private mutating func dropFirst() {
        compacted = events[head].revision
        bytes -= events[head].cost
        head += 1
    }

    private mutating func tidy() {
        guard head > 1024 || head == events.count, head * 2 >= events.count else { return }
        events.removeFirst(head)
        head = 0
    }
}
