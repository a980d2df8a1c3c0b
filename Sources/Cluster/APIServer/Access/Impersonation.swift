import API
import Document

/// As whom a client asks to act (Kubernetes documentation, "User impersonation").
struct Impersonation: Sendable {
    var user = ""
    var uid = ""
    var groups: [String] = []
    /// In the order of the headers.
    var extra: [(key: String, value: String)] = []

    /// Whether a header of that name says something of whom the client wants to be.
    static func isHeader(_ name: String) -> Bool {
        let prefix = "impersonate-".utf8
        guard name.utf8.count > prefix.count, name.utf8.first.map({ $0 | 0x20 }) == prefix.first else { return false }
        return zip(name.utf8, prefix).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    /// Reads `Impersonate-User`, `-Uid`, `-Group` and `-Extra-KEY`; nil where there is none of them.
    init?(_ headers: [(String, String)]) {
        var isAsked = false
        for (name, value) in headers where Impersonation.isHeader(name) {
            let rest = name.dropFirst("impersonate-".count).lowercased()
            switch rest {
            case "user": user = value
            case "uid": uid = value
            case "group": groups.append(value)
            default:
                guard rest.hasPrefix("extra-") else { continue }
                extra.append((Percent.decode(rest.dropFirst("extra-".count)), value))
            }
            isAsked = true
        }
        guard isAsked else { return nil }
    }

    /// Who that is once it is allowed.
    var identity: Identity {
        var groups = self.groups
        let words = user.split(separator: ":", omittingEmptySubsequences: false)
        if groups.isEmpty, words.count == 4, user.hasPrefix("system:serviceaccount:") {
            groups = ["system:serviceaccounts", "system:serviceaccounts:\(words[2])"]
        }
        var values: [String: [String]] = [:]
        for (key, value) in extra { values[key, default: []].append(value) }
        return .impersonated(user, uid: uid, groups: groups, extra: values)
    }

    /// What somebody has to be allowed to do to be all that.
    var attempts: [Attempt] {
        func attempt(_ group: String, _ resource: String, _ name: String, _ part: String = "") -> Attempt {
            Attempt(verb: "impersonate", group: group, resource: resource, subresource: part, name: name)
        }
        var attempts: [Attempt] = []
        let words = user.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if words.count == 4, user.hasPrefix("system:serviceaccount:") {
            attempts.append(
                Attempt(verb: "impersonate", resource: "serviceaccounts", namespace: words[2], name: words[3]))
        } else if !user.isEmpty {
            attempts.append(attempt("", "users", user))
        }
        attempts += groups.map { attempt("", "groups", $0) }
        let group = "authentication.k8s.io"
        attempts += extra.map { attempt(group, "userextras", $0.value, $0.key) }
        if !uid.isEmpty { attempts.append(attempt(group, "uids", uid)) }
        return attempts
    }

    /// As Go prints the user.DefaultInfo of it, with `%#v`.
    var goText: String {
        func quote(_ text: String) -> String { GoQuote.quote(Text(text)).string }
        func list(_ texts: [String]) -> String {
            texts.isEmpty ? "[]string(nil)" : "[]string{\(texts.map(quote).joined(separator: ", "))}"
        }
        let more = identity.extra.sorted { $0.key < $1.key }.map { "\(quote($0.key)):\(list($0.value))" }
        let extra = more.isEmpty ? "(nil)" : "{\(more.joined(separator: ", "))}"
        return "&user.DefaultInfo{Name:\(quote(user)), UID:\(quote(uid)), Groups:\(list(groups)), "
            + "Extra:map[string][]string\(extra)}"
    }

    /// By which of the narrower rights (KEP-5284, constrained impersonation) it can be allowed as well.
    var mode: String {
        if user.hasPrefix("system:serviceaccount:") { return "serviceaccount" }
        return user.hasPrefix("system:node:") ? "arbitrary-node" : "user-info"
    }
}

extension KubeAPI {
    /// Puts the one whom the client wants to be in his place, where he may.
    func impersonate(_ incoming: inout Incoming) throws(Status) {
        guard let wanted = incoming.impersonation else { return }
        guard !wanted.user.isEmpty else {
            throw .badRequest("requested \(wanted.goText) without impersonating a user name")
        }
        let asked = incoming.identity
        let isAllowed = wanted.attempts.allSatisfy { authorizer.decide($0, by: asked).isAllowed }
        if !isAllowed { try impersonateForThis(wanted, incoming) }
        incoming.identity = wanted.identity
        incoming.impersonation = nil
    }

    /// Checks the narrower right, which is good for one kind of identity and one verb.
    private func impersonateForThis(_ wanted: Impersonation, _ incoming: Incoming) throws(Status) {
        var attempt = self.attempt(incoming, Route(incoming.path))
        attempt.verb = "impersonate-on:\(wanted.mode):\(attempt.verb)"
        let decision = authorizer.decide(attempt, by: incoming.identity)
        guard decision.isAllowed else {
            if attempt.resource.isEmpty { throw .forbidden(path: attempt, incoming.identity, decision) }
            throw .forbidden(attempt, incoming.identity, decision)
        }
        for var attempt in wanted.attempts {
            attempt.verb = "impersonate:\(wanted.mode)"
            attempt.group = "authentication.k8s.io"
            let decision = authorizer.decide(attempt, by: incoming.identity)
            guard decision.isAllowed else { throw .forbidden(attempt, incoming.identity, decision) }
        }
    }

    /// What a request attempts, whether it is about a resource or not.
    func attempt(_ incoming: Incoming, _ route: Route?) -> Attempt {
        let isWatch = incoming.query.flag("watch")
        if let route,
            let verb = Verb(method: incoming.method, hasName: !route.name.isEmpty, isWatch: route.isWatch || isWatch)
        {
            return Attempt(incoming, route, verb)
        }
        return Attempt(verb: incoming.method.lowercased(), path: incoming.path)
    }
}

extension Status {
    /// The 403 of an attempt at a path that is no resource.
    static func forbidden(path attempt: Attempt, _ identity: Identity, _ decision: Decision) -> Status {
        Status(
            code: 403, reason: .forbidden,
            message: "forbidden: \(attempt.refusal(of: identity, reason: decision.reason))", details: Details())
    }
}
