/// A moment with the place whose clock shows it: Go's `time.Time`.
public struct GoTime: Sendable {
    /// Seconds since 1970.
    public var seconds: Int64
    /// 0 ..< 1_000_000_000, counted forward from ``seconds``.
    public var nanoseconds: Int
    /// Whose clock shows it.
    public var zone: Zone

    /// Go's zero time, the first of January of the year 1.
    public static var zero: GoTime { GoTime(seconds: -62_135_596_800, nanoseconds: 0, zone: .utc) }

    /// The offset of the place at the moment.
    public var offset: Zone.Offset { zone.offset(at: seconds) }

    /// What clock and calendar of the place show.
    public var civil: CivilTime { CivilTime(seconds: seconds &+ Int64(offset.seconds)) }

    /// The moment `duration` nanoseconds later.
    public func adding(_ duration: Int64) -> GoTime {
        var result = self
        var rest = nanoseconds + Int(duration % 1_000_000_000)
        result.seconds &+= duration / 1_000_000_000
        if rest < 0 {
            rest += 1_000_000_000
            result.seconds &-= 1
        }
        if rest >= 1_000_000_000 {
            rest -= 1_000_000_000
            result.seconds &+= 1
        }
        result.nanoseconds = rest
        return result
    }

    /// How many nanoseconds lie behind the last multiple of `step` since Go's zero time; 0 where that is no step.
    public func rest(_ step: Int64) -> Int64 {
        guard step > 0 else { return 0 }
        let passed = Int128(seconds - GoTime.zero.seconds) * 1_000_000_000 + Int128(nanoseconds)
        let rest = Int64(passed % Int128(step))
        return rest < 0 ? rest + step : rest
    }

    /// The nanoseconds from another moment to this one; the greatest or the least number where they are too many.
    public func since(_ other: GoTime) -> Int64 {
        let (span, isFar) = seconds.subtractingReportingOverflow(other.seconds)
        let (whole, isLong) = span.multipliedReportingOverflow(by: 1_000_000_000)
        let (exact, isOver) = whole.addingReportingOverflow(Int64(nanoseconds - other.nanoseconds))
        if !isFar, !isLong, !isOver { return exact }
        return (seconds, nanoseconds) < (other.seconds, other.nanoseconds) ? .min : .max
    }

    /// The moment that a clock of the place shows as this; of two the first is taken, as in `time.Date`.
    public init(_ civil: CivilTime, nanoseconds: Int, zone: Zone) {
        let wall = civil.seconds
        // Guess by the offset at the same number of seconds in UTC, then by that of the guess.
        var guess = wall &- Int64(zone.offset(at: wall).seconds)
        let corrected = wall &- Int64(zone.offset(at: guess).seconds)
        if corrected != guess { guess = corrected }
        self.init(seconds: guess, nanoseconds: nanoseconds, zone: zone)
    }

    public init(seconds: Int64, nanoseconds: Int, zone: Zone) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.zone = zone
    }
}
