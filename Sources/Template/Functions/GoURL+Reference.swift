package import Document

extension GoURL {
    /// What another URL means where this one is the base: `URL.ResolveReference` (RFC 3986, 5.2).
    package func resolving(_ reference: GoURL) -> GoURL {
        var result = reference
        if reference.scheme.isEmpty { result.scheme = scheme }
        if !reference.scheme.isEmpty || !reference.host.isEmpty || reference.userInfo != nil {
            result.path = GoURL.resolved("", reference.path)
            return result
        }
        if reference.path.isEmpty, reference.query.isEmpty {
            result.query = query
            if reference.fragment.isEmpty { result.fragment = fragment }
            if !opaque.isEmpty {
                result.opaque = opaque
                return result
            }
        }
        (result.host, result.userInfo) = (host, userInfo)
        result.path = GoURL.resolved(path, reference.path)
        return result
    }

    /// A path against another, without `.` and `..`.
    private static func resolved(_ base: Text, _ reference: Text) -> Text {
        let slash = UInt8(ascii: "/")
        var full = reference.bytes
        if full.isEmpty {
            full = base.bytes
        } else if full[0] != slash {
            let end = base.bytes.lastIndex(of: slash).map { $0 + 1 } ?? 0
            full = base.bytes[..<end] + full
        }
        if full.isEmpty { return "" }
        var steps: [ArraySlice<UInt8>] = []
        let parts = full.split(separator: slash, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() where !(index == 0 && part.isEmpty) {
            if part.elementsEqual("..".utf8) {
                _ = steps.popLast()
            } else if !part.elementsEqual(".".utf8) {
                steps.append(part)
                continue
            }
            if index == parts.count - 1 { steps.append([]) }
        }
        return Text(bytes: [slash] + Array(steps.joined(separator: [slash])))
    }

    /// Go's `url.PathUnescape`; nil where a `%` is not followed by two hexadecimal digits.
    package static func decoded(_ text: Text) -> Text? {
        text.withBytes { $0.contains(UInt8(ascii: "%")) } ? unescape(text.bytes[...]).map { Text(bytes: $0) } : text
    }

    /// The first wrong escape of a text, quoted.
    package static func badEscape(in text: Text) -> String { badEscape(text.bytes[...]) }
}
