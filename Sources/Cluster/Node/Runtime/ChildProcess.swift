import CLinux
import Glibc

/// A program that the node has started, with a descriptor that tells of its end.
struct ChildProcess: Sendable {
    let process: pid_t
    let pidfd: Int32

    /// Starts a program; descriptor N of it is `descriptors[N]`, and it gets no other.
    static func start(_ arguments: [String], descriptors: [Int32]) throws -> ChildProcess {
        var words = arguments.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), nil]
        defer { for word in words + environment { free(word) } }
        var process = pid_t()
        var pidfd: Int32 = -1
        guard
            helmctl_spawn(
                arguments[0], &words, &environment, descriptors, Int32(descriptors.count), &process, &pidfd) == 0
        else { throw NodeError.system("start", arguments[0]) }
        return ChildProcess(process: process, pidfd: pidfd)
    }

    /// Waits for the end, and returns the exit status, 128 + signal where a signal ended it.
    func status() async throws -> Int32 {
        defer { close(pidfd) }
        do {
            try await DescriptorWatcher.shared.wait(for: pidfd)
        } catch {
            // Nobody waits any more: it must not go on without anybody.
            helmctl_pidfd_signal(pidfd, SIGKILL)
            helmctl_pidfd_reap(pidfd)
            throw error
        }
        return helmctl_pidfd_reap(pidfd)
    }

    /// Runs a program to its end and returns its status with what it printed, standard error included.
    ///
    /// - Parameter limit: the most bytes of output that are kept.
    static func output(of arguments: [String], limit: Int = 16 << 10) async throws -> (status: Int32, text: String) {
        var pipes: [Int32] = [-1, -1]
        guard pipe(&pipes) == 0 else { throw NodeError.system("pipe", arguments[0]) }
        defer { close(pipes[0]) }
        _ = fcntl(pipes[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(pipes[1], F_SETFD, FD_CLOEXEC)
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        let child: ChildProcess
        do {
            child = try start(arguments, descriptors: [nothing, pipes[1], pipes[1]])
        } catch {
            close(pipes[1])
            throw error
        }
        close(pipes[1])
        let text = await collect(pipes[0], limit)
        return (try await child.status(), text)
    }

    private static func collect(_ pipe: Int32, _ limit: Int) async -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while (try? await DescriptorWatcher.shared.wait(for: pipe)) != nil {
            let count = read(pipe, &chunk, chunk.count)
            if count <= 0 { break }
            if bytes.count < limit { bytes += chunk[..<min(count, limit - bytes.count)] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
