/// Stands in for PKI where fuzzers are built, so that none of the cryptography packages is: each answer has the right
/// form and is worth nothing.
public struct PKIFailure: Error, CustomStringConvertible {
    public let description = "there is no cryptography here"
}

public struct Credential: Sendable, Hashable {
    public let certificatePEM: String
    public let keyPEM: String

    public init(certificatePEM: String, keyPEM: String) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }
}

public enum ChartCertificates {
    public enum KeyKind: String, Sendable { case rsa, ecdsa, ed25519 }

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

    public static func key(_ kind: KeyKind) throws(PKIFailure) -> String { "\(kind)" }

    public static func make(
        _ subject: Subject, keyPEM: String?, authority: Credential?, now: Int64
    ) throws(PKIFailure) -> Credential {
        if subject.name.isEmpty { throw PKIFailure() }
        return Credential(certificatePEM: subject.name, keyPEM: keyPEM ?? "")
    }

    public static func isAddress(_ text: String) -> Bool { text.contains(".") }

    public static func areReadable(_ credential: Credential) -> (certificate: Bool, key: Bool) {
        (!credential.certificatePEM.isEmpty, !credential.keyPEM.isEmpty)
    }
}

public enum ChartCiphers {
    public static func encrypt(_ bytes: [UInt8], key: [UInt8], vector: [UInt8]) throws(PKIFailure) -> [UInt8] {
        vector + bytes
    }

    public static func decrypt(_ bytes: [UInt8], key: [UInt8]) throws(PKIFailure) -> [UInt8] {
        guard bytes.count % 16 == 0 else { throw PKIFailure() }
        return Array(bytes.dropFirst(16))
    }

    public static func scrypt(
        _ password: [UInt8], salt: [UInt8], rounds: Int, blockSize: Int, parallelism: Int, count: Int
    ) throws(PKIFailure) -> [UInt8] { [UInt8](repeating: 1, count: count) }

    public static func authenticationCode(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] { Digest.sha256(bytes) }
}

public enum Digest {
    public static func sha1(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 1, count: 20) }
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 2, count: 32) }
    public static func sha512(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 5, count: 64) }
}

public enum SHA256Digester {
    public static func hexadecimal(_ bytes: [UInt8]) -> String { String(repeating: "0", count: 64) }
}
