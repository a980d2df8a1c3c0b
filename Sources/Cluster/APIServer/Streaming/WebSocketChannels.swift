import API
import Client
import Document

/// The channels of a WebSocket connection: each message begins with the number of the channel that it belongs to
/// (apimachinery's httpstream/wsstream and client-go's remotecommand).
struct WebSocketChannels: Sendable {
    /// A subprotocol, by its name.
    struct Flavour: Sendable {
        let name: String
        /// Of the remote command protocol.
        let version: Int
        /// Whether messages are texts, with a digit for the channel and base64 for the bytes.
        let isText: Bool

        /// The best first.
        static let all = [
            Flavour(name: "v5.channel.k8s.io", version: 5, isText: false),
            Flavour(name: "v4.channel.k8s.io", version: 4, isText: false),
            Flavour(name: "v4.base64.channel.k8s.io", version: 4, isText: true),
            Flavour(name: "channel.k8s.io", version: 1, isText: false),
            Flavour(name: "base64.channel.k8s.io", version: 1, isText: true),
        ]
    }

    /// In the fifth version this number says that the channel named next has come to its end.
    private static let closing: UInt8 = 255
    /// Each takes two channels.
    private static let mostPorts = 100

    private let flavour: Flavour
    private let send: @Sendable ([UInt8]) async throws -> Void
    private let plan: StreamPlan
    /// What the client may send on; there from the start, for its first message may come at once.
    private let inputs: [UInt8: HandOver<[UInt8]>]

    /// - Parameter send: writes a message to the client, and returns once it is on its way.
    init(_ flavour: Flavour, _ plan: StreamPlan, send: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.flavour = flavour
        self.plan = plan
        self.send = send
        let channels =
            switch plan {
            case .command(let command): command.streams(flavour.version).intersection([.input, .size]).map(\.rawValue)
            case .ports(_, let ports): ports.indices.prefix(WebSocketChannels.mostPorts).map { UInt8(2 * $0) }
            }
        inputs = Dictionary(uniqueKeysWithValues: channels.map { ($0, HandOver()) })
    }

    /// Takes a message from the client; it is called for one message after the other.
    func take(_ message: [UInt8]) async {
        guard let first = message.first else { return }
        if flavour.version >= 5, first == WebSocketChannels.closing {
            if message.count > 1 { inputs[message[1]]?.finish() }
            return
        }
        let channel = flavour.isText ? first &- UInt8(ascii: "0") : first
        guard let input = inputs[channel] else { return }
        let rest = Array(message.dropFirst())
        guard flavour.isText else {
            if !rest.isEmpty { await input.give(rest) }
            return
        }
        if let bytes = Base64.decode(rest) { await input.give(bytes) }
    }

    /// The client sends no more.
    func end() {
        for input in inputs.values { input.finish() }
    }

    private func write(_ bytes: [UInt8], to channel: UInt8) async throws {
        guard flavour.isText else { return try await send([channel] + bytes) }
        try await send([channel + UInt8(ascii: "0")] + Base64.encode(bytes))
    }
}

extension WebSocketChannels {
    /// Serves what was planned until it is over, or the client has gone.
    func serve() async {
        switch plan {
        case .command(let command): await serve(command)
        case .ports(let forward, let ports): await serve(forward, ports)
        }
    }

    private func serve(_ command: RemoteCommand) async {
        let streams = command.streams(flavour.version)
        let input = inputs[RemoteCommand.Stream.input.rawValue]
        let sizes = inputs[RemoteCommand.Stream.size.rawValue]
        // An empty message on the first channel that can be written to tells the client that all is ready.
        let first = [RemoteCommand.Stream.output, .errors].first(where: streams.contains) ?? .outcome
        try? await write([], to: first.rawValue)
        let outcome = await command.run(input: input, sizes: sizes) { stream, bytes in
            try await self.write(bytes, to: stream.rawValue)
        }
        try? await write(outcome.bytes(flavour.version), to: RemoteCommand.Stream.outcome.rawValue)
    }

    /// Each port has two channels, data and errors, which begin with the port's number, low byte first.
    private func serve(_ forward: PortForward, _ ports: [Int]) async {
        await withDiscardingTaskGroup { group in
            for (index, port) in ports.prefix(WebSocketChannels.mostPorts).enumerated() {
                let (data, errors) = (UInt8(2 * index), UInt8(2 * index + 1))
                guard let input = inputs[data] else { continue }
                group.addTask {
                    let number = [UInt8(port & 255), UInt8(port >> 8 & 255)]
                    for channel in [data, errors] { try? await self.write(number, to: channel) }
                    let failure = await forward.run(port: port, input: input) { try await self.write($0, to: data) }
                    if let failure { try? await self.write(Array(failure.utf8), to: errors) }
                }
            }
        }
    }
}
