/// What a path of the API names: a collection, an object or a part of one (apiserver's RequestInfo).
struct Route: Sendable, Hashable {
    var group = ""
    var version = ""
    /// The plural name.
    var resource = ""
    var namespace = ""
    var name = ""
    var subresource = ""
    /// What follows the subresource: the path behind a proxy.
    var rest = ""
    /// Whether it is one of the old `/watch/` paths.
    var isWatch = false

    /// Reads `/api/VERSION/…` and `/apis/GROUP/VERSION/…`; nil for every other path, and where no resource is named.
    init?(_ path: String) {
        var parts = path.utf8.split(separator: UInt8(ascii: "/")).map { Percent.decode(Substring($0)) }[...]
        switch parts.popFirst() {
        case "api":
            guard let version = parts.popFirst() else { return nil }
            self.version = version
        case "apis":
            guard let group = parts.popFirst(), let version = parts.popFirst() else { return nil }
            self.group = group
            self.version = version
        default: return nil
        }
        if parts.first == "watch" {
            isWatch = true
            parts = parts.dropFirst()
        }
        guard parts.first != nil else { return nil }
        takeNamespace(&parts)
        resource = parts.popFirst() ?? ""
        name = parts.popFirst() ?? ""
        subresource = parts.popFirst() ?? ""
        if !parts.isEmpty { rest = parts.joined(separator: "/") }
    }

    /// `namespaces/NS/…` is about something in a namespace, but for the subresources of the namespace itself.
    private mutating func takeNamespace(_ parts: inout ArraySlice<String>) {
        guard parts.first == "namespaces", parts.count > 2 else { return }
        let third = parts[parts.startIndex + 2]
        namespace = parts[parts.startIndex + 1]
        if third != "status" && third != "finalize" { parts = parts.dropFirst(2) }
    }
}

/// What is done with what a path names.
enum Verb: String, Sendable {
    case get, list, watch, create, update, patch, delete, deletecollection

    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - hasName: whether the path names one object.
    ///   - isWatch: whether the query or the path asks to watch.
    init?(method: String, hasName: Bool, isWatch: Bool) {
        switch method {
        case "GET", "HEAD": self = isWatch ? .watch : hasName ? .get : .list
        case "POST": self = .create
        case "PUT": self = .update
        case "PATCH": self = .patch
        case "DELETE": self = hasName ? .delete : .deletecollection
        default: return nil
        }
    }
}
