import Glibc

/// A program that a test runs, with its arguments and environment.
public struct Command: Sendable {
    /// What the program left: its exit status (128 + signal when killed) and what it printed.
    public struct Outcome: Sendable {
        public var status: Int32
        public var output: String
        public var errors: String
    }

    let program: String
    let arguments: [String]
    let environment: [String: String]
    let folder: String?

    /// - Parameters:
    ///   - environment: set on top of the test's own.
    ///   - folder: the working folder; the test's own where nil.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], in folder: String? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// Runs the program to its end with `input` as its standard input.
    public func run(input: String = "") throws -> Outcome {
        let files = try (0..<3).map { _ in try anonymousFile() }
        defer { for file in files { close(file) } }
        _ = Array(input.utf8).withUnsafeBytes { write(files[0], $0.baseAddress, $0.count) }
        lseek(files[0], 0, SEEK_SET)
        var process = pid_t()
        let failure = spawn(&process, files)
        guard failure == 0 else {
            errno = failure
            throw SystemFailure("start \(program)")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return Outcome(status: code, output: contents(files[1]), errors: contents(files[2]))
    }

    private func spawn(_ process: inout pid_t, _ files: [Int32]) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, file) in files.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, file, Int32(target))
        }
        // env -C changes the folder; glibc's own file action for it is hidden from Swift.
        let command = folder.map { ["env", "-C", $0, program] } ?? [program]
        var words = (command + arguments).map { strdup($0) } + [nil]
        var settings = mergedEnvironment().map { strdup($0) } + [nil]
        defer { for text in words + settings { free(text) } }
        return posix_spawnp(&process, command[0], &actions, nil, &words, &settings)
    }

    private func mergedEnvironment() -> [String] {
        var result: [String] = []
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if environment[String(line.prefix { $0 != "=" })] == nil { result.append(line) }
            entry += 1
        }
        return result + environment.map { "\($0.key)=\($0.value)" }
    }

    private func anonymousFile() throws -> Int32 {
        var template = Array("/tmp/helmctl-test-command-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw SystemFailure("mkstemp") }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        return file
    }

    private func contents(_ file: Int32) -> String {
        lseek(file, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
