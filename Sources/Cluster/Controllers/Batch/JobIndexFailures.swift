import API
import Document

/// How often each index of a Job has failed, where every index has a limit of its own ("Backoff limit per index").
///
/// The count travels from pod to pod in an annotation, so that it outlives pods that are removed.
struct JobIndexFailures {
    static let countNote: Text = "batch.kubernetes.io/job-index-failure-count"
    static let ignoredNote: Text = "batch.kubernetes.io/job-index-ignored-failure-count"

    /// The indexes that are given up.
    private(set) var failed: Set<Int>
    /// The failed pod of each index that counts the most failures.
    private var last: [Int: Value] = [:]
    private let policy: JobFailurePolicy?

    /// - Parameter limit: `backoffLimitPerIndex`.
    init(_ job: Value, pods: [Value], limit: Int) {
        policy = JobFailurePolicy(job)
        failed = Indexes.read(job["status", "failedIndexes"]?.string ?? "")
        for pod in pods where pod.hasFailed(in: job) {
            guard let index = pod.completionIndex, index < job["spec", "completions"]?.int ?? 0 else { continue }
            if policy?.verdict(on: pod).action == .failIndex || counts(after: pod).failures > limit {
                failed.insert(index)
            }
            if let other = last[index], total(other) >= total(pod) { continue }
            last[index] = pod
        }
    }

    private func counts(after pod: Value) -> (failures: Int, ignored: Int) {
        let failures = Int(pod.annotation(Self.countNote) ?? "") ?? 0
        let ignored = Int(pod.annotation(Self.ignoredNote) ?? "") ?? 0
        if policy?.verdict(on: pod).action == .ignore { return (failures, ignored + 1) }
        return (failures + 1, ignored)
    }

    private func total(_ pod: Value) -> Int {
        let (failures, ignored) = counts(after: pod)
        return failures + ignored
    }

    /// What the next pod of an index has to bear.
    func notes(for index: Int) -> Value {
        let (failures, ignored) = last[index].map(counts) ?? (0, 0)
        var notes: Value = [Self.countNote: .string(String(failures))]
        if ignored > 0 { notes[Self.ignoredNote] = .string(String(ignored)) }
        return notes
    }

    /// How long the next pod of an index has to wait: as ``JobCounts/pause(now:)``, for this index alone.
    func pause(_ index: Int, now: Time) -> Duration? {
        guard let pod = last[index], let end = pod.endTime else { return nil }
        let rest = end + JobCounts.pause(after: total(pod)) - now
        return rest > .zero ? rest : nil
    }

    /// Whether the pod's count is still needed, for nobody has taken it up.
    func isNeeded(_ pod: Value, active: Set<Int>) -> Bool {
        guard let index = pod.completionIndex, last[index]?.uid == pod.uid else { return false }
        return !active.contains(index) && !failed.contains(index)
    }
}
