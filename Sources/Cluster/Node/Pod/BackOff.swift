import API

/// Growing pauses between attempts, as the kubelet makes them for crashing containers and missing images: 10 s, doubled
/// up to 5 min, and forgotten once all went well for 10 min.
struct BackOff: Sendable, Hashable {
    static let first = Duration.seconds(10)
    static let most = Duration.seconds(300)

    private let initial: Duration
    private var next: Duration
    /// The pause after the last failure.
    private(set) var pause = Duration.zero
    private(set) var until: Time?

    /// - Parameter initial: the pause after the first failure: a container is started again at once.
    init(initial: Duration = .zero) {
        self.initial = initial
        next = initial
    }

    /// Notes a failure: the next attempt waits.
    ///
    /// - Parameter lasted: how long all went well before it.
    mutating func fail(at failed: Time, lasted: Duration = .zero) {
        if lasted >= BackOff.most * 2 { next = initial }
        pause = next
        until = failed + pause
        next = next == .zero ? BackOff.first : min(next * 2, BackOff.most)
    }

    /// Forgets all failures.
    mutating func reset() { self = BackOff(initial: initial) }

    /// How long the next attempt still has to wait; nil where it may be made.
    func remaining(at now: Time) -> Duration? {
        guard let until, until > now else { return nil }
        return until - now
    }

    /// The pause as Go writes durations of whole seconds: `10s`, `1m20s`, `5m0s`.
    var text: String {
        let seconds = pause.components.seconds
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }
}
