import API
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// The protocols to which a connection may change: WebSocket (RFC 6455), and SPDY/3.1, which clients of before 2024
/// know alone.
///
/// What a request may do is judged before the change; one that is refused goes on as a common request and is answered
/// there in words.
struct Upgrades: Sendable {
    /// A request that is not worth a change of protocol.
    struct Refused: Error {}

    /// The longest message of a client; kubectl writes 32 KiB at most.
    private static let longestMessage = 1 << 20

    let plan: @Sendable (HTTPRequestHead) -> StreamPlan?
    let proxied: @Sendable (HTTPRequestHead) -> ProxiedUpgrade.Asking?
    let watching: @Sendable (HTTPRequestHead) -> Watching?

    /// For one connection.
    var all: [any HTTPServerProtocolUpgrader & Sendable] {
        [ProxiedUpgrade(SpdyUpgrade(plan: plan), asking: proxied), ProxiedUpgrade(webSocket, asking: proxied)]
    }

    private var webSocket: NIOWebSocketServerUpgrader {
        let (plan, watching) = (plan, watching)
        let chosen = Chosen<WebSocketProtocol>()
        return NIOWebSocketServerUpgrader(
            maxFrameSize: Upgrades.longestMessage, automaticErrorHandling: true,
            shouldUpgrade: { channel, head in
                chosen.value.withLock { $0 = WebSocketProtocol(head, plan) ?? WebSocketProtocol(head, watching) }
                return channel.eventLoop.makeSucceededFuture(chosen.value.withLock { $0?.headers })
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard let spoken = chosen.value.withLock({ $0 }) else { throw Refused() }
                    try spoken.start(on: channel)
                }
            })
    }
}

/// What was settled when a request was judged, for the moment when its connection changes.
private final class Chosen<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}

/// SPDY/3.1 right on the socket.
private final class SpdyUpgrade: HTTPServerProtocolUpgrader, Sendable {
    let supportedProtocol = "SPDY/3.1"
    let requiredUpgradeHeaders: [String] = []
    private let plan: @Sendable (HTTPRequestHead) -> StreamPlan?
    private let chosen = Mutex<(plan: StreamPlan, version: Int)?>(nil)

    init(plan: @escaping @Sendable (HTTPRequestHead) -> StreamPlan?) { self.plan = plan }

    func buildUpgradeResponse(
        channel: any Channel, upgradeRequest head: HTTPRequestHead, initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        guard let plan = plan(head), let name = SpdyUpgrade.name(plan, head) else {
            return channel.eventLoop.makeFailedFuture(Upgrades.Refused())
        }
        chosen.withLock { $0 = (plan, SpdyUpgrade.version(of: name)) }
        var headers = initialResponseHeaders
        headers.replaceOrAdd(name: "X-Stream-Protocol-Version", value: name)
        return channel.eventLoop.makeSucceededFuture(headers)
    }

    /// The best that both sides know; clients that name none mean the first (apimachinery's httpstream.Handshake).
    private static func name(_ plan: StreamPlan, _ head: HTTPRequestHead) -> String? {
        let known =
            if case .command = plan { SpdySession.commandProtocols } else { [SpdySession.forwardProtocol] }
        let offered = head.headers[canonicalForm: "x-stream-protocol-version"].map(String.init)
        return offered.isEmpty ? known.last : known.first(where: offered.contains)
    }

    private static func version(of name: String) -> Int {
        name.first == "v" ? name.dropFirst().first?.wholeNumberValue ?? 1 : 1
    }

