import CLinux
import Glibc
import Testing

@testable import ControlPlane

/// What the server does with memory that it no longer needs.
struct MemoryTests {
    @Test func pagesBetweenBlocksInUseGoBack() throws {
        let size = 4 << 10
        // Every sixteenth stays in use, so that nothing can be taken off the end.
        let blocks = (0..<20_000).map { _ in malloc(size) }
        for block in blocks { memset(try #require(block), 1, size) }
        for (index, block) in blocks.enumerated() where index % 16 != 0 { free(block) }
        defer { for (index, block) in blocks.enumerated() where index % 16 == 0 { free(block) } }
        #expect(helmctl_return_memory(1 << 40) == 0)
        #expect(helmctl_return_memory(32 << 20) > 32 << 20)
    }

    /// A burst waits for its end, or for a minute.
    @Test func memoryGoesBackWhenTheStoreIsQuiet() {
        var rhythm = MemoryReturn.Rhythm(1_000)
        func looks(_ revisions: some Sequence<Int64>) -> [Bool] { revisions.map { rhythm.isTime(at: $0) } }
        #expect(looks([1_000, 1_200]) == [true, true])
        let burst = looks((1...62).map { 1_200 + 201 * $0 })
        #expect(burst.indices.filter { burst[$0] } == [30, 61])
        #expect(looks([20_000, 20_001]) == [false, true])
    }
}
