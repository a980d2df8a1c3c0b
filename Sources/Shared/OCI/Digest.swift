import PKI

/// The SHA-256 digest by which content is named: `sha256:` and 64 hexadecimal digits ("OCI image spec: descriptors").
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// The 64 lower-case hexadecimal digits.
    public let hexadecimal: String

    /// Reads the whole form.
    public init(_ text: String) throws(ImageError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw ImageError(.invalidDigest, text, "a digest is ALGORITHM:HEX") }
        guard parts[0] == "sha256" else {
            throw ImageError(.invalidDigest, text, "digests by \(parts[0]) are not supported yet, only by sha256")
        }
        try self.init(hexadecimal: String(parts[1]))
    }

    init(hexadecimal: String) throws(ImageError) {
        let digits = hexadecimal.utf8
        guard digits.count == 64, digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            throw ImageError(.invalidDigest, hexadecimal, "a sha256 digest has 64 lower-case hexadecimal digits")
        }
        self.hexadecimal = hexadecimal
    }

    public var description: String { "sha256:\(hexadecimal)" }
}

extension Digest {
    static func sha256(_ text: String) -> String { SHA256Digester.hexadecimal(Array(text.utf8)) }
}
