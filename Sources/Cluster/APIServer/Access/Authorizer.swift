/// What somebody wants to do, as authorization sees it.
public struct Attempt: Sendable, Hashable {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for other paths the method in
    /// lower case.
    public var verb: String
    public var group: String
    /// Empty for paths that are no resources.
    public var resource: String
    public var subresource: String
    public var namespace: String
    public var name: String
    public var path: String

    public init(
        verb: String, group: String = "", resource: String = "", subresource: String = "", namespace: String = "",
        name: String = "", path: String = ""
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.path = path
    }
}

/// Decides who may do what.
public protocol Authorizer: Sendable {
    /// Whether he may, and why not or why.
    func decide(_ attempt: Attempt, by identity: Identity) -> (isAllowed: Bool, reason: String)
}

/// The rule until RBAC comes: `system:masters` and the components of this process may do everything, everybody may see
/// health and version, and nobody may do anything else.
public struct MastersOnly: Authorizer {
    /// What the role system:public-info-viewer shows to everybody.
    private static let open: Set<String> = ["/healthz", "/livez", "/readyz", "/version", "/version/"]

    public init() {}

    public func decide(_ attempt: Attempt, by identity: Identity) -> (isAllowed: Bool, reason: String) {
        if identity.isComponent || identity.groups.contains("system:masters") { return (true, "") }
        return (attempt.verb == "get" && attempt.resource.isEmpty && MastersOnly.open.contains(attempt.path), "")
    }
}

extension Attempt {
    /// Upstream's text for who may not (apiserver's responsewriters.Forbidden).
    func refusal(of identity: Identity, reason: String) -> String {
        let tail = reason.isEmpty ? "" : ": \(reason)"
        guard !resource.isEmpty else {
            return "User \"\(identity.name)\" cannot \(verb) path \"\(path)\"\(tail)"
        }
        let what = subresource.isEmpty ? resource : "\(resource)/\(subresource)"
        let place = namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(namespace)\""
        return "User \"\(identity.name)\" cannot \(verb) resource \"\(what)\" in API group \"\(group)\" \(place)\(tail)"
    }
}
