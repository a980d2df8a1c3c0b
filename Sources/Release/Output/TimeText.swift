import API
import Calendar

/// The texts that Go's package time gives to a point in time.
extension Moment {
    /// time.ANSIC
    var ansic: String { clock.format("Mon Jan _2 15:04:05 2006") }

    /// time.Time's String().
    var goString: String { clock.format("2006-01-02 15:04:05.999999999 -0700 MST") }

    /// time.RFC3339: whole seconds.
    var rfc3339: String { clock.format("2006-01-02T15:04:05Z07:00") }

    /// The same point on the clock of this machine (time.Local).
    var local: Moment { Moment(time, offset: Zone.local.offset(at: time.seconds).seconds) }
}
