public import Document

/// What the cluster's parts ask of a Pod, read straight from the tree ("Pod Lifecycle").
extension Value {
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`; empty before anyone has set it.
    public var phase: String { self["status", "phase"]?.string ?? "" }
    /// The node that the pod is bound to; empty before it is bound.
    public var nodeName: String { self["spec", "nodeName"]?.string ?? "" }
    /// Whether all containers have ended for good.
    public var isTerminal: Bool { phase == "Succeeded" || phase == "Failed" }
    /// Whether the pod counts for a controller: neither ended nor being deleted (`IsPodActive`).
    public var isActive: Bool { !isTerminal && !isBeingDeleted }
    /// Whether the pod's Ready condition holds.
    public var isReady: Bool { isTrue("Ready") }
    /// Since when the pod's Ready condition is as it is.
    public var readySince: Time? {
        let entry = self["status", "conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        return entry?["lastTransitionTime"]?.string.flatMap { Time($0) }
    }

    /// Whether the pod has been ready for as long as asked (`IsPodAvailable`).
    public func isAvailable(minReadySeconds: Int, now: Time) -> Bool {
        guard isReady else { return false }
        guard minReadySeconds > 0 else { return true }
        return readySince.map { $0 + .seconds(minReadySeconds) <= now } ?? false
    }

    /// After how long the pod becomes available if it stays ready; nil where it is already, or is not ready.
    public func availability(minReadySeconds: Int, now: Time) -> Duration? {
        guard isReady, minReadySeconds > 0, let since = readySince else { return nil }
        let rest = since + .seconds(minReadySeconds) - now
        return rest > .zero ? rest : nil
    }
}
