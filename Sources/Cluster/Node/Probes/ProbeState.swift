/// What a probe's results so far mean: a result counts once it has come as often in a row as the threshold says.
struct ProbeState: Sendable, Hashable {
    private let settings: ProbeSettings
    private var last: Bool?
    private var inRow = 0
    /// What the probe says of the container now.
    private(set) var isWell: Bool

    /// A container is alive until its probe says otherwise, and neither started nor ready until it says so.
    init(_ settings: ProbeSettings) {
        self.settings = settings
        isWell = settings.kind == .liveness
    }

    /// Takes a result, and tells whether the container has to be killed now: after the last failure that a liveness or
    /// startup probe is allowed (kubelet: prober's `doProbe`).
    mutating func take(_ success: Bool) -> Bool {
        inRow = last == success ? inRow + 1 : 1
        last = success
        guard inRow >= (success ? settings.successThreshold : settings.failureThreshold) else { return false }
        isWell = success
        guard !success, settings.kind != .readiness else { return false }
        inRow = 0
        return true
    }
}
