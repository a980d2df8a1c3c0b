import API
import APIServer
import Client
import Document
import Node

/// How the API reaches the containers of this machine: their files, processes and networks need no agent.
struct MachineConnection: NodeConnection {
    private let logs: PodLogs
    private let programs: PodPrograms

    init(_ folder: DataFolder) {
        logs = PodLogs(cluster: folder.id, folder: folder.node)
        programs = PodPrograms(cluster: folder.id, folder: folder.node)
    }

    func log(of pod: Value, _ options: LogOptions) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        let ago = options.sinceSeconds.map { SystemTime().now - .seconds($0) }
        return try refusing {
            try logs.read(
                pod, container: options.container,
                PodLogs.Options(
                    follow: options.isFollowed, previous: options.isPrevious, timestamps: options.hasTimestamps,
                    since: options.sinceTime.flatMap { Time($0) } ?? ago, tail: options.tailLines,
                    limitBytes: options.limitBytes))
        }
    }

    func execute(
        _ program: [String], in container: String, of pod: Value, _ streams: ProcessStreams
    ) async throws -> Int32 {
        try await passing(streams) { try await programs.execute(program, in: container, of: pod, $0) }
    }

    func attach(to container: String, of pod: Value, _ streams: ProcessStreams) async throws {
        try await passing(streams) { streams in
            do { try await programs.attach(to: container, of: pod, streams) } catch let error as NodeError {
                throw Status.badRequest(error.message)
            }
        }
    }

    /// Sizes are passed on for as long as the work takes.
    private func passing<Result>(
        _ streams: ProcessStreams, _ work: (PodPrograms.Streams) async throws -> Result
    ) async throws -> Result {
        let sizes = streams.isTerminal ? HandOver<(rows: UInt16, columns: UInt16)>() : nil
        let passing = Task {
            while let size = await streams.sizes?.take() { await sizes?.give((size.height, size.width)) }
        }
        defer {
            passing.cancel()
            sizes?.finish()
        }
        return try await work(.init(input: streams.input, output: streams.output, errors: streams.errors, sizes: sizes))
    }

    func forward(
        port: Int, at address: IPv4Address, of pod: Value, input: HandOver<[UInt8]>,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        do {
            try await programs.forward(port: port, at: address, of: pod, input: input, output: output)
        } catch let error as NodeError {
            throw Status(code: 503, reason: .serviceUnavailable, message: error.message)
        }
    }

    private func refusing<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as NodeError {
            throw error.code == .notFound ? Status.badRequest(error.message) : Status.internalError(error.message)
        }
    }
}
