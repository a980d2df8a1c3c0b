import API
import Synchronization

/// A time as HTTP writes it (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 21 Nov 2026 04:38:25 GMT`
    static func text(_ time: Time, zone: String = "GMT") -> String {
        let civil = time.civil
        func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        return "\(days[civil.weekday]), \(pad(civil.day)) \(months[civil.month - 1]) \(civil.year) "
            + "\(pad(civil.hour)):\(pad(civil.minute)):\(pad(civil.second)) \(zone)"
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
