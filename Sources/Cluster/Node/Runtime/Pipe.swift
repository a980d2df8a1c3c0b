import CLinux
import Glibc

/// One end of a pipe, socket or terminal, read and written by tasks without holding a thread while they wait.
final class Pipe: Sendable {
    let descriptor: Int32

    /// Takes the descriptor over, which is closed with this value.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// A pipe's two ends; the program's one blocks, as programs expect.
    static func pair() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw NodeError.system("make", "a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// What is there; empty at the end. A terminal whose program has ended says EIO.
    func read(_ chunk: Int = 32 << 10) async throws -> [UInt8] {
        while true {
            try Task.checkCancellation()
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, written in
                count = Glibc.read(descriptor, buffer.baseAddress, chunk)
                written = max(count, 0)
            }
            if count >= 0 { return bytes }
            if errno == EIO || errno == ECONNRESET { return [] }
            guard errno == EAGAIN || errno == EINTR else { throw NodeError.system("read", "a pipe") }
            try await DescriptorWatcher.shared.wait(for: descriptor)
        }
    }

    /// By a second descriptor, for somebody may be waiting for the first to become readable.
    private func untilWritable() async throws {
        let other = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard other >= 0 else { throw NodeError.system("wait for", "a pipe") }
        defer { close(other) }
        try await DescriptorWatcher.shared.wait(for: other, .writable)
    }

    /// Writes all, and returns false where nobody reads any more.
    func write(_ bytes: [UInt8]) async throws -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                try await untilWritable()
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
