import CLinux

/// How the process takes memory from the system.
package enum ProcessMemory {
    /// Lets a command that renders and ends take memory in large pieces and keep it.
    package static func expectGrowth() { helmctl_expect_growth() }

    /// Lets `ahead` make the pages that the next big blocks will stand in: to touch new memory takes as long as to unpack
    /// an archive into it.
    package static func makePages(bytes: Int, _ ahead: WorkAhead) {
        guard let start = helmctl_grow_heap(bytes) else { return }
        let address = UInt(bitPattern: start)
        _ = ahead.add(weight: bytes) { helmctl_make_pages(UnsafeMutableRawPointer(bitPattern: address), bytes) }
    }
}
