import NIOCore
import NIOHTTP1

/// Keeps the requests and answers of a connection of HTTP/1.1 in step (RFC 9112, 9.3.2): a request that comes before the
/// last one has its answer waits here, and nothing more is read. What is no HTTP is answered with 400, and a head that is
/// too long with 431.
///
/// It stands for three handlers of NIO's and does what they do in one step, for each step of each part of each answer is
/// counted: answers that are whole pass by all others, right to TLS.
final class Exchange: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Waiting {
        case part(NIOAny)
        case error(HTTPParserError)
    }

    private var context: ChannelHandlerContext?
    /// Below what speaks HTTP/1.1; nothing is gathered there between two answers.
    private var wire: ChannelHandlerContext?
    /// Whether a request has begun and not ended.
    private var isRequestOpen = false
    /// Whether a request has begun and its answer has not ended.
    private var isAnswerOwed = false
    /// Whether an answer has begun and not ended.
    private var isAnswerOpen = false
    private let patience = Patience()
    private var isReadWanted = false
    private var isDelivering = false
    private var waiting = CircularBuffer<Waiting>(initialCapacity: 0)

    private var isBlocked: Bool { isAnswerOwed && !isRequestOpen }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        patience.begin(context.channel)
        wire = try? context.pipeline.syncOperations.context(handlerType: WriteJoiner.self)
    }

    /// After a change of protocol, what has come is the new protocol's.
    func handlerRemoved(context: ChannelHandlerContext) {
        patience.end()
        self.context = nil
        wire = nil
        for case .part(let part) in waiting { context.fireChannelRead(part) }
        waiting.removeAll()
        if isReadWanted { context.read() }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isBlocked || !waiting.isEmpty { waiting.append(.part(data)) } else { deliver(data, context) }
    }

    private func deliver(_ data: NIOAny, _ context: ChannelHandlerContext) {
        switch unwrapInboundIn(data) {
        case .head: (isRequestOpen, isAnswerOwed, patience.wait) = (true, true, .body)
        case .body: break
        case .end:
            isRequestOpen = false
            patience.wait = isAnswerOwed ? .nothing : .nextHead
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if isBlocked { isReadWanted = true } else { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        if isBlocked { waiting.append(.error(error)) } else { refuse(error, context) }
    }

    private func refuse(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
        if !isAnswerOpen {
            let isLong = error == .headerOverflow
            let head = HTTPResponseHead(
                version: .http1_1, status: isLong ? .requestHeaderFieldsTooLarge : .badRequest,
                headers: ["Connection": "close", "Content-Length": "0"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.fireErrorCaught(error)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            isAnswerOpen = head.status.code >= 200
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            isAnswerOpen = false
            context.write(data, promise: promise)
            endAnswer(context)
        }
    }

    /// Writes an answer that is whole: head and body.
    func write(_ answer: ByteBuffer, promise: EventLoopPromise<Void>?) {
        guard let context, let wire else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
        wire.writeAndFlush(NIOAny(answer), promise: promise)
        endAnswer(context)
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        isAnswerOwed = false
        if !isRequestOpen { patience.wait = .nextHead }
        // An answer that is given at once comes here while its request is delivered below: the stack would grow with
        // each request that was sent ahead.
        guard !isDelivering else { return }
        deliverWaiting(context)
        guard isReadWanted, !isBlocked else { return }
        isReadWanted = false
        context.read()
    }

    private func deliverWaiting(_ context: ChannelHandlerContext) {
        guard !waiting.isEmpty else { return }
        isDelivering = true
        defer { isDelivering = false }
        while !isBlocked, let next = waiting.popFirst() {
            switch next {
            case .part(let part): deliver(part, context)
            case .error(let error): refuse(error, context)
            }
        }
        context.fireChannelReadComplete()
    }
}
