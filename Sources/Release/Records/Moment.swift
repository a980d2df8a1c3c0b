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
    public var text: String {
        guard offset != 0 else { return time.nano }
        let shifted = Time(seconds: time.seconds + Int64(offset), nanoseconds: time.nanoseconds)
        return shifted.nano.dropLast() + zone(separator: ":")
    }

    /// The offset as `+0200`, or with the separator between hours and minutes.
    func zone(separator: String = "") -> String {
        let minutes = abs(offset) / 60
        return "\(offset < 0 ? "-" : "+")\(Moment.pad(minutes / 60))\(separator)\(Moment.pad(minutes % 60))"
    }

    /// The date and time of day on the clock that wrote the record.
    var civil: Time.Civil { Time(seconds: time.seconds + Int64(offset)).civil }

    static func pad(_ value: Int, _ width: Int = 2, with fill: Character = "0") -> String {
        let digits = String(value)
        return String(repeating: fill, count: max(0, width - digits.count)) + digits
    }
}
