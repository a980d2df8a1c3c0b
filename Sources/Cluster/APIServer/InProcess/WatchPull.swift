import API
import Client
import Document
import Synchronization

/// A watch that its reader pulls: what he does not take waits in the watch's bounded queue, not in a stream of its own.
final class WatchPull: Sendable {
    private struct State {
        var ready: [WatchEvent] = []
        var hasBegun = false
        var isOver = false
        /// Whether a bookmark is due, once there is nothing else.
        var owesBookmark = false
    }

    private let session: WatchSession
    private let bell = Bell()
    private let state = Mutex(State())

    init(_ plan: Watching, seconds: String?) throws(Status) {
        let bell = self.bell
        session = try WatchSession(plan, wantsTrees: true) { bell.ring() }
        if let seconds = seconds.flatMap(Int.init) { limit(to: seconds) }
        if let first = plan.secondsToBookmark { remind(in: first) }
    }

    deinit { session.cancel() }

    private func limit(to seconds: Int) {
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(seconds))
            self?.cancel()
        }
    }

    /// Owes a bookmark from time to time: it is due by the clock, for it tells that nothing else has come.
    private func remind(in seconds: Int) {
        Task { [weak self] in
            var pause = seconds
            while (try? await Task.sleep(for: .seconds(pause))) != nil, let pull = self, !pull.isOver {
                pull.state.withLock { $0.owesBookmark = true }
                pull.bell.ring()
                pause = Watching.secondsBetweenBookmarks
            }
        }
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    private func cancel() {
        session.cancel()
        bell.ring()
    }

    /// The next event, waiting for it; nil at the end.
    func next() async -> WatchEvent? {
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                if let event = take() { return event }
                if isOver { return nil }
                if fill() { await bell.wait() }
            }
            return nil
        } onCancel: {
            cancel()
        }
    }

    private func take() -> WatchEvent? {
        // The last element is taken first, so that taking does not move the others.
        state.withLock { $0.ready.popLast() }
    }

    /// Takes what the session has; true where that was nothing.
    private func fill() -> Bool {
        let isFirst = state.withLock { state in
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
        let steps = isFirst ? session.initial() : session.drain()
        var events = steps.steps.compactMap { step in
            if case .event(let event) = step { event } else { nil }
        }
        state.withLock { state in
            if !isFirst, events.isEmpty, !steps.isOver, state.owesBookmark, case .event(let event) = session.bookmark()
            {
                events.append(event)
                state.owesBookmark = false
            }
            state.ready = events.reversed()
            state.isOver = steps.isOver
        }
        // Only a drain that found nothing at all, not even what the watch leaves out, is followed by a ring.
        return !isFirst && steps.isEmpty && events.isEmpty && !steps.isOver
    }
}

/// Wakes the one who waits; a ring while nobody waits is remembered.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isRung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state in
                if state.isRung {
                    state.isRung = false
                    return true
                }
                state.waiter = continuation
                return false
            }
            if isRung { continuation.resume() }
        }
    }
}
