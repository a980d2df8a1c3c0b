public import API
import Synchronization

/// Keys that wait to be worked on (client-go's rate-limiting workqueue): each is handed out to one worker at a time,
/// added again at most once meanwhile, and after failures only following a growing pause.
public final class WorkQueue: Sendable {
    private struct State {
        var waiting: [String] = []
        /// Keys that are waiting, or were added while they were worked on.
        var dirty: Set<String> = []
        var working: Set<String> = []
        var failures: [String: Int] = [:]
        var workers: [CheckedContinuation<String?, Never>] = []
        /// The keys that wait for a time to come; of several times the earliest counts.
        var timers: [String: (due: Time, task: Task<Void, any Error>)] = [:]
        var isShutDown = false
    }

    private let state = Mutex(State())
    private let clock: any TimeSource
    private let base: Duration
    private let most: Duration

    /// - Parameters:
    ///   - base: the pause after the first failure of a key; it doubles with each further one.
    ///   - most: the longest pause.
    public init(clock: any TimeSource, base: Duration = .milliseconds(5), most: Duration = .seconds(60)) {
        self.clock = clock
        self.base = base
        self.most = most
    }

    /// Whether nothing waits and nobody works.
    public var isIdle: Bool { state.withLock { $0.dirty.isEmpty && $0.working.isEmpty } }

    /// Adds a key, unless it waits already.
    public func add(_ key: String) {
        let worker: CheckedContinuation<String?, Never>? = state.withLock { state in
            guard !state.isShutDown, state.dirty.insert(key).inserted, !state.working.contains(key) else { return nil }
            return hand(key, &state)
        }
        worker?.resume(returning: key)
    }

    /// Adds a key once `delay` has passed, or sooner if it was to be added sooner anyway.
    public func add(_ key: String, after delay: Duration) {
        guard delay > .zero else { return add(key) }
        state.withLock { state in
            let due = clock.now + delay
            guard !state.isShutDown, due < state.timers[key]?.due ?? due + .seconds(1) else { return }
            state.timers[key]?.task.cancel()
            let task = Task { [weak self, clock] in
                // The task may begin late: the time that was meant counts, not the pause from now on.
                try await clock.sleep(for: due - clock.now)
                self?.expire(key, due)
            }
            state.timers[key] = (due, task)
        }
    }

    private func expire(_ key: String, _ due: Time) {
        state.withLock { state in
            if state.timers[key]?.due == due { state.timers[key] = nil }
        }
        add(key)
    }

    /// Runs `work` for each key, one after the other, until the queue is shut down or the task is cancelled.
    ///
    /// - Parameter work: returns after how long the key has to be looked at again, if at all; what it throws has the
    ///   key tried again after a pause.
    public func run(_ work: @Sendable (String) async throws -> Duration?) async {
        await withTaskCancellationHandler {
            while let key = await next() {
                do {
                    let again = try await work(key)
                    state.withLock { _ = $0.failures.removeValue(forKey: key) }
                    done(key)
                    if let again { add(key, after: again) }
                } catch is CancellationError {
                    done(key)
                } catch {
                    let pause = pauseAfterFailure(of: key)
                    done(key)
                    add(key, after: pause)
                }
            }
        } onCancel: {
            shutDown()
        }
    }

    /// Hands out no key any more.
    public func shutDown() {
        let workers = state.withLock { state in
            state.isShutDown = true
            for timer in state.timers.values { timer.task.cancel() }
            state.timers = [:]
            defer { state.workers = [] }
            return state.workers
        }
        for worker in workers { worker.resume(returning: nil) }
    }

    private func next() async -> String? {
        await withCheckedContinuation { continuation in
            let ready: String?? = state.withLock { state in
                if state.isShutDown { return .some(nil) }
                guard !state.waiting.isEmpty else {
                    state.workers.append(continuation)
                    return nil
                }
                let key = state.waiting.removeFirst()
                start(key, &state)
                return key
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    private func hand(_ key: String, _ state: inout State) -> CheckedContinuation<String?, Never>? {
        guard !state.workers.isEmpty else {
            state.waiting.append(key)
            return nil
        }
        start(key, &state)
        return state.workers.removeFirst()
    }

    private func start(_ key: String, _ state: inout State) {
        state.dirty.remove(key)
        state.working.insert(key)
    }

    private func done(_ key: String) {
        let worker: CheckedContinuation<String?, Never>? = state.withLock { state in
            state.working.remove(key)
            return state.dirty.contains(key) && !state.isShutDown ? hand(key, &state) : nil
        }
        worker?.resume(returning: key)
    }

    private func pauseAfterFailure(of key: String) -> Duration {
        let count = state.withLock { state in
            state.failures[key, default: 0] += 1
            return state.failures[key, default: 1]
        }
        return min(base * (1 << min(count - 1, 20)), most)
    }
}
