import API
import NIO
import Synchronization

/// Answers DNS over UDP and TCP at one address: the cluster's names itself, all others by asking the machine's
/// resolvers.
final class DNSServer: Sendable {
    private let address: String
    private let port: Int
    private let zone: DNSZone
    private let forwarder: DNSForwarder
    private let channels = Mutex<[any Channel]>([])

    /// - Parameter port: 53 but in tests; 0 takes a free one.
    init(address: IPv4Address, port: Int = 53, zone: DNSZone, resolvers: [String] = Resolvers.ofMachine()) {
        self.address = address.description
        self.port = port
        self.zone = zone
        // Asking ourselves would go round in circles.
        forwarder = DNSForwarder(resolvers: resolvers.filter { $0 != address.description })
    }

    /// Listens, and returns the port; the same one for UDP and TCP.
    func start() async throws -> Int {
        let group = MultiThreadedEventLoopGroup.singleton
        let datagrams = try await DatagramBootstrap(group: group)
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(server: self))
                }
            }
            .bind(host: address, port: port).get()
        channels.withLock { $0.append(datagrams) }
        let bound = datagrams.localAddress?.port ?? port
        let streams = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        IdleStateHandler(readTimeout: .seconds(10)), StreamHandler(server: self))
                }
            }
            .bind(host: address, port: bound).get()
        channels.withLock { $0.append(streams) }
        return bound
    }

    /// Stops listening.
    func stop() async {
        let open = channels.withLock { channels in
            defer { channels = [] }
            return channels
        }
        for channel in open { try? await channel.close() }
    }

    /// The answer to a packet; nil for what deserves none.
    ///
    /// - Parameter limit: how many bytes the way back carries; nil where a datagram's own limit counts.
    func answer(_ packet: [UInt8], limit: Int?) async -> [UInt8]? {
        do {
            let query = try DNSWire.query(packet)
            if let answer = zone.answer(query) {
                return DNSWire.reply(query, answer, limit: limit ?? query.datagramLimit)
            }
            if let answer = await forwarder.ask(packet, overTCP: limit != nil) { return answer }
            return DNSWire.reply(query, DNSAnswer(code: .serverFailure), limit: 512)
        } catch {
            guard case .refuse(let id, let code) = error else { return nil }
            return DNSWire.refusal(id: id, code)
        }
    }
}

/// One question a datagram.
private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let server: DNSServer

    init(server: DNSServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let packet = Array(envelope.data.readableBytesView)
        let channel = context.channel
        Task { [server] in
            guard let answer = await server.answer(packet, limit: nil) else { return }
            try? await channel.writeAndFlush(
                AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: answer)))
        }
    }
}

/// Questions one after the other, each with its length in two bytes before it (RFC 1035, section 4.2.2).
private final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: DNSServer
    private var received = ByteBuffer()

    init(server: DNSServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        received.writeBuffer(&piece)
        while let length = received.getInteger(at: received.readerIndex, as: UInt16.self),
            received.readableBytes >= Int(length) + 2
        {
            received.moveReaderIndex(forwardBy: 2)
            guard let packet = received.readBytes(length: Int(length)) else { return }
            reply(to: packet, context.channel)
        }
        received.discardReadBytes()
    }

    private func reply(to packet: [UInt8], _ channel: any Channel) {
        Task { [server] in
            guard let answer = await server.answer(packet, limit: 65535) else { return }
            var buffer = ByteBuffer()
            buffer.writeInteger(UInt16(answer.count))
            buffer.writeBytes(answer)
            try? await channel.writeAndFlush(buffer)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }
}
