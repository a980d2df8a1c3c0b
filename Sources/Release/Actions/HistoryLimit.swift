/// Keeps no more than so many revisions of a release: the oldest go first, the deployed one never
/// (pkg/storage: removeLeastRecent).
struct HistoryLimit: Sendable {
    /// 0 keeps all.
    let maximum: Int
    let context: ActionContext

    /// Deletes what is too much once one more revision comes.
    func makeRoom(in history: [Record]) async throws {
        let outcomes = await Self.surplus(history, keeping: maximum).outcomesInParallel { record in
            do { try await context.records.delete(record.name, record.number, in: context.namespace) } catch let
                failure as ReleaseFailure where failure.code == .notFound
            {}
        }
        let failures = outcomes.compactMap { outcome in
            if case .failure(let error) = outcome { "\(error)" } else { nil }
        }
        guard !failures.isEmpty else { return }
        throw ReleaseFailure(
            "error encountered while pruning the history: \(failures.joined(separator: "; "))")
    }

    /// The records that go, oldest first.
    static func surplus(_ history: [Record], keeping maximum: Int) -> [Record] {
        guard maximum > 0, history.count > maximum - 1 else { return [] }
        let deployed = history.last { $0.status == .deployed }?.number
        let count = history.count - (maximum - 1)
        return Array(history.filter { $0.number != deployed }.prefix(count))
    }
}
