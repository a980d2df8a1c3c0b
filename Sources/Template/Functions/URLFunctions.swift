import Document

extension Function {
    /// Sprig's functions of URLs.
    static let urls: [Function] = [
        Function("urlParse", .string) { arguments throws(CallFailure) in
            let url: GoURL
            do throws(GoURL.Malformed) {
                url = try GoURL(arguments.bytes(0))
            } catch {
                throw .text("unable to parse url: \(error.message)")
            }
            return .map(
                GoMap([
                    ("scheme", .string(url.scheme)), ("host", .string(url.host)), ("hostname", .string(url.hostName)),
                    ("path", .string(url.path)), ("query", .string(url.query)), ("opaque", .string(url.opaque)),
                    ("fragment", .string(url.fragment)), ("userinfo", .string(url.userInfo ?? "")),
                ]))
        },
        Function("urlJoin", .map) { arguments throws(CallFailure) in try join(arguments.map(0)) },
    ]

    private static func join(_ parts: GoMap) throws(CallFailure) -> GoValue {
        func part(_ key: Text) throws(CallFailure) -> Text {
            let value = parts[key] ?? .string(Text(""))
            if let text = value.text { return text }
            if value.isNil { throw .text("runtime error: invalid memory address or nil pointer dereference") }
            let kind = value.kindName
            throw .text("unable to parse \(key.string) key, must be of type string, but \(kind) found")
        }
        var url = GoURL()
        url.scheme = try part("scheme")
        url.host = try part("host")
        url.path = try part("path")
        url.query = try part("query")
        url.opaque = try part("opaque")
        url.fragment = try part("fragment")
        let user = try part("userinfo")
        if !user.isEmpty {
            do throws(GoURL.Malformed) {
                url.userInfo = try GoURL(Array("proto://".utf8) + user.bytes + Array("@host".utf8)).userInfo
            } catch {
                throw .text("unable to parse userinfo in dict: \(error.message)")
            }
        }
        return .string(url.text)
    }
}
