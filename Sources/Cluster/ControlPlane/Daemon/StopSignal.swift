import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT as something to wait for.
///
/// Only Dispatch turns signals into calls that may do anything: a handler proper may hardly do more than write a byte.
final class StopSignal: Sendable {
    private struct State {
        var hasCome = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Keeps the sources alive.
    ///
    /// `@unchecked Sendable`: it is written in `init` of the one who owns it, and only let go afterwards.
    private final class Keeper: @unchecked Sendable {
        var sources: [any DispatchSourceSignal] = []
    }

    private let state = Mutex(State())
    private let keeper = Keeper()

    init() {
        for number in [SIGTERM, SIGINT] {
            // The default action would end the process before the source sees the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.ring() }
            source.activate()
            keeper.sources.append(source)
        }
        signal(SIGPIPE, SIG_IGN)
    }

    private func ring() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            state.hasCome = true
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once a signal has come.
    func wait() async {
        await withCheckedContinuation { continuation in
            let hasCome = state.withLock { state in
                if !state.hasCome { state.waiters.append(continuation) }
                return state.hasCome
            }
            if hasCome { continuation.resume() }
        }
    }
}
