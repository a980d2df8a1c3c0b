import CLinux
import Client
import Glibc
import Synchronization

/// Waits for descriptors to become readable or writable, all on one thread, so that waiting costs no thread of the
/// tasks that wait.
final class DescriptorWatcher: Sendable {
    /// What is waited for.
    enum Interest: Sendable { case readable, writable }

    /// The watcher of this process.
    static let shared = DescriptorWatcher()

    private struct State {
        var waiting: [UInt64: (descriptor: Int32, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var next: UInt64 = 0
        var cancelled: Set<UInt64> = []
    }

    private let poll: Int32
    private let state = Mutex(State())

    private init() {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                DescriptorWatcher.shared.loop()
                return nil
            }, nil)
        pthread_detach(thread)
    }

    /// Returns once the descriptor is ready or has come to its end.
    ///
    /// A descriptor may be waited for once at a time, and has to stay open meanwhile.
    func wait(for descriptor: Int32, _ interest: Interest = .readable) async throws {
        let token = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { add($0, token, descriptor, interest) }
        } onCancel: {
            cancel(token)
        }
    }

    private func add(
        _ continuation: CheckedContinuation<Void, any Error>, _ token: UInt64, _ descriptor: Int32,
        _ interest: Interest
    ) {
        let failure: (any Error)? = state.withLock { state in
            if state.cancelled.remove(token) != nil { return CancellationError() }
            let wanted = interest == .readable ? EPOLLIN.rawValue : EPOLLOUT.rawValue
            var event = epoll_event(
                events: wanted | EPOLLONESHOT.rawValue | EPOLLRDHUP.rawValue, data: epoll_data_t(u64: token))
            if epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) != 0 { return NodeError.system("epoll", "add") }
            state.waiting[token] = (descriptor, continuation)
            return nil
        }
        if let failure { continuation.resume(throwing: failure) }
    }

    private func cancel(_ token: UInt64) {
        let waiting = state.withLock { state in
            let waiting = state.waiting.removeValue(forKey: token)
            if let waiting {
                epoll_ctl(poll, EPOLL_CTL_DEL, waiting.descriptor, nil)
            } else {
                state.cancelled.insert(token)
            }
            return waiting
        }
        waiting?.continuation.resume(throwing: CancellationError())
    }

    private func loop() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let count = epoll_wait(poll, &events, Int32(events.count), -1)
            for event in events.prefix(Int(max(count, 0))) {
                let waiting = state.withLock { state in
                    let waiting = state.waiting.removeValue(forKey: event.data.u64)
                    if let waiting { epoll_ctl(poll, EPOLL_CTL_DEL, waiting.descriptor, nil) }
                    return waiting
                }
                waiting?.continuation.resume()
            }
        }
    }
}

/// Runs `body`, and throws `timeout` when it has not ended in time.
func withDeadline<Result: Sendable>(
    _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withDeadline(limit, late: NodeError(.timeout, "\(what) took longer than \(limit)"), body)
}
