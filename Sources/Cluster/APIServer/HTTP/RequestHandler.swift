import API
import Client
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Store

/// Takes requests off a connection (or a stream of one), hands them to the API and writes the answers.
final class RequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Upstream's MaxRequestBodyBytes.
    static let longestBody = 3 << 20

    private let api: KubeAPI
    private let connection: Connection
    private let writer: ResponseWriter
    private var head: HTTPRequestHead?
    private var body: ByteBuffer?
    private var isRefused = false

    init(api: KubeAPI, connection: Connection, channel: any Channel) {
        self.api = api
        self.connection = connection
        writer = ResponseWriter(channel: channel, api: api)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = nil
            isRefused = false
        case .body(let part): take(part)
        case .end:
            guard let head, !isRefused else { return }
            self.head = nil
            begin(head)
        }
    }

    private func take(_ part: ByteBuffer) {
        guard !isRefused, let head else { return }
        if (body?.readableBytes ?? 0) + part.readableBytes > RequestHandler.longestBody {
            isRefused = true
            body = nil
            writer.begin(head, closes: true)
            writer.write(
                Answer(
                    Status(
                        code: 413, reason: .requestEntityTooLarge,
                        message: "Request entity too large: limit is \(RequestHandler.longestBody)")), .json)
            return
        }
        if body == nil {
            body = part
        } else {
            body?.writeImmutableBuffer(part)
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        writer.begin(head, closes: false)
        defer { body = nil }
        guard let incoming = RequestHandler.incoming(head, body: body, api, connection, writer.channel) else {
            return writer.write(Answer(.unauthorized()), .json)
        }
        switch api.handle(incoming) {
        case .now(let answer, let form): writer.write(answer, form)
        case .later(let form, let work):
            let writer = self.writer
            // What others have to answer, or what takes long to make, does not hold up the connections of the loop.
            let isShort = head.method != .GET && incoming.carried == nil
            Task(executorPreference: isShort ? connection.executor : nil) {
                let answer = await work()
                writer.writeLater(answer, form)
            }
        }
    }

    /// The request as the API sees it; nil where nobody knows who asks.
    static func incoming(
        _ head: HTTPRequestHead, body: ByteBuffer?, _ api: KubeAPI, _ connection: Connection, _ channel: any Channel
    ) -> Incoming? {
        let headers = head.headers
        let certificate = connection.certificateIdentity(of: channel)
        guard
            let identity = api.identify(
                authorization: headers.first(name: "authorization"), certificate: certificate)
        else { return nil }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var incoming = Incoming(
            method: head.method.rawValue, path: String(parts[0]), query: Query(parts.count > 1 ? parts[1] : ""),
            contentType: headers.first(name: "content-type") ?? "", accept: RequestHandler.accept(headers),
            userAgent: headers.first(name: "user-agent") ?? "",
            ifNoneMatch: headers.first(name: "if-none-match") ?? "",
            body: body.map { .bytes([UInt8]($0.readableBytesView)) }, identity: identity)
        if RequestHandler.mentionsProxy(incoming.path) {
            incoming.carried = CarriedRequest(target: head.uri, headers: headers.map { ($0.name, $0.value) })
        }
        if headers.contains(where: { Impersonation.isHeader($0.name) }) {
            incoming.impersonation = Impersonation(headers.map { ($0.name, $0.value) })
        }
        return incoming
    }

    /// Whether a part of the path begins with `proxy`; looked for among bytes, for this is asked of each request.
    private static func mentionsProxy(_ path: String) -> Bool {
        let wanted = "/proxy".utf8
        var rest = path.utf8[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "/")) {
            if rest[start...].starts(with: wanted) { return true }
            rest = rest[start...].dropFirst()
        }
        return false
    }

    /// The Accept header; several are one list (RFC 9110).
    private static func accept(_ headers: HTTPHeaders) -> String {
        let values = headers["accept"]
        return values.count == 1 ? values[0] : values.joined(separator: ",")
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writer.pump()
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        writer.end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is Upgrades.Refused || error is NIOWebSocketUpgradeError { return }
        // A client that breaks the protocol or goes away gets no answer; HTTP errors have been answered below.
        writer.end()
        context.close(promise: nil)
    }
}
