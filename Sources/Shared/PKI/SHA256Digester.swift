import Crypto

/// Counts the SHA-256 digest of bytes that come piece by piece, for what is too large to be held in memory.
public struct SHA256Digester: Sendable {
    private var hash = SHA256()

    public init() {}

    /// Takes further bytes in.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// The 32 bytes of the digest of all that came.
    public func digest() -> [UInt8] { Array(hash.finalize()) }

    /// The digest in 64 lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The digest of bytes in memory, in hexadecimal.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        var digester = SHA256Digester()
        bytes.withUnsafeBytes { digester.update($0) }
        return digester.hexadecimal
    }
}
