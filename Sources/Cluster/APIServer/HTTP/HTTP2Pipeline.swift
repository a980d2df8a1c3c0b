import NIOCore
import NIOHTTP1
import NIOHTTP2

/// What speaks HTTP/2 on a connection (RFC 9113), each stream of which is a channel that serves one request.
enum HTTP2Pipeline {
    /// Six frames, more than which NIO takes for an attack. Until the client has acknowledged it, it is 16 KB.
    private static let longestHeaderList = 6 * 16384
    /// How long a connection may be open without a request; upstream's IdleTimeout.
    private static let idleTime = TimeAmount.seconds(90)
    /// Streams that a client may reset in half a minute: who ends many watches at once is no attacker.
    private static let mostResets = 10_000

    static func add(to channel: any Channel, _ api: KubeAPI, _ connection: Connection) throws {
        let idle = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: .init(maxIdleTime: idleTime, maxAge: nil, maxGraceTime: nil, keepalive: nil))
        var wire = NIOHTTP2Handler.ConnectionConfiguration()
        wire.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
            HTTP2Setting(parameter: .maxHeaderListSize, value: longestHeaderList),
        ]
        var streams = NIOHTTP2Handler.StreamConfiguration()
        streams.streamResetFrameRateLimit.maximumCount = mostResets
        // NIO's other multiplexer, which lies within the handler, took 40 % longer for a collection of 3 MB.
        let multiplexer = HTTP2StreamMultiplexer(mode: .server, channel: channel) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandlers(
                    HTTP2FramePayloadToHTTP1ServerCodec(),
                    RequestHandler(api: api, connection: connection, channel: stream, exchange: nil))
            }
        }
        try channel.pipeline.syncOperations.addHandlers(
            NIOHTTP2Handler(mode: .server, connectionConfiguration: wire, streamConfiguration: streams),
            EndOfHTTP2(), idle, multiplexer)
    }
}

/// Closes a connection whose client breaks HTTP/2, once that was said (RFC 9113, 5.4.1): it would wait for an answer. Who
/// was told to leave has to do so in time; the handler that tells it waits for a word of the client's.
private final class EndOfHTTP2: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundIn = HTTP2Frame

    /// How long a client may take to leave.
    private static let graceTime = TimeAmount.seconds(30)

    private var leaving: Scheduled<Void>?

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken stream is that stream's affair.
        if error is NIOHTTP2Errors.StreamError { return }
        context.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .goAway = unwrapOutboundIn(data).payload, leaving == nil {
            let channel = context.channel
            leaving = context.eventLoop.scheduleTask(in: EndOfHTTP2.graceTime) { channel.close(promise: nil) }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leaving?.cancel()
        context.fireChannelInactive()
    }
}
