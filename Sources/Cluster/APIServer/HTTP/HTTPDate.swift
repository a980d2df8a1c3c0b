import API
import Calendar
import Synchronization

/// A time as HTTP writes it (RFC 9110, 5.6.7).
enum HTTPDate {
    /// `Sat, 21 Nov 2026 04:38:25 GMT`
    static func text(_ time: Time, zone: String = "GMT") -> String {
        let moment = GoTime(seconds: time.seconds, nanoseconds: 0, zone: .utc)
        return moment.format("Mon, 02 Jan 2006 15:04:05 ") + zone
    }

    private static let latest = Mutex<(seconds: Int64, text: String)>((0, ""))

    /// The same, made once a second for all answers.
    static func header(_ now: Time) -> String {
        latest.withLock { latest in
            if latest.seconds != now.seconds { latest = (now.seconds, text(now)) }
            return latest.text
        }
    }
}
