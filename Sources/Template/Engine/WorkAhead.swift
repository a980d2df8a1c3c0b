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

    private struct Job {
        let weight: Int
        let work: @Sendable () -> Void
    }

    /// From which weight of waiting jobs on to start the thread, or to wake it: both take as long as to read a few
    /// kilobytes of templates, and who woke it for each of many files did little else.
    private static let batch = 32 << 10

    /// From which weight on it pays where nothing more is about to come.
    private static let least = 6 << 10

    private let queue: Queue?

    package init() { queue = Queue() }

    deinit { queue?.close() }

    /// What `make` returns, computed by the thread when all that was added before is done, if nobody asks earlier.
    ///
    /// - Parameter weight: how much there is to do, in bytes to read.
    package func add<Value: Sendable>(weight: Int, _ make: @escaping @Sendable () -> Value) -> Outcome<Value> {
        let outcome = Outcome(make)
        queue?.add(Job(weight: weight) { outcome.prepare() })
        return outcome
    }

    /// Lets the thread begin what was added, however little: its user goes on to do something else.
    package func begin() { queue?.begin() }

    /// What the thread and who gives it work share.
    private final class Queue: Sendable {
        private struct State {
            var jobs: [Job] = []
            var next = 0
            /// What the jobs weigh that nobody has begun.
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

        func add(_ job: Job) {
            wake(from: WorkAhead.batch) { state in
                state.jobs.append(job)
                state.weight += job.weight
            }
        }

        func begin() { wake(from: WorkAhead.least) { _ in } }

        /// Starts or wakes the thread, if what waits for it is worth that.
        private func wake(from weight: Int, after change: (inout State) -> Void) {
            let (starts, wakes) = state.withLock { state in
                change(&state)
                if state.weight < weight || state.hasThread && !state.isIdle { return (false, false) }
                defer { (state.hasThread, state.isIdle) = (true, false) }
                return (!state.hasThread, state.hasThread)
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
            while let job = next() { job.work() }
        }

        /// The next job, waited for; nil when nobody can want one any more.
        private func next() -> Job? {
            while true {
                let (job, isClosed) = state.withLock { state -> (Job?, Bool) in
                    if state.isClosed { return (nil, true) }
                    if state.next < state.jobs.count {
                        let job = state.jobs[state.next]
                        state.next += 1
                        state.weight -= job.weight
                        return (job, false)
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
