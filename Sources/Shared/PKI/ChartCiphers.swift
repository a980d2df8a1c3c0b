import Crypto
import FoundationEssentials
import _CryptoExtras

/// The ciphers and derivations that chart functions offer.
public enum ChartCiphers {
    /// AES-256 in CBC mode with PKCS #7 padding, the initialization vector in front.
    public static func encrypt(_ bytes: [UInt8], key: [UInt8], vector: [UInt8]) throws(PKIFailure) -> [UInt8] {
        try PKIFailure.wrap("encrypt") {
            let iv = try AES._CBC.IV(ivBytes: vector)
            return vector + Array(try AES._CBC.encrypt(bytes, using: SymmetricKey(data: key), iv: iv))
        }
    }

    /// What `encrypt` made, back, with its padding; the initialization vector is its first 16 bytes.
    public static func decrypt(_ bytes: [UInt8], key: [UInt8]) throws(PKIFailure) -> [UInt8] {
        try PKIFailure.wrap("decrypt") {
            let iv = try AES._CBC.IV(ivBytes: Array(bytes.prefix(16)))
            let key = SymmetricKey(data: key)
            return Array(try AES._CBC.decrypt(Array(bytes.dropFirst(16)), using: key, iv: iv, noPadding: true))
        }
    }

    /// scrypt (RFC 7914).
    public static func scrypt(
        _ password: [UInt8], salt: [UInt8], rounds: Int, blockSize: Int, parallelism: Int, count: Int
    ) throws(PKIFailure) -> [UInt8] {
        try PKIFailure.wrap("derive a key") {
            let key = try KDF.Scrypt.deriveKey(
                from: password, salt: salt, outputByteCount: count, rounds: rounds, blockSize: blockSize,
                parallelism: parallelism, maxMemory: 256 << 20)
            return key.withUnsafeBytes(Array.init)
        }
    }

    /// HMAC with SHA-256 (RFC 2104).
    public static func authenticationCode(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
    }
}
