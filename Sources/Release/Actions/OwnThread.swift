import Dispatch
import Synchronization

/// Work that blocks, away from the threads that tasks share.
enum OwnThread {
    private static let queue = DispatchQueue(label: "helmctl.release.render", attributes: .concurrent)

    /// Runs `body` on a thread that may block and returns what it returns.
    static func run<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    /// Blocks this thread until a task has brought its result.
    static func wait<Result: Sendable>(_ body: @Sendable @escaping () async throws -> Result) throws -> Result {
        let gate = DispatchSemaphore(value: 0)
        let held = Held<Result>()
        Task {
            do { held.put(.success(try await body())) } catch { held.put(.failure(error)) }
            gate.signal()
        }
        gate.wait()
        guard let outcome = held.take() else { throw CancellationError() }
        return try outcome.get()
    }

    private final class Held<Result: Sendable>: Sendable {
        private let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)

        func put(_ value: Swift.Result<Result, any Error>) { outcome.withLock { $0 = value } }
        func take() -> Swift.Result<Result, any Error>? { outcome.withLock { $0 } }
    }
}
