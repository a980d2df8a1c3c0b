import Client
import TestSupport
import Testing

/// Values pass from one task to another, one at a time.
struct HandOverTests {
    @Test func valuesComeInOrderAndNoneIsLost() async {
        let queue = HandOver<Int>()
        let giver = Task {
            for number in 0..<1000 { await queue.give(number) }
            queue.finish()
        }
        var taken: [Int] = []
        while let number = await queue.take() { taken.append(number) }
        await giver.value
        #expect(taken == Array(0..<1000))
    }

    @Test func whoGivesWaitsUntilItIsTaken() async {
        let queue = HandOver<Int>()
        let given = HandOver<Bool>()
        let giver = Task {
            let isTaken = await queue.give(1)
            await given.give(isTaken)
        }
        #expect(await queue.take() == 1)
        #expect(await given.take() == true)
        await giver.value
    }

    @Test func theEndFreesBothSides() async {
        let (full, empty) = (HandOver<Int>(), HandOver<Int>())
        let giver = Task { await full.give(1) }
        let taker = Task { await empty.take() }
        full.finish()
        empty.finish()
        #expect(await giver.value == false)
        #expect(await taker.value == nil)
        #expect(await full.give(2) == false)
    }

    @Test(arguments: 0..<50) func cancellationFreesWhoWaits(_ turn: Int) async {
        let (full, empty) = (HandOver<Int>(), HandOver<Int>())
        let giver = Task { await full.give(1) }
        let taker = Task { await empty.take() }
        for _ in 0..<turn % 5 { await Task.yield() }
        giver.cancel()
        taker.cancel()
        #expect(await giver.value == false)
        #expect(await taker.value == nil)
    }
}
