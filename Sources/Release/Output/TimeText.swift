#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif
import API

/// The texts that Go's package time gives to a point in time.
extension Moment {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// time.ANSIC: `Mon Jan _2 15:04:05 2006`.
    var ansic: String {
        let date = civil
        return "\(Self.weekdays[date.weekday]) \(Self.months[date.month - 1]) \(Self.pad(date.day, 2, with: " ")) "
            + "\(Self.pad(date.hour)):\(Self.pad(date.minute)):\(Self.pad(date.second)) \(Self.pad(date.year, 4))"
    }

    /// time.Time's String(): `2006-01-02 15:04:05.999999999 -0700 MST`.
    var goString: String {
        let date = civil
        var text = "\(Self.pad(date.year, 4))-\(Self.pad(date.month))-\(Self.pad(date.day)) "
        text += "\(Self.pad(date.hour)):\(Self.pad(date.minute)):\(Self.pad(date.second))"
        if time.nanoseconds != 0 {
            var digits = Self.pad(Int(time.nanoseconds), 9)
            while digits.last == "0" { digits.removeLast() }
            text += ".\(digits)"
        }
        return "\(text) \(zone()) \(offset == 0 ? "UTC" : zone())"
    }

    /// time.RFC3339: whole seconds.
    var rfc3339: String {
        let date = civil
        return "\(Self.pad(date.year, 4))-\(Self.pad(date.month))-\(Self.pad(date.day))"
            + "T\(Self.pad(date.hour)):\(Self.pad(date.minute)):\(Self.pad(date.second))"
            + (offset == 0 ? "Z" : zone(separator: ":"))
    }

    /// The same point on the clock of this machine (time.Local).
    var local: Moment {
        var seconds = time_t(time.seconds)
        var broken = tm()
        guard localtime_r(&seconds, &broken) != nil else { return self }
        return Moment(time, offset: broken.tm_gmtoff)
    }
}
