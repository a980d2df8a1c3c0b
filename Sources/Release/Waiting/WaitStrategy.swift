/// What `--wait` waits for (pkg/kube: WaitStrategy).
public enum WaitStrategy: String, Sendable {
    /// For every object, by watching it.
    case watcher
    /// For hooks alone.
    case hookOnly
    /// Helm 3's way: the same as ``watcher`` here, for nothing of ours polls.
    case legacy

    var waitsForObjects: Bool { self != .hookOnly }
}
