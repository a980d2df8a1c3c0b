import API
import Glibc
import NIO
import Synchronization

/// The resolvers of the machine.
enum Resolvers {
    /// The IPv4 addresses that /etc/resolv.conf names.
    static func ofMachine() -> [String] {
        parse(Sysctl.lines(of: "/etc/resolv.conf"))
    }

    static func parse(_ lines: [some StringProtocol]) -> [String] {
        lines.compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, words[0] == "nameserver", let address = IPv4Address(words[1]) else { return nil }
            return address.description
        }
    }
}

/// Passes questions on to other resolvers, as they came, and their answers back.
struct DNSForwarder: Sendable {
    let resolvers: [String]
    /// How long one resolver is waited for.
    var patience = TimeAmount.seconds(2)
    /// Each question in flight holds a socket: beyond so many the next is refused, not queued (CoreDNS' forward plug-in
    /// has `max_concurrent`).
    let seats = Seats(1000)

    /// The first resolver's answer that comes in time; nil when none does, or too many wait already.
    func ask(_ packet: [UInt8], overTCP: Bool) async -> [UInt8]? {
        guard seats.take() else { return nil }
        defer { seats.giveBack() }
        for resolver in resolvers {
            if let answer = try? await overTCP ? stream(packet, resolver) : datagram(packet, resolver) {
                return answer
            }
        }
        return nil
    }

    private func datagram(_ packet: [UInt8], _ resolver: String) async throws -> [UInt8] {
        let group = MultiThreadedEventLoopGroup.singleton
        let answer = group.any().makePromise(of: [UInt8].self)
        return try await exchange(ByteBuffer(bytes: packet), answer) {
            try await DatagramBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = AnswerHandler(id: Array(packet.prefix(2)), answer)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(to: SocketAddress(ipAddress: resolver, port: 53)).get()
        }
    }

    private func stream(_ packet: [UInt8], _ resolver: String) async throws -> [UInt8] {
        let group = MultiThreadedEventLoopGroup.singleton
        let answer = group.any().makePromise(of: [UInt8].self)
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt16(packet.count))
        buffer.writeBytes(packet)
        return try await exchange(buffer, answer) {
            try await ClientBootstrap(group: group).connectTimeout(patience)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(LengthHandler(answer))
                    }
                }
                .connect(host: resolver, port: 53).get()
        }
    }

    /// Connects, sends, and waits for the answer or the end of patience; the channel is closed either way.
    private func exchange(
        _ buffer: ByteBuffer, _ answer: EventLoopPromise<[UInt8]>, _ connect: () async throws -> any Channel
    ) async throws -> [UInt8] {
        let channel: any Channel
        do { channel = try await connect() } catch {
            answer.fail(error)
            throw error
        }
        let timer = channel.eventLoop.scheduleTask(in: patience) { answer.fail(ChannelError.connectTimeout(patience)) }
        defer {
            timer.cancel()
            channel.close(promise: nil)
        }
        do { try await channel.writeAndFlush(buffer) } catch { answer.fail(error) }
        return try await answer.futureResult.get()
    }
}

/// A number of places, each of which one may take at a time.
final class Seats: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    /// Takes a place; false where none is free.
    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func giveBack() { free.withLock { $0 += 1 } }
}

/// Takes the first datagram that answers the question of that id.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let id: [UInt8]
    private let answer: EventLoopPromise<[UInt8]>

    init(id: [UInt8], _ answer: EventLoopPromise<[UInt8]>) {
        self.id = id
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let packet = Array(unwrapInboundIn(data).data.readableBytesView)
        if packet.prefix(2).elementsEqual(id) { answer.succeed(packet) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }
}

/// Takes one answer with its length before it.
private final class LengthHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var received = ByteBuffer()
    private let answer: EventLoopPromise<[UInt8]>

    init(_ answer: EventLoopPromise<[UInt8]>) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        received.writeBuffer(&piece)
        guard let length = received.getInteger(at: received.readerIndex, as: UInt16.self),
            let packet = received.getBytes(at: received.readerIndex + 2, length: Int(length))
        else { return }
        answer.succeed(packet)
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ChannelError.eof) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }
}
