import API
import Document

/// The pods that wait for a node: ready to be tried, pausing after a failure, or waiting for something to change.
struct SchedulingQueue {
    /// Upstream's `podInitialBackoffSeconds` and `podMaxBackoffSeconds`.
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(10)

    private struct Entry {
        var pod: PodFacts
        var since: Time
        var attempts = 0
        var lastTry: Time
        /// Which filters refused it last; empty after failures of another kind.
        var refusers: Set<FilterKind> = []
        var place: Place
    }

    private enum Place: Equatable {
        case ready
        case pausing(until: Time)
        case stuck
        /// Handed out; not known yet what became of it.
        case tried
    }

    private var entries: [String: Entry] = [:]
    /// The ready ones, the next to try last.
    private var ready: [String] = []
    private var isSorted = true

    var isEmpty: Bool { entries.isEmpty }

    /// Takes in a new pod, or what one that waits is now.
    mutating func put(_ pod: PodFacts, now: Time) {
        guard var entry = entries[pod.uid] else {
            entries[pod.uid] = Entry(pod: pod, since: now, lastTry: now, place: .ready)
            push(pod.uid)
            return
        }
        let isChanged = entry.pod.pod["spec"] != pod.pod["spec"] || entry.pod.pod.labels != pod.pod.labels
        entry.pod = pod
        entries[pod.uid] = entry
        if isChanged, entry.place == .stuck { wake(pod.uid, now: now) }
    }

    mutating func remove(_ uid: String) {
        guard let entry = entries.removeValue(forKey: uid), entry.place == .ready else { return }
        ready.removeAll { $0 == uid }
    }

    /// The next pod to try: the most important, of equals the one that waits longest.
    mutating func next(now: Time) -> PodFacts? {
        if !isSorted {
            let entries = self.entries
            ready.sort { Self.isAfter(entries[$0], entries[$1]) }
            isSorted = true
        }
        while let uid = ready.popLast() {
            guard var entry = entries[uid] else { continue }
            entry.place = .tried
            entry.attempts += 1
            entry.lastTry = now
            entries[uid] = entry
            return entry.pod
        }
        return nil
    }

    /// Lets a pod wait until something changes that could matter to those who refused it.
    mutating func park(_ uid: String, refusers: Set<FilterKind>) {
        entries[uid]?.refusers = refusers
        entries[uid]?.place = .stuck
    }

    /// Tries a pod again after a pause, for what failed has nothing to do with the cluster's state.
    mutating func retry(_ uid: String, now: Time) {
        entries[uid]?.refusers = []
        wake(uid, now: now)
    }

    /// Tries those again that one of these filters refused.
    mutating func wake(refusedBy filters: Set<FilterKind>, now: Time) {
        for (uid, entry) in entries where entry.place == .stuck && !entry.refusers.isDisjoint(with: filters) {
            wake(uid, now: now)
        }
    }

    private mutating func wake(_ uid: String, now: Time) {
        guard var entry = entries[uid] else { return }
        let end = entry.lastTry + pause(after: entry.attempts)
        entry.place = end > now ? .pausing(until: end) : .ready
        entries[uid] = entry
        if entry.place == .ready { push(uid) }
    }

    private func pause(after attempts: Int) -> Duration {
        guard attempts > 0 else { return .zero }
        return min(Self.firstPause * (1 << min(attempts - 1, 10)), Self.longestPause)
    }

    /// Makes those ready whose pause is over; tells when the next one's is.
    mutating func expirePauses(now: Time) -> Time? {
        var next: Time?
        for (uid, entry) in entries {
            guard case .pausing(let end) = entry.place else { continue }
            if end <= now {
                entries[uid]?.place = .ready
                push(uid)
            } else {
                next = min(next ?? end, end)
            }
        }
        return next
    }

    private mutating func push(_ uid: String) {
        ready.append(uid)
        isSorted = ready.count <= 1
    }

    private static func isAfter(_ a: Entry?, _ b: Entry?) -> Bool {
        guard let a, let b else { return b != nil }
        return a.pod.priority != b.pod.priority ? a.pod.priority < b.pod.priority : a.since > b.since
    }
}
