import API
import Client
import Document

/// A program that a client runs in a container, or a container that it attaches to (core's PodExecOptions and
/// PodAttachOptions).
struct RemoteCommand: Sendable {
    /// The streams between client and process; the numbers are those of WebSocket's channels.
    enum Stream: UInt8, CaseIterable, Sendable {
        case input, output, errors, outcome, size

        /// What SPDY's streams are called (`streamtype`).
        var name: String {
            switch self {
            case .input: "stdin"
            case .output: "stdout"
            case .errors: "stderr"
            case .outcome: "error"
            case .size: "resize"
            }
        }
    }

    let node: any NodeConnection
    let pod: Value
    let container: String
    /// Nil where the container's own process is meant.
    let program: [String]?
    private let wanted: Set<Stream>
    let isTerminal: Bool

    init(node: any NodeConnection, pod: Value, container: String, _ query: Query, attaches: Bool) throws(Status) {
        self.node = node
        self.pod = pod
        self.container = container
        program = attaches ? nil : query.all("command")
        isTerminal = query.flag("tty")
        var wanted: Set<Stream> = [.outcome]
        if query.flag("stdin") { wanted.insert(.input) }
        if query.flag("stdout") { wanted.insert(.output) }
        // A terminal has no stream of errors of its own.
        if query.flag("stderr"), !isTerminal { wanted.insert(.errors) }
        guard wanted.count > 1 else {
            throw .badRequest("you must specify at least 1 of stdin, stdout, stderr")
        }
        guard program?.isEmpty != true else {
            throw .badRequest("you must specify at least 1 command for the container")
        }
        self.wanted = wanted
    }

    /// The streams that there are.
    ///
    /// - Parameter protocolVersion: of the remote command protocol; sizes came with the third.
    func streams(_ protocolVersion: Int) -> Set<Stream> {
        isTerminal && protocolVersion >= 3 ? wanted.union([.size]) : wanted
    }

    /// Runs to the end, and says how that was.
    ///
    /// - Parameters:
    ///   - input: what comes on `stdin`; nil where there is none.
    ///   - write: writes to a stream.
    func run(
        input: HandOver<[UInt8]>?, sizes: HandOver<[UInt8]>?,
        write: @escaping @Sendable (Stream, [UInt8]) async throws -> Void
    ) async -> Outcome {
        let parsed = sizes.map { _ in HandOver<ProcessStreams.Size>() }
        let reading = Task { await RemoteCommand.parse(sizes, into: parsed) }
        defer { for queue in [input, sizes] { queue?.finish() } }
        func writer(_ stream: Stream) -> ProcessStreams.Writer? {
            guard wanted.contains(stream) else { return nil }
            return { bytes in try await write(stream, bytes) }
        }
        let streams = ProcessStreams(
            input: input, sizes: parsed, output: writer(.output), errors: writer(.errors), isTerminal: isTerminal)
        let outcome = await run(streams)
        parsed?.finish()
        reading.cancel()
        return outcome
    }

    private func run(_ streams: ProcessStreams) async -> Outcome {
        do {
            guard let program else {
                try await node.attach(to: container, of: pod, streams)
                return .exited(0)
            }
            return .exited(try await node.execute(program, in: container, of: pod, streams))
        } catch let status as Status {
            return .failed(status)
        } catch {
            return .failed(.internalError("error executing command in container: \(error)"))
        }
    }

    /// Sizes come as JSON objects, one after the other, in pieces of any length.
    private static func parse(_ bytes: HandOver<[UInt8]>?, into sizes: HandOver<ProcessStreams.Size>?) async {
        var buffer: [UInt8] = []
        while let piece = await bytes?.take() {
            buffer += piece
            while let end = buffer.firstIndex(of: UInt8(ascii: "}")) {
                let object = try? JSON.parse(Array(buffer[...end]))
                buffer.removeSubrange(...end)
                guard let width = object?["Width"]?.int, let height = object?["Height"]?.int else { continue }
                await sizes?.give(.init(width: UInt16(clamping: width), height: UInt16(clamping: height)))
            }
            if buffer.count > 4096 { return }
        }
    }
}

extension RemoteCommand {
    /// How a command ended.
    enum Outcome: Sendable {
        case exited(Int32)
        case failed(Status)

        /// What is written to the stream `error`: a Status from the fourth version of the protocol on, a text of what
        /// went wrong before that (client-go's tools/remotecommand).
        func bytes(_ protocolVersion: Int) -> [UInt8] {
            guard protocolVersion >= 4 else { return Array(text.utf8) }
            return JSON.write(status)
        }

        private var text: String {
            switch self {
            case .exited(0): ""
            case .exited(let code): "command terminated with non-zero exit code: exit status \(code)"
            case .failed(let status): status.message
            }
        }

        private var status: Value {
            switch self {
            case .exited(0): ["metadata": [:], "status": "Success"]
            case .exited(let code):
                [
                    "metadata": [:], "status": "Failure", "message": .string(text), "reason": "NonZeroExitCode",
                    "details": ["causes": [["reason": "ExitCode", "message": .string("\(code)")]]],
                ]
            case .failed(let status): status.value
            }
        }
    }
}
