/// The name of an image, normalised as Docker does: `busybox` is `docker.io/library/busybox:latest`.
///
/// The grammar is that of the distribution project's `reference` package.
public struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// The registry's host, with its port where it has one.
    public let domain: String
    /// The repository within the registry.
    public let path: String
    /// Nil where only a digest is given.
    public let tag: String?
    public let digest: Digest?

    /// Reads a reference, short or whole.
    public init(_ text: String) throws(ImageError) {
        func refuse(_ why: String) -> ImageError { ImageError(.invalidReference, "\"\(text)\"", why) }
        var rest = Substring(text)
        var digest: Digest?
        if let at = rest.firstIndex(of: "@") {
            digest = try Digest(String(rest[rest.index(after: at)...]))
            rest = rest[..<at]
        }
        var tag: String?
        let lastSlash = rest.lastIndex(of: "/") ?? rest.startIndex
        if let colon = rest[lastSlash...].firstIndex(of: ":") {
            let given = rest[rest.index(after: colon)...]
            guard ImageReference.isTag(given) else { throw refuse("its tag is not valid") }
            tag = String(given)
            rest = rest[..<colon]
        }
        let (domain, path) = ImageReference.split(String(rest))
        guard path == path.lowercased() else { throw refuse("the repository name must be lower-case") }
        guard ImageReference.isDomain(domain), ImageReference.isPath(path) else {
            throw refuse("it is no valid reference; the form is [REGISTRY/]NAME[:TAG][@DIGEST]")
        }
        guard domain.utf8.count + path.utf8.count + 1 <= 255 else {
            throw refuse("the repository name has more than 255 characters")
        }
        self.domain = domain
        self.path = path
        self.digest = digest
        self.tag = tag ?? (digest == nil ? "latest" : nil)
    }

    /// A first part is a registry when it has a dot or a port, is `localhost`, or cannot be a repository name.
    private static func split(_ name: String) -> (domain: String, path: String) {
        guard let slash = name.firstIndex(of: "/") else { return ("docker.io", "library/\(name)") }
        let first = String(name[..<slash])
        let rest = String(name[name.index(after: slash)...])
        guard first.contains(".") || first.contains(":") || first == "localhost" || first != first.lowercased() else {
            return ("docker.io", name)
        }
        let domain = first == "index.docker.io" ? "docker.io" : first
        return (domain, domain == "docker.io" && !rest.contains("/") ? "library/\(rest)" : rest)
    }

    private static func isTag(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128, isWord(first) else { return false }
        return text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    private static func isDomain(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 2 || parts.count == 2 && (parts[1].isEmpty || !parts[1].utf8.allSatisfy { $0 &- 48 < 10 }) {
            return false
        }
        return parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Parts of lower-case letters and digits, joined by `.`, `_`, `__` or any number of `-`.
    private static func isPath(_ text: String) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            var separator: [UInt8] = []
            guard let first = part.utf8.first, let last = part.utf8.last, isAlphanumeric(first), isAlphanumeric(last)
            else { return false }
            for byte in part.utf8 {
                if isAlphanumeric(byte) {
                    guard isSeparator(separator) else { return false }
                    separator = []
                } else {
                    separator.append(byte)
                }
            }
            return true
        }
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || bytes == [46] || bytes == [95] || bytes == [95, 95] || bytes.allSatisfy { $0 == 45 }
    }

    /// `DOMAIN/PATH`, without tag and digest.
    public var repository: String { "\(domain)/\(path)" }

    /// The whole, normalised form.
    public var description: String {
        repository + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The form that people write: without `docker.io/library/`.
    public var familiar: String {
        for prefix in ["docker.io/library/", "docker.io/"] where description.hasPrefix(prefix) {
            return String(description.dropFirst(prefix.count))
        }
        return description
    }
}
