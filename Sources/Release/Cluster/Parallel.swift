extension Array where Element: Sendable {
    /// The results of `body` in the order of the elements, at most sixteen of them at work at once; the first failure in
    /// that order is thrown once all have ended.
    func mapInParallel<Result: Sendable>(
        _ body: @Sendable @escaping (Element) async throws -> Result
    ) async throws -> [Result] {
        try await outcomesInParallel(body).map { try $0.get() }
    }

    /// What became of each element, in their order.
    func outcomesInParallel<Result: Sendable>(
        _ body: @Sendable @escaping (Element) async throws -> Result
    ) async -> [Swift.Result<Result, any Error>] {
        await withTaskGroup(of: (Int, Swift.Result<Result, any Error>).self) { group in
            var outcomes: [Swift.Result<Result, any Error>?] = Array<Swift.Result<Result, any Error>?>(
                repeating: nil, count: count)
            for (index, element) in enumerated() {
                if index >= 16, let (done, outcome) = await group.next() { outcomes[done] = outcome }
                group.addTask {
                    do { return (index, .success(try await body(element))) } catch { return (index, .failure(error)) }
                }
            }
            for await (done, outcome) in group { outcomes[done] = outcome }
            return outcomes.compactMap { $0 }
        }
    }
}
