import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A real HTTP or HTTPS server on loopback that answers by path.
final class LoopbackServer: Sendable {
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    /// The port that it listens on.
    let port: Int

    /// - Parameter identity: PEM certificate and key; plain HTTP where nil.
    init(identity: (certificate: String, key: String)? = nil) async throws {
        let context = try identity.map { identity in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8))
                        .map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem))))
        }
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(AnswerHandler())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
    }
}

/// `/echo` answers with method and body, `/large` with a megabyte, `/moved` with a redirection, `/silent` never.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(var piece): body.writeBuffer(&piece)
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head, head.uri != "/silent" else { return }
        var headers = HTTPHeaders([("X-Seen", head.headers["X-Asked"].joined())])
        var text = ByteBuffer(string: "\(head.method.rawValue) ")
        text.writeBuffer(&body)
        if head.uri == "/large" { text = ByteBuffer(repeating: 0x78, count: 1 << 20) }
        if head.uri == "/moved" { headers.add(name: "Location", value: "/echo") }
        headers.add(name: "Content-Length", value: "\(text.readableBytes)")
        let status: HTTPResponseStatus = head.uri == "/moved" ? .found : head.uri == "/none" ? .notFound : .ok
        let answer = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(text))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
