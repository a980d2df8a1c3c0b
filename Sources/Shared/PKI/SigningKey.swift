import Crypto
import FoundationEssentials
import SwiftASN1
import _CryptoExtras

/// A key that signs service-account tokens, as JSON Web Signature (RFC 7515) and JSON Web Key (RFC 7517) name its parts.
public struct SigningKey: Sendable {
    /// The signature algorithms of RFC 7518 that Kubernetes' tokens use.
    public enum Algorithm: String, Sendable {
        /// RSA with PKCS #1 v1.5 and SHA-256: what kubeadm sets up.
        case rs256 = "RS256"
        /// P-256 with SHA-256.
        case es256 = "ES256"
    }

    private enum Storage: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
    }

    private let storage: Storage

    /// Makes a new key. RSA takes tens of milliseconds.
    public init(_ algorithm: Algorithm) throws(PKIFailure) {
        storage = try PKIFailure.wrap("make a signing key") {
            switch algorithm {
            case .rs256: .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            case .es256: .p256(P256.Signing.PrivateKey())
            }
        }
    }

    /// Takes up a key that was made before.
    public init(pem: String) throws(PKIFailure) {
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) {
            storage = .p256(key)
        } else {
            storage = .rsa(
                try PKIFailure.wrap("read the signing key") { try _RSA.Signing.PrivateKey(pemRepresentation: pem) })
        }
    }

    public var pem: String {
        switch storage {
        case .rsa(let key): key.pemRepresentation + "\n"
        case .p256(let key): key.pemRepresentation + "\n"
        }
    }

    public var algorithm: Algorithm {
        switch storage {
        case .rsa: .rs256
        case .p256: .es256
        }
    }

    /// The public key as PKIX DER.
    public var publicDER: [UInt8] {
        switch storage {
        // swift-crypto's own form of an RSA key is PKIX already.
        case .rsa(let key): Array(key.publicKey.derRepresentation)
        case .p256(let key): Array(key.publicKey.derRepresentation)
        }
    }

    /// The name that tokens call the key by: SHA-256 over its PKIX form, base64url, as upstream's keyIDFromPublicKey.
    public var identifier: String { Base64URL.text(Array(SHA256.hash(data: publicDER))) }

    /// The signature over the bytes, in the form that JSON Web Signature asks for.
    public func signature(for bytes: [UInt8]) throws(PKIFailure) -> [UInt8] {
        try PKIFailure.wrap("sign") {
            switch storage {
            case .rsa(let key):
                Array(try key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation)
            case .p256(let key): Array(try key.signature(for: bytes).rawRepresentation)
            }
        }
    }

    /// Whether the signature over the bytes was made with this key.
    public func isValid(signature: [UInt8], for bytes: [UInt8]) -> Bool {
        switch storage {
        case .rsa(let key):
            return key.publicKey.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: bytes),
                padding: .insecurePKCS1v1_5)
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.publicKey.isValidSignature(signature, for: bytes)
        }
    }

    /// The members of the public JSON Web Key, in upstream's order.
    public var publicJWK: [(name: String, value: String)] {
        let head = [("use", "sig"), ("kty", algorithm == .rs256 ? "RSA" : "EC"), ("kid", identifier)]
        switch storage {
        case .rsa(let key):
            let parts = try? key.publicKey.getKeyPrimitives()
            return head + [
                ("alg", algorithm.rawValue), ("n", Base64URL.text(Array(parts?.modulus ?? Data()))),
                ("e", Base64URL.text(Array(parts?.publicExponent ?? Data()))),
            ]
        case .p256(let key):
            let point = Array(key.publicKey.rawRepresentation)
            return head + [
                ("crv", "P-256"), ("alg", algorithm.rawValue), ("x", Base64URL.text(Array(point[..<32]))),
                ("y", Base64URL.text(Array(point[32...]))),
            ]
        }
    }
}
