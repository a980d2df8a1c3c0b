import CLinux
import Glibc
import Synchronization

/// Does work on a second thread before anybody asks for it: templates are read while their chart is still being unpacked.
///
/// Nobody waits for the thread but while it is at work on just what is wanted; what it has not begun, whoever wants it
/// does by themselves. So a machine without a free core loses next to nothing.
package final class WorkAhead: Sendable {
    /// What is computed once, by whoever comes first.
    package final class Outcome<Value: Sendable>: Sendable {
        private let made = Mutex<Value?>(nil)
        private let make: @Sendable () -> Value

        package init(_ make: @escaping @Sendable () -> Value) { self.make = make }

        /// The value; waits where another thread is at work on it.
        package func get() -> Value { made.withLock { made in value(&made) } }

        /// Computes the value, unless it is there or another thread is at work on it.
        package func prepare() { _ = made.withLockIfAvailable { made in _ = value(&made) } }

        private func value(_ made: inout Value?) -> Value {
            if let made { return made }
            let value = make()
            made = value
            return value
        }
    }

    private typealias Job = @Sendable () -> Void

    /// From which weight of jobs on a thread pays: to start one takes as long as to read a few kilobytes of templates.
    private static let threshold = 24 << 10

    private let queue: Queue?

    package init() { queue = Queue() }

    deinit { queue?.close() }

    /// What `make` returns, computed by the thread when all that was added before is done, if nobody asks earlier.
    ///
    /// - Parameter weight: how much there is to do, in bytes to read.
    package func add<Value: Sendable>(weight: Int, _ make: @escaping @Sendable () -> Value) -> Outcome<Value> {
        let outcome = Outcome(make)
        queue?.add(weight) { outcome.prepare() }
        return outcome
    }

    /// What the thread and who gives it work share.
    private final class Queue: Sendable {
        private struct State {
            var jobs: [Job] = []
            var next = 0
            var weight = 0
            var hasThread = false
            /// Whether the thread waits to be woken.
            var isIdle = false
            var isClosed = false
        }

        private let state = Mutex(State())
        /// Wakes the thread (eventfd(2)).
        private let bell: Int32

        init?() {
            bell = eventfd(0, Int32(EFD_CLOEXEC))
            if bell < 0 { return nil }
        }

        deinit { Glibc.close(bell) }

        func add(_ weight: Int, _ job: @escaping Job) {
            let (starts, wakes) = state.withLock { state in
                state.jobs.append(job)
                state.weight += weight
                let starts = !state.hasThread && state.weight >= WorkAhead.threshold
                if starts { state.hasThread = true }
                defer { state.isIdle = false }
                return (starts, state.isIdle)
            }
            if starts { start() }
            if wakes { ring() }
        }

        func close() {
            let wakes = state.withLock { state in
                state.isClosed = true
                return state.isIdle
            }
            if wakes { ring() }
        }

        private func ring() { eventfd_write(bell, 1) }

        private func start() {
            _ = BigStack.startThread { self.work() }
        }

        private func work() {
            while let job = next() { job() }
        }

        /// The next job, waited for; nil when nobody can want one any more.
        private func next() -> Job? {
            while true {
                let (job, isClosed) = state.withLock { state -> (Job?, Bool) in
                    if state.isClosed { return (nil, true) }
                    if state.next < state.jobs.count {
                        state.next += 1
                        return (state.jobs[state.next - 1], false)
                    }
                    state.isIdle = true
                    return (nil, false)
                }
                if job != nil || isClosed { return job }
                var count = eventfd_t()
                if eventfd_read(bell, &count) != 0, errno != EINTR { return nil }
            }
        }
    }
}
