import Calendar
public import API

/// A point in time as a record states it: with the offset of the clock that wrote it (Go's time.Time in JSON).
public struct Moment: Sendable, Hashable {
    public var time: Time
    /// Seconds east of Greenwich.
    public var offset: Int

    public init(_ time: Time, offset: Int = 0) {
        self.time = time
        self.offset = offset
    }

    /// Reads RFC 3339; nil for anything else.
    public init?(_ text: String) {
        guard let time = Time(text) else { return nil }
        self.time = time
        offset = 0
        guard let sign = text.dropFirst(19).lastIndex(where: { $0 == "+" || $0 == "-" }) else { return }
        let parts = text[text.index(after: sign)...].split(separator: ":").compactMap { Int($0) }
        if parts.count == 2 { offset = (parts[0] * 3600 + parts[1] * 60) * (text[sign] == "-" ? -1 : 1) }
    }

    /// Whether it is Go's zero time, which stands for "never".
    public var isZero: Bool { time == Moment.zeroTime }

    /// 0001-01-01T00:00:00Z.
    static let zeroTime = Time(seconds: -62_135_596_800)

    /// RFC3339Nano, the form in JSON.
    public var text: String { clock.format("2006-01-02T15:04:05.999999999Z07:00") }

    /// What the clock showed that wrote the record.
    var clock: GoTime {
        let zone = offset == 0 ? Zone.utc : Zone("", Zone.Offset(seconds: offset, name: ""))
        return GoTime(seconds: time.seconds, nanoseconds: Int(time.nanoseconds), zone: zone)
    }
}
