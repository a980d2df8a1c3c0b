import API
import Client
import Synchronization
import TestSupport
import Testing

struct WorkQueueTests {
    private struct Refused: Error {}

    @Test func eachKeyIsWorkedOnOnceThoughAddedTwice() async throws {
        let queue = WorkQueue(clock: VirtualTime())
        let seen = Mutex<[String]>([])
        for key in ["a", "b", "a"] { queue.add(key) }
        let task = Task {
            await queue.run { key in
                seen.withLock { $0.append(key) }
                return nil
            }
        }
        try await wait(for: "both keys") { queue.isIdle }
        #expect(seen.withLock { $0 } == ["a", "b"])
        task.cancel()
        await task.value
    }

    @Test func failuresPauseLongerEachTime() async throws {
        let clock = VirtualTime()
        let queue = WorkQueue(clock: clock, base: .seconds(1))
        let tries = Mutex(0)
        queue.add("a")
        let task = Task {
            await queue.run { _ in
                tries.withLock { $0 += 1 }
                throw Refused()
            }
        }
        for (count, pause) in [(1, 1), (2, 2), (3, 4)] {
            try await wait(for: "try \(count)") { tries.withLock { $0 } == count && clock.sleepers == 1 }
            clock.advance(by: .milliseconds(pause * 1000 - 1))
            #expect(clock.sleepers == 1)
            clock.advance(by: .milliseconds(1))
        }
        task.cancel()
        await task.value
    }
}
