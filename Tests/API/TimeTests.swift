import API
import Calendar
import Testing

struct TimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_700_000_000, "2023-11-14T22:13:20Z"),
        (-1, "1969-12-31T23:59:59Z"), (4_102_444_799, "2099-12-31T23:59:59Z"),
        (-62_135_596_800, "0001-01-01T00:00:00Z"),
    ])
    func texts(_ seconds: Int64, _ text: String) {
        #expect(Time(seconds: seconds).description == text)
        #expect(Time(text) == Time(seconds: seconds))
    }

    @Test func fractionsAndOffsets() {
        #expect(Time("2023-11-14T23:13:20.5+01:00") == Time(seconds: 1_700_000_000, nanoseconds: 500_000_000))
        #expect(Time(seconds: 0, nanoseconds: 1000).micro == "1970-01-01T00:00:00.000001Z")
        #expect(Time(seconds: 0, nanoseconds: 500_000_000).nano == "1970-01-01T00:00:00.5Z")
        #expect(Time(seconds: 1, nanoseconds: 1) - Time(seconds: 0, nanoseconds: 2) == .nanoseconds(999_999_999))
        #expect(Time(seconds: 1) - .milliseconds(1) == Time(seconds: 0, nanoseconds: 999_000_000))
        #expect(Time(seconds: 1_700_000_000).civil.weekday == 2)
    }

    @Test(arguments: ["", "2023-02-29T00:00:00Z", "2023-11-14", "2023-11-14T24:00:00Z", "2023-11-14T00:00:00", "x"])
    func refused(_ text: String) { #expect(Time(text) == nil) }

    @Test func virtualTimeWakesInOrder() async throws {
        let clock = VirtualTime()
        async let slept: Void = clock.sleep(for: .seconds(60))
        while clock.sleepers == 0 { await Task.yield() }
        clock.advance(by: .seconds(59))
        #expect(clock.sleepers == 1)
        clock.advance(by: .seconds(1))
        try await slept
    }
}
