import Client
import Document

/// A request as the handlers see it, whether it came over a socket or from within.
struct Incoming: Sendable {
    /// The HTTP method in capitals.
    var method: String
    /// The path, still percent-encoded.
    var path: String
    var query: Query
    /// Empty where the header is missing.
    var contentType: String
    var accept: String
    var userAgent: String
    var ifNoneMatch: String
    var ifModifiedSince = ""
    var body: APIRequest.Body?
    var identity: Identity
    /// What a proxy passes on; nil for all other requests.
    var carried: CarriedRequest?
    /// As whom the client wants to act; nil for as himself.
    var impersonation: Impersonation?

    init(
        method: String, path: String, query: Query, contentType: String = "", accept: String = "",
        userAgent: String = "", ifNoneMatch: String = "", body: APIRequest.Body? = nil, identity: Identity
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.userAgent = userAgent
        self.ifNoneMatch = ifNoneMatch
        self.body = body
        self.identity = identity
    }

    var hasBody: Bool {
        switch body {
        case nil: false
        case .value: true
        case .bytes(let bytes): !bytes.isEmpty
        }
    }
}
