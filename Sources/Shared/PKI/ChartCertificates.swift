import Crypto
import FoundationEssentials
import SwiftASN1
import X509
import _CryptoExtras

/// Keys and certificates as charts ask for them: RSA of 2048 bits, SHA-256, for servers and clients alike.
public enum ChartCertificates {
    /// The kinds of keys that `genPrivateKey` makes.
    public enum KeyKind: String, Sendable {
        case rsa
        case dsa
        case ecdsa
        case ed25519
    }

    /// What a certificate is for.
    public struct Subject: Sendable {
        public var name: String
        public var addresses: [String] = []
        public var names: [String] = []
        public var days: Int
        public var isAuthority = false

        public init(name: String, days: Int) {
            self.name = name
            self.days = days
        }
    }

    /// A new key as PEM, in the form that Go writes for its kind.
    public static func key(_ kind: KeyKind, bits: Int = 4096) throws(PKIFailure) -> String {
        try PKIFailure.wrap("make a private key") {
            switch kind {
            case .rsa:
                try _RSA.Signing.PrivateKey(keySize: .init(bitCount: bits)).pemRepresentation
                    .split(separator: "\n").joined(separator: "\n") + "\n"
            case .dsa: try dsaKey()
            case .ecdsa: SEC1.pem(P256.Signing.PrivateKey())
            case .ed25519:
                try Certificate.PrivateKey(Curve25519.Signing.PrivateKey()).serializeAsPEM().pemString + "\n"
            }
        }
    }

    private static func dsaKey() throws -> String {
        var generator = SystemRandomNumberGenerator()
        return try DSAKey(using: &generator).pem()
    }

    /// Makes a certificate, signed by its own key or by an authority.
    ///
    /// - Parameters:
    ///   - keyPEM: the certificate's key; a new one where nil.
    ///   - authority: nil for a certificate that signs itself.
    ///   - now: seconds since 1970.
    public static func make(
        _ subject: Subject, keyPEM: String? = nil, authority: Credential? = nil, now: Int64
    ) throws(PKIFailure) -> Credential {
        let pem: String
        if let keyPEM { pem = keyPEM } else { pem = try key(.rsa, bits: 2048) }
        return try PKIFailure.wrap("make a certificate") {
            let own = try Certificate.PrivateKey(pemEncoded: pem)
            let signer = try authority.map { try Certificate.PrivateKey(pemEncoded: $0.keyPEM) } ?? own
            let issuer = try authority.map { try Certificate(pemEncoded: $0.certificatePEM).subject }
            let holder = try DistinguishedName { CommonName(subject.name) }
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: own.publicKey,
                notValidBefore: Date(timeIntervalSince1970: Double(now)),
                notValidAfter: Date(timeIntervalSince1970: Double(now + Int64(subject.days) * 86400)),
                issuer: issuer ?? holder, subject: holder, extensions: try extensions(subject, own, signer),
                issuerPrivateKey: signer)
            return Credential(certificatePEM: try certificate.serializeAsPEM().pemString + "\n", keyPEM: pem)
        }
    }

    private static func extensions(
        _ subject: Subject, _ own: Certificate.PrivateKey, _ signer: Certificate.PrivateKey
    ) throws -> Certificate.Extensions {
        var alternatives = subject.names.map { GeneralName.dnsName($0) }
        for address in subject.addresses {
            guard let bytes = IPAddress.bytes(address) else { throw PKIFailure("read an address", address) }
            alternatives.append(.ipAddress(ASN1OctetString(contentBytes: ArraySlice(bytes))))
        }
        return try Certificate.Extensions {
            Critical(
                KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: subject.isAuthority))
            try ExtendedKeyUsage([.serverAuth, .clientAuth])
            Critical(
                subject.isAuthority
                    ? BasicConstraints.isCertificateAuthority(maxPathLength: nil)
                    : BasicConstraints.notCertificateAuthority)
            if subject.isAuthority { SubjectKeyIdentifier(hash: own.publicKey) }
            if !alternatives.isEmpty { SubjectAlternativeNames(alternatives) }
        }
    }

    /// Whether a text is an IP address.
    public static func isAddress(_ text: String) -> Bool { IPAddress.bytes(text) != nil }

    /// Reads a certificate and a key, and says whether both are such.
    public static func areReadable(_ credential: Credential) -> (certificate: Bool, key: Bool) {
        (
            (try? Certificate(pemEncoded: credential.certificatePEM)) != nil,
            (try? Certificate.PrivateKey(pemEncoded: credential.keyPEM)) != nil
        )
    }
}

/// Elliptic-curve keys in the form of SEC 1, which Go writes.
private enum SEC1 {
    static func pem(_ key: P256.Signing.PrivateKey) -> String {
        let curve: [UInt8] = [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        let point = Array(key.publicKey.x963Representation)
        let body =
            [0x02, 0x01, 0x01, 0x04, 0x20] + Array(key.rawRepresentation) + curve
            + [0xA1, 0x44, 0x03, 0x42, 0x00] + point
        return PEMDocument(type: "EC PRIVATE KEY", derBytes: [0x30, UInt8(body.count)] + body).pemString + "\n"
    }
}
