import API
import Client

extension SpdySession {
    /// The versions of the remote command protocol that are spoken over SPDY, the best first.
    static let commandProtocols = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"]
    static let forwardProtocol = "portforward.k8s.io"

    /// Serves what was planned until it is over, or the client has gone.
    nonisolated func serve(_ plan: StreamPlan, _ version: Int) async {
        switch plan {
        case .command(let command): await serve(command, version)
        case .ports(let forward, _): await serve(forward)
        }
    }

    private nonisolated func serve(_ command: RemoteCommand, _ version: Int) async {
        let needed = command.streams(version)
        var streams: [RemoteCommand.Stream: Stream] = [:]
        while streams.count < needed.count, let stream = await opened.take() {
            let kind = RemoteCommand.Stream.allCases.first { $0.name == stream.headers["streamtype"] }
            if let kind, needed.contains(kind) { streams[kind] = stream }
        }
        guard streams.count == needed.count, let told = streams[.outcome] else { return }
        let known = streams
        let outcome = await command.run(input: streams[.input]?.input, sizes: streams[.size]?.input) { kind, bytes in
            if let stream = known[kind] { try await self.write(bytes, to: stream) }
        }
        for kind in [RemoteCommand.Stream.output, .errors] {
            if let stream = streams[kind] { try? await write([], to: stream, isLast: true) }
        }
        try? await write(outcome.bytes(version), to: told, isLast: true)
    }

    /// Each connection has a stream of data and one of errors, which bear the same number (`requestID`).
    private nonisolated func serve(_ forward: PortForward) async {
        await withDiscardingTaskGroup { group in
            var halves: [String: Stream] = [:]
            while let stream = await opened.take() {
                let id = stream.headers["requestid"] ?? ""
                guard let other = halves.removeValue(forKey: id) else {
                    halves[id] = stream
                    continue
                }
                let isData = stream.headers["streamtype"] == "data"
                let (data, errors) = isData ? (stream, other) : (other, stream)
                group.addTask { await self.copy(forward, data, errors) }
            }
            group.cancelAll()
        }
    }

    private nonisolated func copy(_ forward: PortForward, _ data: Stream, _ errors: Stream) async {
        let port = Int(data.headers["port"] ?? "") ?? 0
        let failure = await forward.run(port: port, input: data.input) { try await self.write($0, to: data) }
        if let failure { try? await write(Array(failure.utf8), to: errors) }
        for stream in [errors, data] {
            try? await write([], to: stream, isLast: true)
            await forget(stream)
        }
    }
}
