import API
import Document
import PKI

/// A JSON Web Token (RFC 7519) of a service account, with the claims that Kubernetes' tokens have.
struct WebToken: Sendable {
    var claims: Value

    /// The issuer of all tokens of a cluster, and the audience of those that are meant for the API itself.
    static let issuer = "https://kubernetes.default.svc.cluster.local"

    init(claims: Value) { self.claims = claims }

    /// The signed text.
    func signed(with key: SigningKey) throws(PKIFailure) -> String {
        let header: Value = ["alg": .string(key.algorithm.rawValue), "kid": .string(key.identifier)]
        let body = "\(Base64URL.text(JSON.write(header))).\(Base64URL.text(JSON.write(claims)))"
        return "\(body).\(Base64URL.text(try key.signature(for: Array(body.utf8))))"
    }

    /// Reads a token that the key has signed; nil for anything else. Whether it holds now is for `holds` to say.
    init?(_ text: String, key: SigningKey) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.bytes(String(parts[2])),
            let header = WebToken.json(parts[0]), header["alg"]?.string == key.algorithm.rawValue,
            let claims = WebToken.json(parts[1]),
            key.isValid(signature: signature, for: Array("\(parts[0]).\(parts[1])".utf8))
        else { return nil }
        self.claims = claims
    }

    private static func json(_ part: Substring) -> Value? {
        Base64URL.bytes(String(part)).flatMap { try? JSON.parse($0) }
    }

    /// Whether the text looks like a token at all, so that other bearer tokens need no key.
    static func isLikely(_ text: String) -> Bool { text.count(where: { $0 == "." }) == 2 }

    /// Whom the token is meant for.
    var audiences: [String] { claims["aud"]?.array?.compactMap(\.string) ?? [] }

    /// Whether the token is meant for one of the audiences and holds at that time.
    func holds(at now: Time, audiences: [String]) -> Bool {
        claims["iss"]?.string == WebToken.issuer && (claims["exp"]?.int ?? 0) > Int(now.seconds)
            && (claims["nbf"]?.int ?? 0) <= Int(now.seconds) && self.audiences.contains(where: audiences.contains)
    }
}
