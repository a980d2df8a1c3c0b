import PKI

extension Identity {
    /// Whom a client certificate names whose chain has been verified: its common name is the user, its organizations are
    /// the groups (Kubernetes documentation, "X509 client certificates").
    static func certificate(_ der: [UInt8]) -> Identity? {
        guard let facts = try? CertificateFacts(der: der), !facts.commonName.isEmpty else { return nil }
        return .user(facts.commonName, groups: facts.organizations)
    }
}
