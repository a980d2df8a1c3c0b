package import Document

/// A URL as Go's package net/url takes it apart and puts it together.
package struct GoURL {
    package var scheme: Text = ""
    package var opaque: Text = ""
    /// `user:password`, escaped; nil where there is no `@`.
    var userInfo: Text?
    package var host: Text = ""
    package var path: Text = ""
    var query: Text = ""
    var fragment: Text = ""
    private var forcesQuery = false

    /// Why a text is no URL.
    package struct Malformed: Error {
        package let message: String
    }

    init() {}

    package init(_ bytes: [UInt8]) throws(Malformed) {
        func failure(_ words: String) -> Malformed { Malformed(message: "parse \(Quoting.string(bytes)): \(words)") }
        let hash = bytes.firstIndex(of: UInt8(ascii: "#"))
        let body = Array(bytes[..<(hash ?? bytes.count)])
        do throws(Fault) {
            try read(body)
        } catch {
            throw Malformed(message: "parse \(Quoting.string(body)): \(error.words)")
        }
        if let hash {
            guard let text = GoURL.unescape(bytes[(hash + 1)...]) else {
                throw failure("invalid URL escape \(GoURL.badEscape(bytes[(hash + 1)...]))")
            }
            fragment = Text(bytes: text)
        }
    }

    private struct Fault: Error {
        let words: String
    }

    private mutating func read(_ bytes: [UInt8]) throws(Fault) {
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw Fault(words: "net/url: invalid control character in URL")
        }
        if bytes.elementsEqual("*".utf8) {
            path = "*"
            return
        }
        var rest = try readScheme(bytes)
        if rest.last == UInt8(ascii: "?"), rest.count(where: { $0 == UInt8(ascii: "?") }) == 1 {
            forcesQuery = true
            rest.removeLast()
        } else if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            query = Text(bytes: rest[(mark + 1)...])
            rest = Array(rest[..<mark])
        }
        if rest.first != UInt8(ascii: "/") {
            if !scheme.isEmpty {
                opaque = Text(bytes: rest)
                return
            }
            let segment = rest.prefix { $0 != UInt8(ascii: "/") }
            if segment.contains(UInt8(ascii: ":")) {
                throw Fault(words: "first path segment in URL cannot contain colon")
            }
        }
        if rest.starts(with: "//".utf8), !scheme.isEmpty || !rest.starts(with: "///".utf8) {
            let end = rest[2...].firstIndex(of: UInt8(ascii: "/")) ?? rest.count
            try readAuthority(Array(rest[2..<end]))
            rest = Array(rest[end...])
        }
        guard let text = GoURL.unescape(rest[...]) else {
            throw Fault(words: "invalid URL escape \(GoURL.badEscape(rest[...]))")
        }
        path = Text(bytes: text)
    }

    private mutating func readScheme(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: continue
            case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): if index == 0 { return bytes }
            case UInt8(ascii: ":"):
                if index == 0 { throw Fault(words: "missing protocol scheme") }
                scheme = Text(String(decoding: bytes[..<index], as: UTF8.self).lowercased())
                return Array(bytes[(index + 1)...])
            default: return bytes
            }
        }
        return bytes
    }

    private mutating func readAuthority(_ bytes: [UInt8]) throws(Fault) {
        var hostBytes = bytes
        if let at = bytes.lastIndex(of: UInt8(ascii: "@")) {
            let user = bytes[..<at]
            let allowed = Array("-._:~!$&'()*+,;=%@".utf8)
            let isValid = user.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || allowed.contains(byte)
            }
            if !isValid { throw Fault(words: "net/url: invalid userinfo") }
            userInfo = try GoURL.canonicalUser(user)
            hostBytes = Array(bytes[(at + 1)...])
        }
        try checkHost(hostBytes)
        guard let text = GoURL.unescape(hostBytes[...]) else {
            throw Fault(words: "invalid URL escape \(GoURL.badEscape(hostBytes[...]))")
        }
        try GoURL.checkEscapes(ofHost: hostBytes)
        host = Text(bytes: text)
    }

    /// In a host only what is not ASCII is escaped, but for the mark of a zone: after that what a host may hold too.
    private static func checkEscapes(ofHost bytes: [UInt8]) throws(Fault) {
        var inZone = false
        for index in bytes.indices.dropLast(2) {
            if bytes[index] == UInt8(ascii: "]") { inZone = false }
            guard bytes[index] == UInt8(ascii: "%") else { continue }
            let escape = bytes[index...].prefix(3)
            guard let value = unescape(escape)?.first, !escape.elementsEqual("%25".utf8) else {
                inZone = inZone || bytes.first == UInt8(ascii: "[")
                continue
            }
            let isKept = value == 0x20 || Escaping.percent([value], keeping: hostMarks) == [value]
            if value < 0x80, !inZone || !isKept { throw Fault(words: "invalid URL escape \(Quoting.string(escape))") }
        }
    }

    /// What a host may hold besides letters and digits.
    private static let hostMarks: StaticString = "-_.~!$&'()*+,;=:[]<>\""

    private static func canonicalUser(_ user: ArraySlice<UInt8>) throws(Fault) -> Text {
        var parts: [[UInt8]] = []
        for part in GoStrings.split(Array(user), [UInt8(ascii: ":")], limit: 2) {
            guard let plain = unescape(part[...]) else {
                throw Fault(words: "invalid URL escape \(badEscape(part[...]))")
            }
            parts.append(Escaping.percent(plain, keeping: "-_.~$&+,;="))
        }
        return Text(bytes: Array(parts.joined(separator: [UInt8(ascii: ":")])))
    }

    private func checkHost(_ bytes: [UInt8]) throws(Fault) {
        if let open = bytes.lastIndex(of: UInt8(ascii: "[")), open > 0 { throw Fault(words: "invalid IP-literal") }
        if bytes.first == UInt8(ascii: "["), !bytes.contains(UInt8(ascii: "]")) {
            throw Fault(words: "missing ']' in host")
        }
        for byte in bytes {
            let isPlain =
                byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || "-_.~!$&'()*+,;=:[]<>\"%".utf8.contains(byte)
            if !isPlain {
                throw Fault(words: "invalid character \(Quoting.string([byte])) in host name")
            }
        }
        let start =
            bytes.lastIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? bytes.firstIndex(of: UInt8(ascii: ":"))
            ?? bytes.count
        let port = bytes[start...]
        if port.isEmpty { return }
        guard port.first == UInt8(ascii: ":"), port.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Fault(words: "invalid port \(Quoting.string(port)) after host")
        }
    }

    // MARK: - Parts

    /// The host without port and brackets.
    package var hostName: Text {
        let bytes = host.bytes
        if bytes.first == UInt8(ascii: "["), let end = bytes.lastIndex(of: UInt8(ascii: "]")) {
            return Text(bytes: bytes[1..<end])
        }
        return bytes.lastIndex(of: UInt8(ascii: ":")).map { Text(bytes: bytes[..<$0]) } ?? host
    }

    /// The URL as `URL.String` writes it.
    package var text: Text {
        var out: [UInt8] = scheme.isEmpty ? [] : scheme.bytes + [UInt8(ascii: ":")]
        if !opaque.isEmpty {
            out += opaque.bytes
        } else {
            if !scheme.isEmpty || !host.isEmpty || userInfo != nil {
                if !host.isEmpty || !path.isEmpty || userInfo != nil { out += "//".utf8 }
                if let userInfo { out += userInfo.bytes + [UInt8(ascii: "@")] }
                out += Escaping.percent(host.bytes, keeping: GoURL.hostMarks)
            }
            let escaped = Escaping.percent(path.bytes, keeping: "-_.~$&+,/:;=@")
            if !escaped.isEmpty, escaped[0] != UInt8(ascii: "/"), !host.isEmpty { out.append(UInt8(ascii: "/")) }
            if out.isEmpty, escaped.prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: ":")) {
                out += "./".utf8
            }
            out += escaped
        }
        if forcesQuery || !query.isEmpty { out += [UInt8(ascii: "?")] + query.bytes }
        if !fragment.isEmpty {
            out += [UInt8(ascii: "#")] + Escaping.percent(fragment.bytes, keeping: "-_.~$&+,/:;=?@!()*'")
        }
        return Text(bytes: out)
    }

    static func unescape(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            out.append(value)
            rest = rest.dropFirst(2)
        }
        return out
    }

    static func badEscape(_ bytes: ArraySlice<UInt8>) -> String {
        var rest = bytes
        while let start = rest.firstIndex(of: UInt8(ascii: "%")) {
            let piece = rest[start...].prefix(3)
            if unescape(piece) == nil { return Quoting.string(piece) }
            rest = rest[(start + 3)...]
        }
        return "\"\""
    }
}
