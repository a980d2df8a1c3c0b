import CLinux
import Glibc
import Testing

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
}
