import Dispatch
import Glibc

/// Signals by which a user stops a command: the operation then records that it was stopped, before the process ends.
enum Interruption {
    /// Runs `body`; SIGINT and SIGTERM cancel it, a second one ends the process at once.
    static func cancelling<Result: Sendable>(
        _ words: String, _ body: @Sendable @escaping () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await body() }
        let sources = [SIGINT, SIGTERM].map { signal in
            Glibc.signal(signal, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler {
                if task.isCancelled { _exit(128 + signal) }
                Console.print(words + "\n")
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }
}
