import Glibc

/// What the kernel tells of a process (proc(5)).
package struct ProcessState: Sendable {
    /// When it started, in clock ticks since boot: who has the same number and another start is another process.
    package let startTicks: Int
    /// Whether it is dead, and only its number is left until its parent asks how it ended.
    package let isDead: Bool
    private let process: Int32
    private let isExiting: Bool

    /// - Returns: nil where there is no such process.
    package init?(of process: Int32) {
        guard process > 0, let text = Files.text("/proc/\(process)/stat"), let name = text.lastIndex(of: ")") else {
            return nil
        }
        // The name may hold anything; the fields after it begin with the third.
        let fields = text[text.index(after: name)...].split(separator: " ")
        guard fields.count > 19, let flags = UInt64(fields[6]), let ticks = Int(fields[19]) else { return nil }
        startTicks = ticks
        isDead = fields[0] == "Z" || fields[0] == "X"
        isExiting = flags & ProcessState.exiting != 0
        self.process = process
    }

    /// Whether it is dead, or the kernel takes it apart, or is about to; asks once more, and few want to know.
    package var isEnding: Bool { isDead || isExiting || ProcessState.isKilled(process) }

    /// PF_EXITING of the kernel's sched.h.
    private static let exiting: UInt64 = 0x4

    /// Whether it has a SIGKILL that it has not felt yet; the signals of the whole process are told in this file alone.
    private static func isKilled(_ process: pid_t) -> Bool {
        guard let text = Files.text("/proc/\(process)/status") else { return true }
        return text.split(separator: "\n").contains { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count == 2, words[0] == "ShdPnd:" || words[0] == "SigPnd:" else { return false }
            return (UInt64(words[1], radix: 16) ?? 0) & 1 << UInt64(SIGKILL - 1) != 0
        }
    }
}

/// The time at which a process started, in clock ticks since boot; nil where there is no such process, or a dead one.
func startTicks(of process: pid_t) -> Int? {
    ProcessState(of: process).flatMap { $0.isDead ? nil : $0.startTicks }
}
