import CLinux

/// How the process takes memory from the system.
package enum ProcessMemory {
    /// Lets a command that renders and ends take memory in large pieces and keep it.
    package static func expectGrowth() { helmctl_expect_growth() }
}