    func upgrade(context: ChannelHandlerContext, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<Void> {
        let (channel, chosen) = (context.channel, chosen.withLock { $0 })
        return channel.eventLoop.makeCompletedFuture {
            guard let chosen else { throw Upgrades.Refused() }
            let wire = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            Task {
                try await wire.executeThenClose { inbound, _ in
                    let session = SpdySession { bytes in
                        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
                    }
                    await session?.converse(inbound, chosen.plan, chosen.version)
                }
            }
        }
    }
}

extension SpdySession {
    /// Reads what comes and serves the plan, until either has ended.
    nonisolated func converse<Source: AsyncSequence & Sendable>(
        _ inbound: Source, _ plan: StreamPlan, _ version: Int
    ) async where Source.Element == ByteBuffer {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { for try await bytes in inbound { try await self.take([UInt8](bytes.readableBytesView)) } } catch {}
                await self.end()
            }
            group.addTask { await self.serve(plan, version) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// What is spoken on a WebSocket connection.
private struct WebSocketProtocol: Sendable {
    private enum Use: Sendable {
        /// The flavour is nil where SPDY lies inside of the messages.
        case streams(StreamPlan, WebSocketChannels.Flavour?)
        case watch(Watching)
    }

    private let use: Use
    /// What the answer says of it.
    let headers: HTTPHeaders

    /// SPDY inside of WebSocket, in which newer clients forward ports.
    private static let tunnel = "SPDY/3.1+\(SpdySession.forwardProtocol)"

    /// The best that both sides know; nil where there is none, or the request is refused.
    init?(_ head: HTTPRequestHead, _ plan: (HTTPRequestHead) -> StreamPlan?) {
        let offered = head.headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
        guard let plan = plan(head) else { return nil }
        if case .ports = plan, offered.contains(WebSocketProtocol.tunnel) {
            use = .streams(plan, nil)
            headers = ["Sec-WebSocket-Protocol": WebSocketProtocol.tunnel]
            return
        }
        let known = WebSocketChannels.Flavour.all
        // Who names no protocol speaks the first version.
        guard let found = known.first(where: { offered.contains($0.name) }) ?? (offered.isEmpty ? known[3] : nil) else {
            return nil
        }
        use = .streams(plan, found)
        headers = offered.isEmpty ? [:] : ["Sec-WebSocket-Protocol": found.name]
    }

    /// A watch, each of whose events is a message: the way of clients in browsers. Nil for all other requests.
    init?(_ head: HTTPRequestHead, _ watching: (HTTPRequestHead) -> Watching?) {
        let offered = head.headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
        guard offered.count < 2, let watching = watching(head) else { return nil }
        use = .watch(watching)
        headers = HTTPHeaders(offered.map { ("Sec-WebSocket-Protocol", $0) })
    }

    func start(on channel: any Channel) throws {
        let aggregator = NIOWebSocketFrameAggregator(
            minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: 1 << 20)
        try channel.pipeline.syncOperations.addHandler(aggregator)
        let wire = try NIOAsyncChannel<WebSocketFrame, WebSocketFrame>(wrappingChannelSynchronously: channel)
        Task {
            try await wire.executeThenClose { inbound, _ in
                switch use {
                case .streams(let plan, let flavour):
                    let socket = WebSocketWire(channel: channel, isText: flavour?.isText ?? false)
                    await socket.converse(inbound, plan, flavour)
                case .watch(let plan): await WebSocketWire(channel: channel, isText: true).converse(inbound, plan)
                }
            }
        }
    }
}

/// Reads and writes the messages of a WebSocket connection.
private struct WebSocketWire: Sendable {
    let channel: any Channel
    let isText: Bool

    private func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(WebSocketFrame(fin: true, opcode: opcode, data: ByteBuffer(bytes: bytes)))
    }

    func converse<Source: AsyncSequence & Sendable>(
        _ inbound: Source, _ plan: StreamPlan, _ flavour: WebSocketChannels.Flavour?
    ) async where Source.Element == WebSocketFrame {
        if let flavour {
            let channels = WebSocketChannels(flavour, plan) { try await send(isText ? .text : .binary, $0) }
            await run(inbound, { await channels.take($0) }, { channels.end() }) { await channels.serve() }
        } else if let session = SpdySession(send: { try await send(.binary, $0) }) {
            await run(inbound, { try await session.take($0) }, { await session.end() }) { await session.serve(plan, 4) }
        }
        await close()
    }

    /// Sends what a watch sees until it or the client is done.
    func converse<Source: AsyncSequence & Sendable>(
        _ inbound: Source, _ plan: Watching
    ) async where Source.Element == WebSocketFrame {
        await run(inbound, { _ in }, {}) {
            do throws(Status) {
                let pull = try WatchPull(plan, seconds: String(plan.seconds))
                while let event = await pull.next() {
                    guard (try? await send(.event(event))) != nil else { return }
                }
            } catch {
                try? await send(WatchSession.errorStep(error))
            }
        }
        await close()
    }

    private func send(_ step: WatchSession.Step) async throws {
        try await send(.text, [UInt8](step.line(.json).bare.readableBytesView))
    }

    private func close() async {
        // 1000: the purpose is fulfilled (RFC 6455, 7.4.1).
        try? await send(.connectionClose, [3, 232])
    }

    private func run<Source: AsyncSequence & Sendable>(
        _ inbound: Source, _ take: @escaping @Sendable ([UInt8]) async throws -> Void,
        _ end: @escaping @Sendable () async -> Void, _ serve: @escaping @Sendable () async -> Void
    ) async where Source.Element == WebSocketFrame {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await read(inbound, take) } catch {}
                await end()
            }
            group.addTask { await serve() }
            await group.next()
            group.cancelAll()
        }
    }

    private func read<Source: AsyncSequence>(
        _ inbound: Source, _ take: ([UInt8]) async throws -> Void
    ) async throws where Source.Element == WebSocketFrame {
        for try await frame in inbound {
            let bytes = [UInt8](frame.unmaskedData.readableBytesView)
            switch frame.opcode {
            case .binary, .text, .continuation: try await take(bytes)
            case .ping: try await send(.pong, bytes)
            case .connectionClose: return
            default: break
            }
        }
    }
}
