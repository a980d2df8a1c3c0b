import Synchronization

/// A watcher's side of the event bus: a bounded queue that the store fills and the watcher empties.
public final class Watch: Sendable {
    /// Why no more events will come.
    public enum End: Sendable {
        /// The watcher was too slow; it has to list again.
        case overflow
        /// The store has been closed.
        case closed
        /// The watcher itself asked for the end.
        case cancelled
    }

    /// What `take` found.
    public struct Batch: Sendable {
        /// The events in order of revision.
        public var events: [Event]
        /// Every change up to and with this revision has been handed out; the revision for a bookmark.
        public var progress: Revision
        /// Set once no more events will come; those before it are whole unless it is `.overflow`.
        public var end: End?
    }

    private struct State {
        var queue: [Event]
        var end: End?
        /// Whether the watcher found the queue empty, and so waits to be woken.
        var isWaiting = false
    }

    public let prefix: Key
    private let limit: Int
    private let wake: @Sendable () -> Void
    private let present: PublishedRevision
    private let state: Mutex<State>

    init(
        prefix: Key, limit: Int, backlog: [Event], present: PublishedRevision,
        wake: @escaping @Sendable () -> Void
    ) {
        self.prefix = prefix
        // What history replays at the start is shared with history, and is not the watcher's slowness.
        self.limit = limit + backlog.count
        self.wake = wake
        self.present = present
        state = Mutex(State(queue: backlog))
    }

    /// Takes what has come since the last call. Where that is nothing, `wake` is called when something comes.
    ///
    /// - Parameter waits: whether `wake` is called for what comes next also where there was something.
    public func take(waits: Bool = false) -> Batch {
        // Events are pushed before their revision is published, so that this one is safe to report.
        let progress = present.value
        return state.withLock { state in
            let events = state.queue
            state.queue = []
            state.isWaiting = waits || events.isEmpty
            return Batch(events: events, progress: progress, end: state.end)
        }
    }

    /// Ends the watch.
    public func cancel() { _ = finish(.cancelled) }

    var isOver: Bool { state.withLock { $0.end != nil } }

    /// Adds an event, and says whether the watcher has to be woken.
    func push(_ event: Event) -> Bool {
        state.withLock { state in
            guard state.end == nil else { return false }
            if state.queue.count >= limit {
                state.end = .overflow
                state.queue = []
            } else {
                state.queue.append(event)
            }
            defer { state.isWaiting = false }
            return state.isWaiting
        }
    }

    /// Ends the watch from the store's side, and says whether the watcher has to be woken.
    func finish(_ end: End) -> Bool {
        state.withLock { state in
            guard state.end == nil else { return false }
            state.end = end
            if end == .cancelled { state.queue = [] }
            defer { state.isWaiting = false }
            return state.isWaiting
        }
    }

    func ring() { wake() }
}
