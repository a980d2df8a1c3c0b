import API
import Testing

@testable import Controllers

struct SettlingTests {
    @Test func manyChangesInASecondRestLonger() {
        let settling = Settling(calm: .milliseconds(2), busy: .milliseconds(5), few: 3)
        let activity = Activity(settling)
        let start = Time(seconds: 1_800_000_000)
        let rests = [0, 100, 200, 300, 400, 2000, 2001, 2002, 2003].map { activity.rest(at: start + .milliseconds($0)) }
        #expect(rests.map { $0 / .milliseconds(1) } == [2, 2, 2, 5, 5, 2, 2, 2, 5])
    }

    @Test func noRestIsNone() {
        let activity = Activity(.none)
        #expect((0..<20).allSatisfy { activity.rest(at: Time(seconds: $0)) == .zero })
    }
}
