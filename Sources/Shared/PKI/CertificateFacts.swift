import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// What a certificate says about itself; whether it is to be believed is decided by who verified its chain.
public struct CertificateFacts: Sendable, Hashable {
    public let commonName: String
    public let organizations: [String]
    /// DNS names and IP addresses, as text.
    public let alternatives: [String]
    /// Seconds since 1970.
    public let notBefore: Int64
    public let notAfter: Int64
    /// SHA-256 over the DER bytes, in lower-case hexadecimal.
    public let fingerprint: String

    /// Reads the first certificate of a PEM text.
    public init(pem: String) throws(PKIFailure) {
        self = try PKIFailure.wrap("read the certificate") {
            try CertificateFacts(try Certificate(pemEncoded: pem), der: try PEMDocument(pemString: pem).derBytes)
        }
    }

    /// Reads a certificate from its DER bytes.
    public init(der: [UInt8]) throws(PKIFailure) {
        self = try PKIFailure.wrap("read the certificate") {
            try CertificateFacts(try Certificate(derEncoded: der), der: der)
        }
    }

    private init(_ certificate: Certificate, der: [UInt8]) throws {
        let names = certificate.subject.flatMap(Array.init)
        commonName = names.last { $0.type == .RDNAttributeType.commonName }.map { "\($0.value)" } ?? ""
        organizations = names.filter { $0.type == .RDNAttributeType.organizationName }.map { "\($0.value)" }
        alternatives = try certificate.extensions.subjectAlternativeNames?.compactMap(Self.text) ?? []
        notBefore = Int64(certificate.notValidBefore.timeIntervalSince1970)
        notAfter = Int64(certificate.notValidAfter.timeIntervalSince1970)
        fingerprint = SHA256.hash(data: der).map { Hexadecimal.text($0) }.joined()
    }

    private static func text(_ name: GeneralName) -> String? {
        switch name {
        case .dnsName(let text): text
        case .ipAddress(let bytes): IPAddress.text(Array(bytes.bytes))
        default: nil
        }
    }

    /// Whether a new certificate should take this one's place: in the last tenth of its life, before or after it, or when
    /// it does not name all that it should.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - wanted: the names and addresses that it has to be good for.
    public func needsRenewal(at now: Int64, wanted: [String] = []) -> Bool {
        let lastTenth = notAfter - (notAfter - notBefore) / 10
        guard now >= notBefore, now < lastTenth else { return true }
        let mine = Set(alternatives.map(IPAddress.canonical))
        return !wanted.allSatisfy { mine.contains(IPAddress.canonical($0)) }
    }
}

/// Two hexadecimal digits a byte.
enum Hexadecimal {
    static func text(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0\(digits)" : digits
    }
}
