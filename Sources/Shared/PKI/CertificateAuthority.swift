import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// A certificate authority of a cluster's own: it makes itself once, and then the certificates of servers and clients.
///
/// Keys are P-256: small and quick, and all of Go's and Python's clients take them.
public struct CertificateAuthority: Sendable {
    /// The authority's own certificate and key.
    public let credential: Credential
    private let certificate: Certificate
    private let key: Certificate.PrivateKey

    /// How long an authority lasts: ten years, as kubeadm's does.
    public static let lifetime: Int64 = 3650 * 86400
    /// How long what it issues lasts: one year, as kubeadm's do.
    public static let leafLifetime: Int64 = 365 * 86400

    /// Makes a new authority.
    ///
    /// - Parameters:
    ///   - name: the common name.
    ///   - now: seconds since 1970.
    public init(name: String, now: Int64) throws(PKIFailure) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let (certificate, credential) = try PKIFailure.wrap("make the certificate authority") {
            let subject = try DistinguishedName { CommonName(name) }
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
                notValidBefore: Date.of(now - Issue.backdating), notValidAfter: Date.of(now + Self.lifetime),
                issuer: subject, subject: subject,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                    Critical(KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                }, issuerPrivateKey: key)
            return (certificate, try Credential(certificate, key))
        }
        self.init(credential: credential, certificate: certificate, key: key)
    }

    /// Takes up an authority that was made before.
    public init(_ credential: Credential) throws(PKIFailure) {
        let (certificate, key) = try PKIFailure.wrap("read the certificate authority") {
            (
                try Certificate(pemEncoded: credential.certificatePEM),
                try Certificate.PrivateKey(pemEncoded: credential.keyPEM)
            )
        }
        guard certificate.publicKey == key.publicKey else {
            throw PKIFailure("read the certificate authority", "its key does not belong to its certificate")
        }
        self.init(credential: credential, certificate: certificate, key: key)
    }

    private init(credential: Credential, certificate: Certificate, key: Certificate.PrivateKey) {
        self.credential = credential
        self.certificate = certificate
        self.key = key
    }

    /// Makes a certificate for a server that is reached by these names and addresses.
    ///
    /// - Parameters:
    ///   - alternatives: DNS names and IP addresses as text.
    ///   - now: seconds since 1970.
    public func server(
        name: String, alternatives: [String], now: Int64, lifetime: Int64 = leafLifetime
    ) throws(PKIFailure) -> Credential {
        try issue(
            Issue(name: name, groups: [], alternatives: alternatives, usage: .serverAuth, now: now, lifetime: lifetime))
    }

    /// Makes a certificate for a client: Kubernetes reads its common name as user and its organizations as groups.
    public func client(
        user: String, groups: [String], now: Int64, lifetime: Int64 = leafLifetime
    ) throws(PKIFailure) -> Credential {
        try issue(
            Issue(name: user, groups: groups, alternatives: [], usage: .clientAuth, now: now, lifetime: lifetime))
    }

    private func issue(_ issue: Issue) throws(PKIFailure) -> Credential {
        try PKIFailure.wrap("issue a certificate for \(issue.name)") {
            let leaf = Certificate.PrivateKey(P256.Signing.PrivateKey())
            // A leaf that outlives its authority would be valid on paper only.
            let end = min(Date.of(issue.now + issue.lifetime), certificate.notValidAfter)
            let made = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: leaf.publicKey,
                notValidBefore: Date.of(issue.now - Issue.backdating), notValidAfter: end,
                issuer: certificate.subject, subject: issue.subject,
                extensions: try issue.extensions(for: leaf.publicKey, by: certificate), issuerPrivateKey: key)
            return try Credential(made, leaf)
        }
    }
}

/// What a leaf certificate shall say.
private struct Issue {
    /// Clocks differ by minutes between machines; a new certificate has to be valid on all of them.
    static let backdating: Int64 = 300

    let name: String
    let groups: [String]
    let alternatives: [String]
    let usage: ExtendedKeyUsage.Usage
    let now: Int64
    let lifetime: Int64

    var subject: DistinguishedName {
        get throws {
            try DistinguishedName {
                for group in groups { OrganizationName(group) }
                CommonName(name)
            }
        }
    }

    func extensions(
        for key: Certificate.PublicKey, by authority: Certificate
    ) throws -> Certificate.Extensions {
        let usages = try ExtendedKeyUsage([usage])
        let identifier = try authority.extensions.subjectKeyIdentifier?.keyIdentifier
        return try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true, keyEncipherment: true))
            usages
            AuthorityKeyIdentifier(keyIdentifier: identifier)
            SubjectKeyIdentifier(hash: key)
            if !alternatives.isEmpty { SubjectAlternativeNames(alternatives.map(GeneralName.init(alternative:))) }
        }
    }
}

extension GeneralName {
    /// An IP address where the text is one, a DNS name otherwise.
    init(alternative text: String) {
        self = IPAddress.bytes(text).map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) } ?? .dnsName(text)
    }
}

extension Credential {
    init(_ certificate: Certificate, _ key: Certificate.PrivateKey) throws {
        self.init(
            certificatePEM: try certificate.serializeAsPEM().pemString + "\n",
            keyPEM: try key.serializeAsPEM().pemString + "\n")
    }
}

extension Date {
    static func of(_ seconds: Int64) -> Date { Date(timeIntervalSince1970: Double(seconds)) }
}
