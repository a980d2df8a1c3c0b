import Crypto

/// Digests of bytes, for those who may not know the cryptography packages.
public enum Digest {
    /// SHA-256 over the bytes.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// SHA-1 over the bytes, for what has to agree with others and not for security.
    public static func sha1(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.SHA1.hash(data: bytes)) }

    /// SHA-512 over the bytes.
    public static func sha512(_ bytes: [UInt8]) -> [UInt8] { Array(SHA512.hash(data: bytes)) }

    /// A short name for a text: the first eight hexadecimal digits of its SHA-256.
    public static func short(_ text: String) -> String { hexadecimal(Array(text.utf8)).prefix(8).lowercased() }

    /// SHA-512 over the bytes, in upper-case hexadecimal.
    public static func longHexadecimal(_ bytes: [UInt8]) -> String {
        sha512(bytes).map { Hexadecimal.text($0) }.joined().uppercased()
    }

    /// SHA-256 over the bytes, in upper-case hexadecimal.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        sha256(bytes).map { Hexadecimal.text($0) }.joined().uppercased()
    }
}
