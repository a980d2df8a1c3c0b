import Calendar
import Testing

struct CalendarTests {
    @Test(arguments: [
        ("Europe/Berlin", 1_767_225_600, 3600, "CET"), ("Europe/Berlin", 1_782_864_000, 7200, "CEST"),
        // Beyond the last transition that the files list, their rule speaks.
        ("Europe/Berlin", 4_086_720_000, 7200, "CEST"), ("America/New_York", 4_102_444_800, -18000, "EST"),
        ("Asia/Kolkata", 1_782_864_000, 19800, "IST"), ("UTC", 0, 0, "UTC"), ("", 0, 0, "UTC"),
    ])
    func offsets(_ name: String, _ seconds: Int64, _ offset: Int, _ abbreviation: String) throws {
        let found = try #require(Zone.named(name)).offset(at: seconds)
        #expect((found.seconds, found.name) == (offset, abbreviation))
    }

    @Test(arguments: ["Europe/Nowhere", "/etc/passwd", "../passwd", "Europe", "europe/berlin"])
    func unknownZones(_ name: String) { #expect(Zone.named(name) == nil) }

    @Test func datesAndSecondsAgree() {
        for day in stride(from: -800_000, to: 3_000_000, by: 997) {
            let civil = CivilTime(seconds: Int64(day) * 86400 + 3723)
            #expect(civil.seconds == Int64(day) * 86400 + 3723)
            #expect((civil.hour, civil.minute, civil.second) == (1, 2, 3))
            #expect((1...CivilTime.daysIn(civil.month, of: civil.year)).contains(civil.day))
        }
        #expect(CivilTime(year: 2026, month: 14, day: 1).seconds == CivilTime(year: 2027, month: 2, day: 1).seconds)
    }

    @Test(arguments: [
        ("1h30m", 5_400_000_000_000, "1h30m0s"), ("1.5s", 1_500_000_000, "1.5s"), ("-2ms", -2_000_000, "-2ms"),
        ("100us", 100_000, "100µs"), ("0", 0, "0s"), (".5h", 1_800_000_000_000, "30m0s"),
    ])
    func durations(_ text: String, _ nanoseconds: Int64, _ canonical: String) throws {
        #expect(try GoDuration.parse(text) == nanoseconds)
        #expect(GoDuration.text(nanoseconds) == canonical)
    }

    @Test(arguments: [
        ("\u{E9}\n\"", #"time: invalid duration "\xc3\xa9\x0a\"""#), ("", "time: invalid duration \"\""),
        ("5", "time: missing unit in duration \"5\""),
        ("5x", "time: unknown unit \"x\" in duration \"5x\""), ("9999999h", "time: invalid duration \"9999999h\""),
    ])
    func malformedDurations(_ text: String, _ message: String) {
        #expect { try GoDuration.parse(text) } throws: { ($0 as? GoDuration.Malformed)?.message == message }
    }

    @Test(arguments: [
        ("2026-02-29", #"parsing time "2026-02-29": day out of range"#),
        ("2026-2-2", #"parsing time "2026-2-2" as "2006-01-02": cannot parse "2-2" as "01""#),
        ("2026-02-02x", #"parsing time "2026-02-02x": extra text: "x""#),
    ])
    func malformedTimes(_ text: String, _ message: String) {
        #expect(TimeParser.fault(text, layout: "2006-01-02") == message)
    }
}
