import AsyncHTTPClient
import Dispatch
import NIOCore
import NIOHTTP1
import NIOSSL

/// One configured HTTP client: its certificates, proxy and time limits are decided when it is made.
public final class WebClient: Sendable {
    /// Whom the client trusts, who it says it is, and how long it waits.
    public struct Settings: Sendable {
        /// PEM certificates that are trusted instead of the system's; nil for the system's.
        public var trustedCertificates: [UInt8]?
        /// The client's own PEM certificate chain and key.
        public var identity: (certificate: [UInt8], key: [UInt8])?
        /// Accepts any server certificate.
        public var skipsVerification = false
        /// Where to connect instead of the host of a URL, which the server's certificate still has to bear.
        public var connectHosts: [String: String] = [:]
        /// Sends requests through this proxy.
        public var proxy: Proxy?
        public var connectTimeout = Duration.seconds(10)
        /// The time a whole request may take; streams have none.
        public var requestTimeout = Duration.seconds(60)

        public init() {}
    }

    /// An HTTP proxy, asked by CONNECT for https addresses.
    public struct Proxy: Sendable, Hashable {
        public var host: String
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    private let client: HTTPClient
    private let settings: Settings

    /// - Throws: ``WebFailure`` when a certificate or key cannot be read.
    public init(_ settings: Settings = Settings()) throws {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = try WebClient.security(settings)
        configuration.timeout.connect = .nanoseconds(settings.connectTimeout.nanoseconds)
        configuration.dnsOverride = settings.connectHosts
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        // A refusal is told at once; who wants to try again does so by itself.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.proxy = settings.proxy.map { .server(host: $0.host, port: $0.port) }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.settings = settings
    }

    deinit {
        // The client insists on being shut down; its connections close in the background.
        client.shutdown(queue: .global()) { _ in }
    }

    private static func security(_ settings: Settings) throws -> TLSConfiguration {
        var security = TLSConfiguration.makeClientConfiguration()
        if settings.skipsVerification {
            security.certificateVerification = .none
        }
        do {
            if let pem = settings.trustedCertificates {
                security.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(pem))
            }
            if let identity = settings.identity {
                security.certificateChain = try NIOSSLCertificate.fromPEMBytes(identity.certificate).map {
                    .certificate($0)
                }
                security.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: identity.key, format: .pem))
            }
        } catch {
            throw WebFailure(kind: .badCertificate, reason: "a certificate or key is not valid PEM (\(error))")
        }
        return security
    }

    /// Sends a request and reads the whole answer.
    ///
    /// - Parameter limit: how many bytes the answer may have.
    public func send(_ request: WebRequest, limit: Int = 256 << 20) async throws -> WebResponse {
        do {
            let answer = try await client.execute(
                prepared(request), timeout: .nanoseconds(settings.requestTimeout.nanoseconds))
            var body = try await answer.body.collect(upTo: limit)
            return WebResponse(
                status: Int(answer.status.code), headers: answer.headers.map { ($0.name, $0.value) },
                body: body.readBytes(length: body.readableBytes) ?? [])
        } catch {
            throw WebFailure(error)
        }
    }

    /// Sends a request and reads the answer piece by piece as it arrives.
    public func stream(_ request: WebRequest) async throws -> WebStream {
        do {
            let answer = try await client.execute(prepared(request), deadline: .distantFuture)
            return WebStream(
                status: Int(answer.status.code), headers: answer.headers.map { ($0.name, $0.value) },
                body: WebClient.pieces(answer.body))
        } catch {
            throw WebFailure(error)
        }
    }

    private static func pieces(_ body: HTTPClientResponse.Body) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    for try await var buffer in body {
                        continuation.yield(buffer.readBytes(length: buffer.readableBytes) ?? [])
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: WebFailure(error))
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func prepared(_ request: WebRequest) -> HTTPClientRequest {
        var prepared = HTTPClientRequest(url: request.url)
        prepared.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { prepared.headers.add(name: name, value: value) }
        if let body = request.body { prepared.body = .bytes(body) }
        return prepared
    }
}

/// A request over HTTP.
public struct WebRequest: Sendable {
    public var method: String
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?

    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// A whole answer over HTTP.
public struct WebResponse: Sendable {
    public let status: Int
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]

    /// The values of a header, by its name in any case.
    public func values(of name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// An answer over HTTP whose body arrives piece by piece.
public struct WebStream: Sendable {
    public let status: Int
    public let headers: [(name: String, value: String)]
    public let body: AsyncThrowingStream<[UInt8], any Error>
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
