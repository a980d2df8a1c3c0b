/// Runs `body`, and throws `late` when it has not ended in time.
package func withDeadline<Result: Sendable>(
    _ limit: Duration, late: any Error, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: body)
        group.addTask {
            // The deadline itself: there is nothing else to wait for.
            try await Task.sleep(for: limit)
            throw late
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
