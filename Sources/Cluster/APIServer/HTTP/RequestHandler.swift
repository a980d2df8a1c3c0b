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

    /// - Parameter exchange: of a connection of HTTP/1.1.
    init(api: KubeAPI, connection: Connection, channel: any Channel, exchange: Exchange?) {
        self.api = api
        self.connection = connection
        writer = ResponseWriter(channel: channel, api: api, bell: connection.bell, exchange: exchange)
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
                Answer(.tooLarge("limit is \(RequestHandler.longestBody)")), RequestHandler.refusal(head))
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
            return writer.write(Answer(.unauthorized()), RequestHandler.refusal(head))
        }
        switch api.handle(incoming) {
        case .now(let answer, let form): writer.write(answer, form)
        case .later(let form, let work)
        where incoming.carried != nil && Route(incoming.path)?.subresource == "proxy":
            let writer = self.writer
            Task { writer.writeLater(await work(), form) }
        case .later(let form, let work):
            let (writer, inFlight) = (self.writer, api.inFlight)
            let kind: InFlight.Kind = head.method == .GET || head.method == .HEAD ? .readOnly : .mutating
            guard inFlight.enter(kind, incoming.identity) else { return writer.write(.tooManyRequests, .json) }
            // What others have to answer, or what takes long to make, does not hold up the connections of the loop.
            Task(executorPreference: kind == .mutating ? connection.executor : nil) {
                let answer = await work()
                inFlight.leave(kind)
                writer.writeLater(answer, form)
            }
        }
    }

    /// In what form somebody whom nobody knows is refused.
    private static func refusal(_ head: HTTPRequestHead) -> Form {
        let headers = KnownHeaders(head.headers)
        let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) ?? head.uri.endIndex
        return .failure(
            Incoming(
                method: head.method.rawValue, path: "", query: Query(head.uri[mark...].dropFirst()),
                accept: headers.accept, userAgent: headers.userAgent, identity: .anonymous))
    }

    /// The request as the API sees it; nil where nobody knows who asks.
    static func incoming(
        _ head: HTTPRequestHead, body: ByteBuffer?, _ api: KubeAPI, _ connection: Connection, _ channel: any Channel
    ) -> Incoming? {
        let headers = KnownHeaders(head.headers)
        let certificate = connection.certificateIdentity(of: channel)
        guard let identity = api.identify(authorization: headers.authorization, certificate: certificate) else {
            return nil
        }
        let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) ?? head.uri.endIndex
        var incoming = Incoming(
            method: head.method.rawValue, path: String(head.uri[..<mark]),
            query: Query(head.uri[mark...].dropFirst()), contentType: headers.contentType, accept: headers.accept,
            userAgent: headers.userAgent, ifNoneMatch: headers.ifNoneMatch,
            body: body.map { .bytes([UInt8]($0.readableBytesView)) }, identity: identity)
        incoming.ifModifiedSince = headers.ifModifiedSince
        if RequestHandler.mentionsProxy(incoming.path) {
            incoming.carried = CarriedRequest(
                target: head.uri, headers: head.headers.map { ($0.name, $0.value) },
                client: channel.remoteAddress?.ipAddress ?? "")
        }
        if headers.impersonates { incoming.impersonation = Impersonation(head.headers.map { ($0.name, $0.value) }) }
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

/// The headers that the API looks at, found in one walk.
private struct KnownHeaders {
    var authorization: String?
    var contentType = ""
    /// Several are one list (RFC 9110).
    var accept = ""
    var userAgent = ""
    var ifNoneMatch = ""
    var ifModifiedSince = ""
    var impersonates = false

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            switch name.utf8.count {
            case 6 where KnownHeaders.isSame(name, "accept"): accept += accept.isEmpty ? value : ",\(value)"
            case 10 where KnownHeaders.isSame(name, "user-agent"): KnownHeaders.set(&userAgent, value)
            case 12 where KnownHeaders.isSame(name, "content-type"): KnownHeaders.set(&contentType, value)
            case 13 where KnownHeaders.isSame(name, "authorization"): authorization = authorization ?? value
            case 13 where KnownHeaders.isSame(name, "if-none-match"): KnownHeaders.set(&ifNoneMatch, value)
            case 17 where KnownHeaders.isSame(name, "if-modified-since"): KnownHeaders.set(&ifModifiedSince, value)
            default: impersonates = impersonates || Impersonation.isHeader(name)
            }
        }
    }

    /// Of several the first counts.
    private static func set(_ text: inout String, _ value: String) { if text.isEmpty { text = value } }

    /// Whether a name is that one; `lower` is in lower case and as long as the name.
    private static func isSame(_ name: String, _ lower: String) -> Bool {
        zip(name.utf8, lower.utf8).allSatisfy { $0 | ($0 &- 65 < 26 ? 32 : 0) == $1 }
    }
}
