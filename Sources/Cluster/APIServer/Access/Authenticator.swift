import PKI

/// Finds out who makes a request: by client certificate, by static token; nobody's word is taken for it.
public struct Authenticator: Sendable {
    private let tokens: [String: Identity]

    /// - Parameter tokens: the identities behind static bearer tokens.
    public init(tokens: [String: Identity] = [:]) { self.tokens = tokens }

    /// The identity of a client certificate whose chain has been verified: its common name is the user, its
    /// organizations are the groups (Kubernetes documentation, "X509 client certificates").
    public static func identity(certificate der: [UInt8]) -> Identity? {
        guard let facts = try? CertificateFacts(der: der), !facts.commonName.isEmpty else { return nil }
        return .user(facts.commonName, groups: facts.organizations)
    }

    /// Who a request is from; nil where it shows a token that nobody has, which is a 401.
    ///
    /// - Parameters:
    ///   - authorization: the Authorization header.
    ///   - certificate: whom the connection's certificate names.
    func identify(authorization: String?, certificate: Identity?) -> Identity? {
        if let certificate { return certificate }
        guard let authorization else { return .anonymous }
        let words = authorization.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return .anonymous }
        return tokens[String(words[1])]
    }
}
