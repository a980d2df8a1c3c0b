import Document

/// Who makes a request, as authentication found out (user.Info).
public struct Identity: Sendable, Hashable {
    public let name: String
    public let uid: String
    public let groups: [String]
    /// What the authenticator adds beside: key and values, sorted by key.
    public var extra: [String: [String]] = [:]
    /// Whether this is a component of this process, which reached the server without a socket and so cannot be forged.
    public let isComponent: Bool

    private init(name: String, uid: String, groups: [String], isComponent: Bool) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.isComponent = isComponent
    }

    /// Somebody who proved who he is; `system:authenticated` is added to his groups.
    public static func user(_ name: String, uid: String = "", groups: [String]) -> Identity {
        Identity(name: name, uid: uid, groups: groups + ["system:authenticated"], isComponent: false)
    }

    /// Somebody in whose name another acts.
    static func impersonated(_ name: String, uid: String, groups: [String], extra: [String: [String]]) -> Identity {
        let standard = name == "system:anonymous" ? "system:unauthenticated" : "system:authenticated"
        // Whoever is to be nobody in particular is not made more (WithImpersonation).
        let saysSo = groups.contains(standard) || groups.contains("system:unauthenticated")
        var identity = Identity(
            name: name, uid: uid, groups: groups + (saysSo ? [] : [standard]), isComponent: false)
        identity.extra = extra
        return identity
    }

    /// Somebody whom a review asks about, with just the groups that it names.
    static func reviewed(_ name: String, uid: String, groups: [String]) -> Identity {
        Identity(name: name, uid: uid, groups: groups, isComponent: false)
    }

    /// A component of this process under its own name, such as `system:serviceaccount:kube-system:job-controller`.
    public static func component(_ name: String, groups: [String] = []) -> Identity {
        Identity(name: name, uid: "", groups: groups + ["system:authenticated"], isComponent: true)
    }

    /// Who shows nothing that says who he is.
    public static let anonymous = Identity(
        name: "system:anonymous", uid: "", groups: ["system:unauthenticated"], isComponent: false)
}

extension Identity {
    /// The form that reviews show (authentication.k8s.io UserInfo).
    var value: Value {
        var value: Value = ["username": .string(name), "groups": .array(groups.map(Value.string))]
        if !uid.isEmpty { value["uid"] = .string(uid) }
        for (key, texts) in extra { value["extra", Text(key)] = .array(texts.map(Value.string)) }
        return value
    }
}
