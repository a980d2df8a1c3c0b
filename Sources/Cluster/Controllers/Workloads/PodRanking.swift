import API
import Document

/// Which pods go first when there are too many (upstream's `ActivePodsWithRanks`).
struct PodRanking {
    let now: Time
    /// How many pods of the same owner run on the pod's node.
    let neighbours: [String: Int]

    init(_ pods: [Value], now: Time) {
        self.now = now
        neighbours = Dictionary(pods.filter { !$0.nodeName.isEmpty }.map { ($0.nodeName, 1) }, uniquingKeysWith: +)
    }

    /// The pods in the order in which they go.
    func sorted(_ pods: [Value]) -> [Value] { pods.sorted(by: goesBefore) }

    private func goesBefore(_ a: Value, _ b: Value) -> Bool {
        let (x, y) = (rank(a), rank(b))
        for (left, right) in zip(x, y) where left != right { return left < right }
        return a.name < b.name
    }

    /// In order of weight, lower goes first: unbound, pending, not ready, cheap to delete, crowded, young, restarting.
    private func rank(_ pod: Value) -> [Int] {
        [
            pod.nodeName.isEmpty ? 0 : 1, ["Pending": 0, "Unknown": 1][pod.phase] ?? 2, pod.isReady ? 1 : 0,
            Int(pod.annotation("controller.kubernetes.io/pod-deletion-cost") ?? "") ?? 0,
            -(neighbours[pod.nodeName] ?? 0), pod.isReady ? bucket(since: pod.readySince) : 0, -restarts(pod),
            bucket(since: pod.creationTimestamp),
        ]
    }

    /// The age in powers of two, as upstream compares it, so that small differences do not count; younger is less.
    private func bucket(since time: Time?) -> Int {
        guard let time else { return 0 }
        let seconds = max(0, now.seconds - time.seconds)
        return Int64.bitWidth - seconds.leadingZeroBitCount
    }

    private func restarts(_ pod: Value) -> Int {
        (pod["status", "containerStatuses"]?.array ?? []).map { $0["restartCount"]?.int ?? 0 }.max() ?? 0
    }
}
