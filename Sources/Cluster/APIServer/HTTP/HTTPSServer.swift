import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
public import PKI
import Synchronization

/// Serves a ``KubeAPI`` over TLS, HTTP/1.1 and HTTP/2, on any number of addresses.
public final class HTTPSServer: Sendable {
    /// An address that cannot be listened on.
    public struct ListenFailure: Error, Sendable, CustomStringConvertible {
        /// `HOST:PORT`
        public let address: String
        public let reason: String
        /// Whether another program has it.
        public let isTaken: Bool

        public var description: String { "cannot listen on \(address): \(reason)" }
    }

    /// How long a client may take to agree on TLS; upstream's.
    private static let handshakeTime = TimeAmount.seconds(32)

    /// Bytes of a request's head by HTTP/1.1; net/http's DefaultMaxHeaderBytes.
    private static let longestHead = 1 << 20

    private let api: KubeAPI
    private let authority: String
    private let loops: MultiThreadedEventLoopGroup
    private let bells: [ObjectIdentifier: LoopBell]
    private let context: Mutex<NIOSSLContext>
    private let listeners = Mutex<[any Channel]>([])

    /// - Parameters:
    ///   - credential: the server's certificate and key.
    ///   - authority: the certificate authority whose client certificates are believed; PEM.
    ///   - threads: the event loops; each connection stays on one of them.
    public init(
        _ api: KubeAPI, credential: Credential, authority: String, threads: Int
    ) throws(PKIFailure) {
        self.api = api
        self.authority = authority
        context = Mutex(try HTTPSServer.context(credential, authority))
        loops = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let pairs = loops.makeIterator().map { (ObjectIdentifier($0), LoopBell($0)) }
        bells = Dictionary(pairs) { first, _ in first }
    }

    /// Shows another certificate to connections from now on; those that are open stay.
    public func replace(_ credential: Credential) throws(PKIFailure) {
        let made = try HTTPSServer.context(credential, authority)
        context.withLock { $0 = made }
    }

    private static func context(
        _ credential: Credential, _ authority: String
    ) throws(PKIFailure) -> NIOSSLContext {
        do {
            var settings = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(credential.certificatePEM.utf8))
                    .map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(credential.keyPEM.utf8), format: .pem)))
            settings.minimumTLSVersion = .tlsv12
            settings.applicationProtocols = ["h2", "http/1.1"]
            // Who shows a certificate has to show a good one; who shows none may have a token.
            settings.certificateVerification = .optionalVerification
            settings.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
            return try NIOSSLContext(configuration: settings)
        } catch {
            throw PKIFailure("set up TLS", "\(error)")
        }
    }

    /// Opens a listener; returns the port, which is the system's choice where 0 is asked for.
    public func listen(host: String, port: Int) async throws(ListenFailure) -> Int {
        let bootstrap = ServerBootstrap(group: loops)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
            .childChannelInitializer { channel in self.configure(channel) }
        do {
            let listener = try await bootstrap.bind(host: host, port: port).get()
            listeners.withLock { $0.append(listener) }
            return listener.localAddress?.port ?? port
        } catch {
            let code = (error as? IOError)?.errnoCode ?? 0
            throw ListenFailure(
                address: "\(host):\(port)", reason: HTTPSServer.reason(error, code), isTaken: code == EADDRINUSE)
        }
    }

    private static func reason(_ error: any Error, _ code: CInt) -> String {
        code == 0 ? "\(error)" : String(cString: strerror(code))
    }

    private func configure(_ channel: any Channel) -> EventLoopFuture<Void> {
        let loop = channel.eventLoop
        let connection = Connection(
            executor: LoopExecutor(loop), bell: bells[ObjectIdentifier(loop)] ?? LoopBell(loop))
        let handler = NIOSSLServerHandler(context: context.withLock { $0 })
        do {
            try channel.pipeline.syncOperations.addHandlers(handler, WriteJoiner())
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        let handshake = loop.scheduleTask(in: HTTPSServer.handshakeTime) { channel.close(promise: nil) }
        return channel.configureHTTP2SecureUpgrade(
            h2ChannelConfigurator: { channel in
                handshake.cancel()
                return channel.eventLoop.makeCompletedFuture {
                    try HTTP2Pipeline.add(to: channel, self.api, connection)
                }
            },
            http1ChannelConfigurator: { channel in
                handshake.cancel()
                return channel.eventLoop.makeCompletedFuture { try self.configureHTTP1(channel, connection) }
            })
    }

    /// Only a connection of HTTP/1.1 can change its protocol; what speaks HTTP then makes room.
    private func configureHTTP1(_ channel: any Channel, _ connection: Connection) throws {
        let incoming = { @Sendable [api] head in RequestHandler.incoming(head, body: nil, api, connection, channel) }
        let upgrades = Upgrades(
            plan: { [api] head in incoming(head).flatMap { api.streamPlan($0) } },
            proxied: { [api] head in incoming(head).flatMap { api.proxiedUpgrade($0) } },
            watching: { [api] head in incoming(head).flatMap { api.watchPlan($0) } })
        let exchange = Exchange()
        let encoder = HTTPResponseEncoder()
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = HTTPSServer.longestHead
        limits.maxHeaderListSize = HTTPSServer.longestHead
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let handler = RequestHandler(api: api, connection: connection, channel: channel, exchange: exchange)
        let upgrader = HTTPServerUpgradeHandler(
            upgraders: upgrades.all, httpEncoder: encoder, extraHTTPHandlers: [decoder, exchange]
        ) { context in
            context.pipeline.syncOperations.removeHandler(handler, promise: nil)
        }
        try channel.pipeline.syncOperations.addHandlers([encoder, decoder, exchange, upgrader, handler])
    }

    /// Stops listening, and closes the connections once `grace` has passed.
    public func shutdown() async {
        let open = listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in open { try? await listener.close() }
        try? await loops.shutdownGracefully()
    }
}

/// What is known of a connection, for all requests on it.
final class Connection: Sendable {
    /// Where the writes of this connection are worked on.
    let executor: LoopExecutor
    /// Wakes its watches.
    let bell: LoopBell
    private let identity = Mutex<Identity??>(nil)

    init(executor: LoopExecutor, bell: LoopBell) {
        self.executor = executor
        self.bell = bell
    }

    /// Whom the client certificate names; read once, for it cannot change.
    func certificateIdentity(of channel: any Channel) -> Identity? {
        identity.withLock { known in
            if let known { return known }
            let found = Connection.read(channel)
            known = .some(found)
            return found
        }
    }

    private static func read(_ channel: any Channel) -> Identity? {
        // A stream of HTTP/2 is a channel of its own on its connection's event loop.
        let connection = channel.parent.flatMap { $0.parent == nil ? nil : $0 } ?? channel
        guard let tls = try? connection.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let certificate = tls.peerCertificate, let der = try? certificate.toDERBytes()
        else { return nil }
        return Identity.certificate(der)
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif
