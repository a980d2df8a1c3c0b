import API
import Document

/// How many pods of a Job have ended, and how: those that the status counts, those that it notes, and those that still
/// bear the finalizer.
struct JobCounts {
    /// Counted in the status for good.
    private(set) var countedSucceeded: Int
    private(set) var countedFailed: Int
    /// Noted by uid, not yet counted.
    private(set) var notedSucceeded: Set<String>
    private(set) var notedFailed: Set<String>
    private(set) var completedIndexes: Set<Int>
    /// When pods failed that ended last, youngest last.
    private let failureTimes: [Time]
    private let lastSuccess: Time?

    init(_ job: Value, pods: [Value]) {
        let status = job["status"]
        let isIndexed = job["spec", "completionMode"]?.string == "Indexed"
        failureTimes = pods.filter { $0.phase == "Failed" }.compactMap(\.endTime).sorted()
        lastSuccess = pods.filter { $0.phase == "Succeeded" }.compactMap(\.endTime).max()
        countedSucceeded = status?["succeeded"]?.int ?? 0
        countedFailed = status?["failed"]?.int ?? 0
        let uncounted = status?["uncountedTerminatedPods"]
        notedSucceeded = Set(uncounted?["succeeded"]?.array?.compactMap(\.string) ?? [])
        notedFailed = Set(uncounted?["failed"]?.array?.compactMap(\.string) ?? [])
        completedIndexes = Indexes.read(status?["completedIndexes"]?.string ?? "")
        let tracked = Set(pods.filter { $0.finalizers.contains(JobController.finalizer) }.map(\.uid))
        // Whose finalizer went before the count was written counts now.
        count(notedSucceeded.union(notedFailed).subtracting(tracked))
        for pod in pods {
            switch pod.outcome(in: job) {
            case .succeeded: notedSucceeded.insert(pod.uid)
            case .failed: notedFailed.insert(pod.uid)
            case .ignored, nil: break
            }
        }
        if isIndexed {
            let done = pods.filter { $0.phase == "Succeeded" }.compactMap(\.completionIndex)
            completedIndexes.formUnion(done.filter { $0 < job["spec", "completions"]?.int ?? 0 })
            countedSucceeded = completedIndexes.count
            notedSucceeded = []
        }
    }

    var succeeded: Int { countedSucceeded + notedSucceeded.count }
    var failed: Int { countedFailed + notedFailed.count }

    func done(isIndexed: Bool) -> Int { isIndexed ? completedIndexes.count : succeeded }

    /// How long the next pod has to wait after failures: 10 s after the first, twice as long after each further one,
    /// six minutes at most ("Pod backoff failure policy").
    func pause(now: Time) -> Duration? {
        let recent = failureTimes.filter { $0 > lastSuccess ?? Time(seconds: 0) }
        guard let last = recent.last else { return nil }
        let rest = last + Self.pause(after: recent.count) - now
        return rest > .zero ? rest : nil
    }

    static func pause(after failures: Int) -> Duration {
        min(Duration.seconds(10) * (1 << min(max(failures, 1) - 1, 10)), .seconds(360))
    }

    /// These pods' finalizers are gone: they count now.
    mutating func count(_ uids: Set<String>) {
        let (good, bad) = (notedSucceeded.intersection(uids), notedFailed.intersection(uids))
        countedSucceeded += good.count
        countedFailed += bad.count
        notedSucceeded.subtract(good)
        notedFailed.subtract(bad)
    }

    /// What `uncountedTerminatedPods` says.
    var uncounted: Value {
        var value: Value = [:]
        for (key, uids) in [("succeeded", notedSucceeded), ("failed", notedFailed)] where !uids.isEmpty {
            value[Text(key)] = .array(uids.sorted().map { .string($0) })
        }
        return value
    }
}

/// How a pod of a Job ended.
enum JobOutcome {
    case succeeded, failed
    /// Failed in a way that the Job does not mind.
    case ignored
}

extension Value {
    /// How the pod ended, where that is still to be counted for the Job; a pod that somebody deletes counts as failed
    /// at once, unless the Job waits for it to end (`podReplacementPolicy`).
    func outcome(in job: Value) -> JobOutcome? {
        guard finalizers.contains(JobController.finalizer) else { return nil }
        if phase == "Succeeded" { return .succeeded }
        guard hasFailed(in: job) else { return nil }
        return JobFailurePolicy(job)?.verdict(on: self).action == .ignore ? .ignored : .failed
    }

    func hasFailed(in job: Value) -> Bool {
        if phase == "Failed" { return true }
        let waits = job["spec", "podReplacementPolicy"]?.string == "Failed" || job["spec", "podFailurePolicy"] != nil
        return isBeingDeleted && phase != "Succeeded" && !waits
    }

    /// When the last container of the pod ended.
    var endTime: Time? {
        let ends = (self["status", "containerStatuses"]?.array ?? []).compactMap {
            $0["state", "terminated", "finishedAt"]?.string.flatMap { Time($0) }
        }
        return ends.max() ?? readySince ?? deletionTimestamp ?? creationTimestamp
    }
}

/// Sets of indexes as status texts: `1,3-5,7`.
enum Indexes {
    static func read(_ text: String) -> Set<Int> {
        var result: Set<Int> = []
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { continue }
            result.formUnion(first...last)
        }
        return result
    }

    static func write(_ indexes: Set<Int>) -> String {
        var runs: [(first: Int, last: Int)] = []
        for index in indexes.sorted() {
            if let last = runs.last?.last, last == index - 1 {
                runs[runs.count - 1].last = index
            } else {
                runs.append((index, index))
            }
        }
        return runs.map { run in
            run.first == run.last
                ? "\(run.first)"
                : run.last == run.first + 1
                    ? "\(run.first),\(run.last)" : "\(run.first)-\(run.last)"
        }.joined(separator: ",")
    }
}
