import Glibc

/// A process that reads bytes and writes others.
struct FilterProcess {
    private let program: String
    private let arguments: [String]
    private let environment: [String]

    /// - Parameter environment: `NAME=VALUE`, besides what this process has.
    init(_ program: String, _ arguments: [String], _ environment: [String]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// What the process left.
    struct Outcome {
        var status: Int32
        var output: [UInt8]
        var errors: [UInt8]
    }

    private func failure(_ words: String) -> LoadFailure { LoadFailure(.unreadable, program, words) }

    /// Runs the process to its end.
    func run(_ input: [UInt8]) throws(LoadFailure) -> Outcome {
        var pipes: [[Int32]] = []
        for _ in 0..<3 {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw failure("pipe: \(String(cString: strerror(errno)))") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            pipes.append(ends)
        }
        let child = try spawn(pipes)
        close(pipes[0][0])
        close(pipes[1][1])
        close(pipes[2][1])
        signal(SIGPIPE, SIG_IGN)
        let (output, errors) = exchange(input, pipes[0][1], pipes[1][0], pipes[2][0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let isKilled = status & 0x7F != 0
        return Outcome(
            status: isKilled ? 128 + (status & 0x7F) : (status >> 8) & 0xFF, output: output, errors: errors)
    }

    private func spawn(_ pipes: [[Int32]]) throws(LoadFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) }
        defer { for word in words + variables { free(word) } }
        var all = variables
        var index = 0
        while let entry = environ[index] {
            all.append(entry)
            index += 1
        }
        all.append(nil)
        var child: pid_t = 0
        let status = posix_spawnp(&child, program, &actions, nil, &words, &all)
        guard status == 0 else {
            for end in pipes.joined() { close(end) }
            throw failure("fork/exec \(program): \(String(cString: strerror(status)).lowercased())")
        }
        return child
    }

    /// Writes and reads at once, for a process may write before it has read all.
    private func exchange(_ input: [UInt8], _ sink: Int32, _ source: Int32, _ complaints: Int32) -> ([UInt8], [UInt8]) {
        var (output, errors): ([UInt8], [UInt8]) = ([], [])
        var written = 0
        var polled = [
            pollfd(fd: sink, events: Int16(POLLOUT), revents: 0), pollfd(fd: source, events: Int16(POLLIN), revents: 0),
            pollfd(fd: complaints, events: Int16(POLLIN), revents: 0),
        ]
        _ = fcntl(sink, F_SETFL, O_NONBLOCK)
        while polled[1].fd >= 0 || polled[2].fd >= 0 {
            if polled[0].fd >= 0, written == input.count { finish(&polled[0]) }
            guard poll(&polled, 3, -1) >= 0 || errno == EINTR else { break }
            if polled[0].fd >= 0, polled[0].revents != 0 { write(input, &written, &polled[0]) }
            if polled[1].fd >= 0, polled[1].revents != 0 { read(into: &output, &polled[1]) }
            if polled[2].fd >= 0, polled[2].revents != 0 { read(into: &errors, &polled[2]) }
        }
        for index in 0..<3 where polled[index].fd >= 0 { finish(&polled[index]) }
        return (output, errors)
    }

    private func finish(_ entry: inout pollfd) {
        close(entry.fd)
        entry.fd = -1
    }

    private func write(_ input: [UInt8], _ written: inout Int, _ entry: inout pollfd) {
        let count = input.withUnsafeBytes { buffer in
            Glibc.write(entry.fd, buffer.baseAddress.map { $0 + written }, buffer.count - written)
        }
        if count >= 0 { written += count } else if errno != EAGAIN, errno != EINTR { finish(&entry) }
    }

    private func read(into bytes: inout [UInt8], _ entry: inout pollfd) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(entry.fd, &buffer, buffer.count)
        if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { finish(&entry) }
    }
}
