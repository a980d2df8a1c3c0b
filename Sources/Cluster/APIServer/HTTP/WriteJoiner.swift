import NIOCore

/// Joins small writes up to the next flush, so that an answer's head, body and end are one TLS record and one packet, not
/// three of each.
final class WriteJoiner: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What one TLS record holds at most (RFC 8446, 5.1); larger writes gain nothing from being joined.
    private static let record = 16 << 10

    private var gathered: ByteBuffer?
    private var promises: [EventLoopPromise<Void>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        if (gathered?.readableBytes ?? 0) + part.readableBytes > WriteJoiner.record { pass(context) }
        guard part.readableBytes < WriteJoiner.record else { return context.write(data, promise: promise) }
        if gathered == nil { gathered = part } else { gathered?.writeImmutableBuffer(part) }
        if let promise { promises.append(promise) }
    }

    func flush(context: ChannelHandlerContext) {
        pass(context)
        context.flush()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        pass(context)
        context.close(mode: mode, promise: promise)
    }

    private func pass(_ context: ChannelHandlerContext) {
        guard let whole = gathered else { return }
        let waiting = promises
        gathered = nil
        promises = []
        guard !waiting.isEmpty else { return context.write(wrapOutboundOut(whole), promise: nil) }
        let promise = context.eventLoop.makePromise(of: Void.self)
        for one in waiting { promise.futureResult.cascade(to: one) }
        context.write(wrapOutboundOut(whole), promise: promise)
    }
}
