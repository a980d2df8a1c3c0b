import Glibc
import Synchronization

/// Where time comes from: the machine's clocks in a running cluster, a hand-moved one in tests, so that roll-outs,
/// back-offs and deadlines are tested in milliseconds.
public protocol TimeSource: Sendable {
    /// The time of day.
    var now: Time { get }

    /// Returns once `duration` has passed; throws `CancellationError` when the task is cancelled first.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clocks. Sleeping counts the monotonic one, so that a jump of the time of day wakes nobody.
public struct SystemTime: TimeSource {
    public init() {}

    public var now: Time {
        var value = timespec()
        clock_gettime(CLOCK_REALTIME, &value)
        return Time(seconds: Int64(value.tv_sec), nanoseconds: Int32(value.tv_nsec))
    }

    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

/// A clock that stands still until a test moves it.
public final class VirtualTime: TimeSource {
    private struct Sleeper {
        let wake: Time
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Time
        var sleepers: [Int: Sleeper] = [:]
        var next = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    public init(now: Time = Time(seconds: 1_700_000_000)) { state = Mutex(State(now: now)) }

    public var now: Time { state.withLock(\.now) }

    /// How many tasks sleep on this clock.
    public var sleepers: Int { state.withLock(\.sleepers.count) }

    /// Moves the clock and wakes whoever waited for a time up to the new one, in order of those times.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.wake <= state.now }.sorted {
                ($0.value.wake, $0.key) < ($1.value.wake, $1.key)
            }
            for (key, _) in due { state.sleepers[key] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    public func sleep(for duration: Duration) async throws {
        let key = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(key) != nil { return .failure(CancellationError()) }
                    if duration <= .zero { return .success(()) }
                    state.sleepers[key] = Sleeper(wake: state.now + duration, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: key)
                if sleeper == nil { state.cancelled.insert(key) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
