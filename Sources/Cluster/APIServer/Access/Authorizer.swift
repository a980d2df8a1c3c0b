import API

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
    /// The field selector of a list or watch, as it was sent.
    public var fieldSelector: String

    public init(
        verb: String, group: String = "", resource: String = "", subresource: String = "", namespace: String = "",
        name: String = "", path: String = "", fieldSelector: String = ""
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.path = path
        self.fieldSelector = fieldSelector
    }
}

/// What an authorizer says.
public struct Decision: Sendable, Hashable {
    public let isAllowed: Bool
    /// Why, or why not; empty where there is nothing to say.
    public let reason: String

    public init(isAllowed: Bool, reason: String = "") {
        self.isAllowed = isAllowed
        self.reason = reason
    }

    /// Not allowed as far as this authorizer knows.
    public static let noOpinion = Decision(isAllowed: false)
}

/// Decides who may do what.
public protocol Authorizer: Sendable {
    /// Whether he may, and why not or why.
    func decide(_ attempt: Attempt, by identity: Identity) -> Decision
}

/// Allows everything to `system:masters` and to the components of this process, which nobody can forge.
struct PrivilegedAuthorizer: Authorizer {
    func decide(_ attempt: Attempt, by identity: Identity) -> Decision {
        identity.isPrivileged ? Decision(isAllowed: true) : .noOpinion
    }
}

/// Several authorizers: what one of them allows is allowed, and else all of them say why not.
struct AuthorizerChain: Authorizer {
    let authorizers: [any Authorizer]

    func decide(_ attempt: Attempt, by identity: Identity) -> Decision {
        var reasons: [String] = []
        for authorizer in authorizers {
            let decision = authorizer.decide(attempt, by: identity)
            if decision.isAllowed { return decision }
            if !decision.reason.isEmpty { reasons.append(decision.reason) }
        }
        return Decision(isAllowed: false, reason: reasons.joined(separator: "\n"))
    }
}

extension Identity {
    /// Whether nothing has to be asked: no rights go beyond his.
    var isPrivileged: Bool { isComponent || groups.contains("system:masters") }
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

extension Attempt {
    /// What a request about a resource attempts (apiserver's RequestInfo).
    init(_ incoming: Incoming, _ route: Route, _ verb: Verb) {
        let selector = incoming.query["fieldSelector"]
        var name = route.name
        // A collection of which one name is selected counts as the object of that name.
        if name.isEmpty, [.list, .watch, .deletecollection].contains(verb) {
            let named = selector.split(separator: ",").filter { $0.hasPrefix("metadata.name=") }
            if named.count == 1 {
                name = String(named[0].dropFirst("metadata.name=".count).drop { $0 == "=" })
            }
        }
        self.init(
            verb: verb.rawValue, group: route.group, resource: route.resource, subresource: route.subresource,
            namespace: route.namespace, name: name, path: incoming.path, fieldSelector: selector)
    }
}

extension Status {
    /// The 403 of an attempt at a resource.
    static func forbidden(_ attempt: Attempt, _ identity: Identity, _ decision: Decision) -> Status {
        let gvr = GroupVersionResource(group: attempt.group, version: "", resource: attempt.resource)
        return .forbidden(gvr, attempt.name, attempt.refusal(of: identity, reason: decision.reason))
    }
}
