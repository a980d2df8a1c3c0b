import API
import Synchronization

/// How long objects that users have changed rest before their controller looks at them, so that changes in a row are
/// one to it.
///
/// A single change is looked at soon. Where many come, each is looked at later, as upstream's controllers fall behind
/// when their clients' rate (20 requests a second after 30 at once) is used up; but never by more than `busy`.
public struct Settling: Sendable {
    /// The rest of a change that is one of few.
    let calm: Duration
    /// The rest of a change that is one of many.
    let busy: Duration
    /// How many changes in a second are few.
    let few: Int

    /// No rest at all.
    public static let none = Settling(calm: .zero, busy: .zero, few: 0)

    /// Upstream's pace, where its clients' rate is not used up and where it is.
    public static let usual = Settling(calm: .milliseconds(24), busy: .milliseconds(50), few: 10)
}

/// How many changes a controller has seen of late.
final class Activity: Sendable {
    private let settling: Settling
    /// The times of the last changes, the oldest first; no more of them than are few.
    private let times = Mutex<[Time]>([])

    init(_ settling: Settling) { self.settling = settling }

    /// How long a change of that time rests.
    func rest(at now: Time) -> Duration {
        guard settling.busy > .zero else { return .zero }
        return times.withLock { times in
            times.append(now)
            guard times.count > settling.few else { return settling.calm }
            return now - times.removeFirst() < .seconds(1) ? settling.busy : settling.calm
        }
    }
}
