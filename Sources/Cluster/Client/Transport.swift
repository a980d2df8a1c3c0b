import API
public import Document

/// One request to an API server, before it is known how it gets there.
public struct APIRequest: Sendable {
    /// The HTTP method.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// What is sent or answered: a tree where both sides are in one process, bytes over a socket.
    public enum Body: Sendable {
        case value(Value)
        case bytes([UInt8])
    }

    public var method: Method
    /// The path without its query, percent-encoded where it has to be.
    public var path: String
    /// The query's parameters, not yet encoded.
    public var query: [(name: String, value: String)]
    /// The media type of the body, such as `application/json` or `application/apply-patch+yaml`.
    public var contentType: String
    /// The media types that the caller can read.
    public var accept: String
    public var body: Body?

    public init(
        _ method: Method, _ path: String, query: [(name: String, value: String)] = [],
        contentType: String = "application/json", accept: String = "application/json", body: Body? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.body = body
    }
}

/// The whole answer to an ``APIRequest``.
public struct APIResponse: Sendable {
    /// The HTTP status code.
    public var status: Int
    /// The texts of the answer's `Warning` headers (RFC 7234, code 299).
    public var warnings: [String]
    public var body: APIRequest.Body

    public init(status: Int, warnings: [String] = [], body: APIRequest.Body) {
        self.status = status
        self.warnings = warnings
        self.body = body
    }
}

/// One event of a watch.
public struct WatchEvent: Sendable {
    /// What became of the object.
    public enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
        case bookmark = "BOOKMARK"
        case error = "ERROR"
    }

    public var kind: Kind
    /// The object as it is now (as it was last, for `deleted`); a Status for `error`.
    public var object: Value

    public init(_ kind: Kind, _ object: Value) {
        self.kind = kind
        self.object = object
    }
}

/// The way to an API server: HTTPS to any cluster, or a call into the server of this process.
///
/// Whose identity a request has is the transport's matter: a certificate or token over HTTPS, a name given when the
/// in-process transport was made.
public protocol Transport: Sendable {
    /// Sends a request and returns its whole answer, whatever its status.
    ///
    /// - Throws: ``TransportFailure`` when no answer came.
    func send(_ request: APIRequest) async throws -> APIResponse

    /// Opens a watch; the request has `watch=1` in its query.
    ///
    /// - Throws: the `Status` with which the server refused, or ``TransportFailure``. The stream ends when the server
    ///   closes the watch, and throws when the connection breaks.
    func watch(_ request: APIRequest) async throws -> AsyncThrowingStream<WatchEvent, any Error>

    /// Opens an answer that arrives piece by piece, such as a followed log.
    func stream(_ request: APIRequest) async throws -> AsyncThrowingStream<[UInt8], any Error>
}

/// Why no answer came from an API server.
public struct TransportFailure: Error, Sendable, CustomStringConvertible {
    /// Where the request was sent, such as `https://127.0.0.1:6443`.
    public let server: String
    /// What went wrong, such as `connection refused`.
    public let reason: String
    /// Whether the request may be sent again without doing its work twice: it never reached the server.
    public let isRetriable: Bool

    public init(server: String, reason: String, isRetriable: Bool) {
        self.server = server
        self.reason = reason
        self.isRetriable = isRetriable
    }

    public var description: String { "cannot reach the API server at \(server): \(reason)" }
}

extension APIResponse {
    /// The answer as a tree.
    ///
    /// - Throws: the `Status` that the server answered when it refused; a `Status` of code 500 for an answer that is
    ///   not JSON.
    public func value() throws -> Value {
        let value: Value
        switch body {
        case .value(let tree): value = tree
        case .bytes(let bytes):
            do { value = try JSON.parse(bytes) } catch { throw Self.unreadable(bytes, status) }
        }
        guard status >= 400 else { return value }
        throw Status(value) ?? Self.unreadable(JSON.write(value), status)
    }

    private static func unreadable(_ bytes: [UInt8], _ status: Int) -> Status {
        let text = String(decoding: bytes.prefix(1024), as: UTF8.self)
        return Status(
            code: status >= 400 ? status : 500, reason: nil, message: "the server answered \(status): \(text)")
    }
}
