import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why no answer came over HTTP.
public struct WebFailure: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for callers that decide by it.
    public enum Kind: Sendable {
        /// Nobody listens there.
        case refused
        /// The host's name is not known.
        case unknownHost
        /// Time ran out before the connection stood.
        case connectTimeout
        /// Time ran out after that.
        case timeout
        /// The two sides do not trust each other.
        case untrusted
        /// Our own certificate or key cannot be read.
        case badCertificate
        /// The connection broke.
        case broken
    }

    public let kind: Kind
    public let reason: String

    init(kind: Kind, reason: String) {
        self.kind = kind
        self.reason = reason
    }

    init(_ error: any Error) {
        switch error {
        case let failure as WebFailure: self = failure
        case let error as NIOConnectionError: self.init(error)
        case let error as HTTPClientError: self.init(error)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            self.init(kind: .untrusted, reason: "TLS failed: \(error)")
        case let error as IOError: self.init(error)
        default: self.init(kind: .broken, reason: "\(error)")
        }
    }

    private init(_ error: IOError) {
        let kind: Kind =
            switch error.errnoCode {
            case ECONNREFUSED: .refused
            case ETIMEDOUT, EHOSTUNREACH, ENETUNREACH: .connectTimeout
            default: .broken
            }
        self.init(kind: kind, reason: String(cString: strerror(error.errnoCode)).lowercased())
    }

    private init(_ error: NIOConnectionError) {
        let codes = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
        let place = "\(error.host):\(error.port)"
        if codes.contains(ECONNREFUSED) {
            self.init(kind: .refused, reason: "connection refused")
        } else if error.connectionErrors.isEmpty {
            self.init(kind: .unknownHost, reason: "no such host: \(error.host)")
        } else {
            self.init(kind: .broken, reason: "cannot connect to \(place): \(error.connectionErrors[0].error)")
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .connectTimeout: self.init(kind: .connectTimeout, reason: "no connection in time")
        case .deadlineExceeded, .readTimeout, .writeTimeout: self.init(kind: .timeout, reason: "no answer in time")
        case .tlsHandshakeTimeout: self.init(kind: .untrusted, reason: "TLS handshake not done in time")
        default: self.init(kind: .broken, reason: error.description)
        }
    }

    public var description: String { reason }

    /// Whether the request cannot have reached the server.
    public var neverArrived: Bool {
        switch kind {
        case .refused, .unknownHost, .connectTimeout: true
        case .timeout, .untrusted, .badCertificate, .broken: false
        }
    }
}

import Glibc
