import API
import Document

/// A RoleBinding or ClusterRoleBinding: who gets which role, and where.
struct RoleBinding: Sendable {
    struct Subject: Sendable, Hashable {
        let kind: String
        let name: String
        let namespace: String
    }

    let name: String
    /// Empty for a ClusterRoleBinding.
    let namespace: String
    let subjects: [Subject]
    let roleKind: String
    let roleName: String

    init(_ object: Value) {
        name = object.name
        namespace = object.namespace
        let home = object.namespace
        subjects = (object["subjects"]?.array ?? []).map { subject in
            let named = subject["namespace"]?.string ?? ""
            return Subject(
                kind: subject["kind"]?.string ?? "", name: subject["name"]?.string ?? "",
                namespace: named.isEmpty ? home : named)
        }
        roleKind = object["roleRef", "kind"]?.string ?? ""
        roleName = object["roleRef", "name"]?.string ?? ""
    }

    /// The first of the subjects that the identity is.
    func subject(of identity: Identity) -> Subject? { subjects.first { $0.applies(to: identity) } }

    /// `RoleBinding "rb/golden" of Role "r" to User "alice"`
    func description(for subject: Subject) -> String {
        let place = namespace.isEmpty ? "ClusterRoleBinding \"\(name)\"" : "RoleBinding \"\(name)/\(namespace)\""
        return "\(place) of \(roleKind) \"\(roleName)\" to \(subject.description)"
    }
}

extension RoleBinding.Subject: CustomStringConvertible {
    var description: String {
        kind == "ServiceAccount" ? "ServiceAccount \"\(name)/\(namespace)\"" : "\(kind) \"\(name)\""
    }

    /// Under what the subject is looked up: `u:NAME` or `g:NAME`.
    var key: String {
        switch kind {
        case "Group": "g:\(name)"
        case "ServiceAccount": "u:system:serviceaccount:\(namespace):\(name)"
        default: "u:\(name)"
        }
    }

    func applies(to identity: Identity) -> Bool {
        switch kind {
        case "User": identity.name == name
        case "Group": identity.groups.contains(name)
        case "ServiceAccount": identity.name == "system:serviceaccount:\(namespace):\(name)"
        default: false
        }
    }
}
