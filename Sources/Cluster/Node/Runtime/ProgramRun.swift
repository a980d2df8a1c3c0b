import CLinux
import Client
import Glibc
import Synchronization

/// One run of a further program in a container, with streams that a client holds the other ends of.
struct ProgramRun: Sendable {
    let runtime: ContainerRuntime
    let id: String
    let folder: ContainerFolder
    let streams: PodPrograms.Streams

    /// So long is read on after the program's end: something that it has left behind may hold the other end for ever.
    private static let patience = Duration.seconds(2)

    func run(_ program: [String]) async throws -> Int32 {
        let complaints = "\(runtime.root)/exec-\(UInt64.random(in: 0 ... .max)).log"
        defer { unlink(complaints) }
        let status =
            streams.sizes == nil ? try await piped(program, complaints) : try await terminal(program, complaints)
        if status != 0, let why = Files.text(complaints).flatMap(ContainerFolder.complaint) {
            throw NodeError(.runtime, "failed to exec in container: \(why)")
        }
        return status
    }

    private func start(_ process: ProcessFile, _ complaints: String, _ descriptors: [Int32]) throws -> ChildProcess {
        let flags = streams.sizes == nil ? [] : ["--tty"]
        return try ChildProcess.start(
            runtime.command(["--log", complaints, "exec", "--process", process.path] + flags + [id]),
            descriptors: descriptors)
    }

    private func piped(_ program: [String], _ complaints: String) async throws -> Int32 {
        let process = try ProcessFile(program, in: folder, runtime: runtime)
        defer { withExtendedLifetime(process) {} }
        let (input, output, errors) = (try Pipe.pair(), try Pipe.pair(), try Pipe.pair())
        let (ours, child): ([Pipe], ChildProcess)
        let feeding = feed(Pipe(input.writing))
        defer { feeding.cancel() }
        do {
            defer { for end in [input.reading, output.writing, errors.writing] { close(end) } }
            ours = [Pipe(output.reading), Pipe(errors.reading)]
            child = try start(process, complaints, [input.reading, output.writing, errors.writing])
        }
        return try await attend(child, reading: [(ours[0], streams.output), (ours[1], streams.errors)])
    }

    /// The runtime passes on what it gets from a terminal of ours to the one that it makes in the container.
    private func terminal(_ program: [String], _ complaints: String) async throws -> Int32 {
        var (inner, outer): (Int32, Int32) = (-1, -1)
        guard helmctl_open_terminal(&inner, &outer) == 0 else { throw NodeError.system("make", "a terminal") }
        let ours = Pipe(outer)
        let window = TerminalWindow(ours)
        let sizing = Task { [sizes = streams.sizes] in
            while let size = await sizes?.take() { window.set(size.rows, size.columns) }
        }
        defer { sizing.cancel() }
        let (process, child): (ProcessFile, ChildProcess)
        do {
            defer { close(inner) }
            await window.firstSize()
            process = try ProcessFile(program, in: folder, hasTerminal: true, size: window.size, runtime: runtime)
            child = try start(process, complaints, [inner, inner, inner])
        }
        // The file has to lie there until the runtime has read it.
        defer { withExtendedLifetime(process) {} }
        window.tell(child)
        let feeding = feed(ours)
        defer { feeding.cancel() }
        return try await attend(child, reading: [(ours, streams.output)])
    }

    /// Gives the program what the client sends; the end of that closes the pipe, which is its end of input.
    private func feed(_ pipe: Pipe) -> Task<Void, Never> {
        let input = streams.input
        return Task { [pipe] in
            while let bytes = await input?.take() {
                guard (try? await pipe.write(bytes)) == true else { break }
            }
            input?.finish()
        }
    }

    private func attend(
        _ child: ChildProcess, reading: [(pipe: Pipe, writer: PodPrograms.Streams.Writer?)]
    ) async throws -> Int32 {
        let copies = reading.map { pipe, writer in
            Task {
                while case let bytes = try await pipe.read(), !bytes.isEmpty { try await writer?(bytes) }
            }
        }
        let status: Int32
        do { status = try await child.status() } catch {
            for copy in copies { copy.cancel() }
            throw error
        }
        for copy in copies { try? await withDeadline(ProgramRun.patience, "the last output") { try await copy.value } }
        for copy in copies { copy.cancel() }
        return status
    }
}

/// The size of a terminal, and the program that is told when it changes.
private final class TerminalWindow: Sendable {
    private let terminal: Pipe
    private let first = HandOver<Void>()
    private let known = Mutex<(rows: UInt16, columns: UInt16)?>(nil)
    /// A descriptor of our own, so that it means the program also when that has been collected.
    private let program = Mutex<Int32>(-1)

    init(_ terminal: Pipe) { self.terminal = terminal }

    deinit { program.withLock { if $0 >= 0 { _ = close($0) } } }

    /// Waits a moment for the client's first size, so that the program finds it; clients need not send any.
    func firstSize() async {
        try? await withDeadline(.seconds(1), "the terminal's size") { [first] in _ = await first.take() }
    }

    var size: (rows: UInt16, columns: UInt16)? { known.withLock { $0 } }

    func set(_ rows: UInt16, _ columns: UInt16) {
        known.withLock { $0 = (rows, columns) }
        helmctl_set_terminal_size(terminal.descriptor, rows, columns)
        first.finish()
        program.withLock { if $0 >= 0 { helmctl_pidfd_signal($0, SIGWINCH) } }
    }

    func tell(_ child: ChildProcess) {
        program.withLock { program in
            program = fcntl(child.pidfd, F_DUPFD_CLOEXEC, 3)
            // The size may have changed since the program looked for it.
            if program >= 0 { helmctl_pidfd_signal(program, SIGWINCH) }
        }
    }
}
