/// A certificate and the private key that proves it, as PEM.
public struct Credential: Sendable, Hashable {
    /// The certificate, and nothing else.
    public let certificatePEM: String
    /// The key, as PKCS #8 or in its type's own form.
    public let keyPEM: String

    public init(certificatePEM: String, keyPEM: String) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }
}

/// Why a key or certificate could not be made, read or stored.
public struct PKIFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was attempted, in words: `read the certificate`, `write /x/ca.key`.
    public let attempt: String
    /// Why it failed.
    public let reason: String

    public init(_ attempt: String, _ reason: String) {
        self.attempt = attempt
        self.reason = reason
    }

    public var description: String { "cannot \(attempt): \(reason)" }
}

extension PKIFailure {
    /// Runs `body`, and names what was attempted where it fails.
    static func wrap<Result>(_ attempt: String, _ body: () throws -> Result) throws(PKIFailure) -> Result {
        do { return try body() } catch { throw PKIFailure(attempt, "\(error)") }
    }
}
