/// What `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT` in the path of a proxied request names (apimachinery's
/// SplitSchemeNamePort).
struct ProxyAddress: Hashable {
    /// Empty, `http` or `https`.
    let scheme: String
    let name: String
    /// A number or the name of a port; empty for the usual one.
    let port: String

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: (scheme, name, port) = ("", parts[0], "")
        case 2: (scheme, name, port) = ("", parts[0], parts[1])
        case 3: (scheme, name, port) = (parts[0], parts[1], parts[2])
        default: return nil
        }
        guard !name.isEmpty, ["", "http", "https"].contains(scheme) else { return nil }
    }
}

/// What of a request over a socket a proxy passes on as it is.
struct CarriedRequest: Sendable {
    /// The path and query as they were sent.
    var target: String
    var headers: [(name: String, value: String)]
    /// The address of who sent it; empty where it is not known.
    var client: String

    /// The first header of a name in lower case.
    func value(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// Headers that are about this connection, or about who asks, and are none of the other side's business.
    private static let own: Set<String> = [
        "authorization", "connection", "content-length", "host", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "expect", "x-forwarded-for",
    ]

    static func isOwn(_ name: String) -> Bool {
        let name = name.lowercased()
        return own.contains(name) || name.hasPrefix("impersonate-") || name.hasPrefix("x-remote-")
    }
}
