import Document
import Pattern
import Template

/// Mail addresses and URLs as far as `helm lint` takes them for such (asaskevich/govalidator).
enum LintedAddress {
    /// Letters of other alphabets in a mail address.
    private static let letters = #"\x{00A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}"#

    private static let mail: RegularExpression? = {
        let atom = "[a-zA-Z0-9!#$%&'*+\\-/=?^_`{|}~\(letters)]+"
        let blank = #"(((\x20|\x09)*\x0d\x0a)?(\x20|\x09)+)?"#
        let plain = #"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x21\x23-\x5b\x5d-\x7e"# + letters + "]"
        let escaped = #"\([\x01-\x09\x0b\x0c\x0d-\x7f"# + letters + "]"
        let quoted = "\\x22(\(blank)(\(plain)|\(escaped)))*\(blank)\\x22"
        let end = "[a-zA-Z0-9\(letters)]"
        let label = "(\(end)|\(end)[a-zA-Z0-9\\-._~\(letters)]*\(end))"
        let topEnd = "[a-zA-Z\(letters)]"
        let top = "(\(topEnd)|\(topEnd)[a-zA-Z0-9\\-_~\(letters)]*\(topEnd))"
        return pattern("(\(atom)(\\.\(atom))*|\(quoted))@(\(label)\\.)+\(top)\\.?")
    }()

    private static let site: RegularExpression? = {
        let byte = #"(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])"#
        let ip =
            #"([1-9]\d?|1\d\d|2[01]\d|22[0-3]|24\d|25[0-5])"#
            + "(\\.\(byte)){2}\\.([0-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])"
        let word = #"[a-zA-Z0-9]([a-zA-Z0-9-_]+)?[a-zA-Z0-9]([-\.][a-zA-Z0-9]+)*"#
        let subdomain = #"(www\.|[a-zA-Z0-9]+([-_\.]?[a-zA-Z0-9])*[a-zA-Z0-9]\.[a-zA-Z0-9]+)?"#
        let wide = #"a-zA-Z\x{00a1}-\x{ffff}"#
        let name = "(\(word)|\(subdomain))?([\(wide)0-9]+-?-?)*[\(wide)0-9]+(\\.[\(wide)]{1,})?"
        let host = "(\(ip)|\\[[0-9a-fA-F:.%]+\\]|\(name))\\.?"
        return pattern(#"((ftp|tcp|udp|wss?|https?)://)?(\S+(:\S*)?@)?"# + host + #"(:\d{1,5})?([/?#]\S*)?"#)
    }()

    private static func pattern(_ text: String) -> RegularExpression? {
        try? RegularExpression(Array("^(\(text))$".utf8))
    }

    /// govalidator's `IsEmail`
    static func isMail(_ text: String) -> Bool { mail?.matches(Array(text.utf8)) ?? false }

    /// govalidator's `IsURL`: the scheme may be missing.
    static func isURL(_ text: String) -> Bool {
        if text.unicodeScalars.count >= 2083 || text.utf8.count <= 3 || text.hasPrefix(".") { return false }
        let hasPort = text.contains(":") && !text.contains("://")
        guard let url = try? GoURL(Array((hasPort ? "http://\(text)" : text).utf8)) else { return false }
        if url.host.hasPrefix(".") { return false }
        if url.host.isEmpty, !url.path.isEmpty, !url.path.string.contains(".") { return false }
        guard site?.matches(Array(text.utf8)) ?? false else { return false }
        return !url.host.hasPrefix("[") || IPv6Text.fault(url.hostName) == nil
    }

    /// govalidator's `IsRequestURL`: what `url.ParseRequestURI` reads, with a scheme.
    static func isRequestURL(_ text: String) -> Bool {
        // A request has no fragment: `#` is part of the path, and may not stand in a host, as little as `^` may.
        let bytes = text.utf8.map { $0 == UInt8(ascii: "#") ? UInt8(ascii: "^") : $0 }
        guard let url = try? GoURL(bytes) else { return false }
        return !url.scheme.isEmpty
    }
}
