import API
import Client
import Document
import Schema
import Store
import TestSupport
import Testing

@testable import APIServer

/// Who may do what.
struct RoleTests {
    /// The roles and bindings as upstream's own cluster has them, read by the test alone.
    private struct Reading: Sendable {
        struct Rule: Sendable {
            let verbs, groups, resources, names, paths: [String]
        }

        let roles: [String: [Rule]]
        /// A user or group with the roles that it has everywhere.
        let holders: [(identity: Identity, roles: [String])]

        private static func items(_ name: String) throws -> [Value] {
            let text = try readFile("\(Machine.shared ?? "")/kube/golden/bootstrap/\(name).json")
            let items = try JSON.parse(text)["response", "body", "items"]?.array ?? []
            return items.filter { $0["metadata", "labels", "kubernetes.io/bootstrapping"] != nil }
        }

        init() throws {
            var roles: [String: [Rule]] = [:]
            for role in try Self.items("clusterroles") {
                roles[role.name] = (role["rules"]?.array ?? []).map { rule in
                    func list(_ key: Text) -> [String] { rule[key]?.array?.compactMap(\.string) ?? [] }
                    return Rule(
                        verbs: list("verbs"), groups: list("apiGroups"), resources: list("resources"),
                        names: list("resourceNames"), paths: list("nonResourceURLs"))
                }
            }
            self.roles = roles
            var bound: [String: [String]] = [:]
            for binding in try Self.items("clusterrolebindings") {
                for subject in binding["subjects"]?.array ?? [] where subject["kind"] == "Group" {
                    bound[subject["name"]?.string ?? "", default: []].append(binding["roleRef", "name"]?.string ?? "")
                }
            }
            // Somebody for each role, and whoever is in a group that has any.
            var holders: [(Identity, [String])] = roles.keys.sorted().map { role in
                (.reviewed("holder-of-\(role)", uid: "", groups: []), [role])
            }
            for (group, names) in bound where group != "system:masters" {
                holders.append((.reviewed("member", uid: "", groups: [group]), names))
            }
            self.holders = holders
        }

        /// `*/scale` is the scale of everything.
        static func isPart(_ resource: String, _ pattern: String) -> Bool {
            pattern.hasPrefix("*/") && resource.hasSuffix(pattern.dropFirst())
        }

        func allows(_ roles: [String], _ verb: String, _ group: String, _ resource: String) -> Bool {
            roles.flatMap { self.roles[$0] ?? [] }.contains { rule in
                (rule.verbs.contains(verb) || rule.verbs.contains("*"))
                    && (rule.groups.contains(group) || rule.groups.contains("*"))
                    && rule.resources.contains { $0 == "*" || $0 == resource || Self.isPart(resource, $0) }
                    && rule.names.isEmpty
            }
        }
    }

    private static let reviews = GroupVersionResource(
        group: "authorization.k8s.io", version: "v1", resource: "subjectaccessreviews")

    private static func isAllowed(_ server: ServerFixture, _ identity: Identity, _ attributes: Value) async throws
        -> Bool
    {
        let review: Value = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
            "spec": [
                "user": .string(identity.name), "groups": .array(identity.groups.map(Value.string)),
                "resourceAttributes": attributes,
            ],
        ]
        let answer = try await server.send(
            .post, "/apis/authorization.k8s.io/v1/subjectaccessreviews", body: .value(review))
        return try #require(answer.body["status", "allowed"]?.bool as Bool?)
    }

    @Test(.needsShared) func everyDefaultRoleAllowsWhatItSays() async throws {
        let server = try await ServerFixture.started()
        let reading = try Reading()
        #expect(reading.roles.count > 60)
        for role in reading.roles.keys {
            try await server.bind(role, user: "holder-of-\(role)")
        }
        let resources = server.api.served.all.flatMap { served in
            ([""] + served.resource.subresources.map(\.name)).map { (served.gvr.group, served.gvr.resource, $0) }
        }
        var wrong: [String] = []
        try await withThrowingTaskGroup(of: [String].self) { group in
            for (name, plural, part) in resources {
                group.addTask { try await Self.disagreements(name, plural, part, server, reading) }
            }
            for try await found in group { wrong += found }
        }
        let asked = resources.count * Self.verbs.count * reading.holders.count
        #expect(wrong.isEmpty, "\(wrong.prefix(10)) of \(asked)")
        #expect(asked > 50_000)
    }

    private static let verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]

    private static func disagreements(
        _ group: String, _ plural: String, _ part: String, _ server: ServerFixture, _ reading: Reading
    ) async throws -> [String] {
        var wrong: [String] = []
        let name = part.isEmpty ? plural : "\(plural)/\(part)"
        for verb in verbs {
            let attributes: Value = [
                "verb": .string(verb), "group": .string(group), "resource": .string(plural),
                "subresource": .string(part),
            ]
            for holder in reading.holders {
                let expected = reading.allows(holder.roles, verb, group, name)
                if try await isAllowed(server, holder.identity, attributes) != expected {
                    wrong.append("\(holder.identity.name) \(holder.identity.groups) \(verb) \(name)")
                }
            }
        }
        return wrong
    }

    private static let alice = Identity.user("alice", groups: ["dev"])
    private static let nobody = Identity.anonymous

    @Test(
        arguments: [
            (nobody, "GET", "/healthz", 200, ""), (nobody, "GET", "/version", 200, ""),
            (nobody, "GET", "/api", 403, "forbidden: User \"system:anonymous\" cannot get path \"/api\""),
            (alice, "GET", "/api", 200, ""),
            (
                alice, "GET", "/api/v1/namespaces/default/pods", 403,
                "pods is forbidden: User \"alice\" cannot list resource \"pods\" in API group \"\" in the namespace "
                    + "\"default\""
            ),
            (
                alice, "GET", "/api/v1/nodes?watch=1", 403,
                "nodes is forbidden: User \"alice\" cannot watch resource \"nodes\" in API group \"\" at the cluster scope"
            ),
            (
                alice, "DELETE", "/apis/apps/v1/namespaces/default/deployments/d", 403,
                "deployments.apps \"d\" is forbidden: User \"alice\" cannot delete resource \"deployments\" in API group "
                    + "\"apps\" in the namespace \"default\""
            ),
            (
                .user("system:node:n1", groups: ["system:nodes"]), "GET", "/api/v1/namespaces/default/secrets/s", 403,
                "secrets \"s\" is forbidden: User \"system:node:n1\" cannot get resource \"secrets\" in API group \"\" in "
                    + "the namespace \"default\": no relationship found between node 'n1' and this object"
            ),
            (.user("system:node:n1", groups: ["system:nodes"]), "GET", "/api/v1/services", 200, ""),
        ] as [(Identity, String, String, Int, String)])
    func refusals(identity: Identity, method: String, path: String, code: Int, message: String) async throws {
        let server = try await ServerFixture.started()
        let answer = try await server.ask(identity, method, path)
        #expect(answer.code == code)
        if code == 403 { #expect(answer.message == message) }
    }

    @Test func rolesAreGathered() async throws {
        let server = try await ServerFixture.started()
        let role: Value = [
            "kind": "ClusterRole", "apiVersion": "rbac.authorization.k8s.io/v1",
            "metadata": ["name": "more", "labels": ["rbac.authorization.k8s.io/aggregate-to-view": "true"]],
            "rules": [["verbs": ["get"], "apiGroups": ["example.com"], "resources": ["widgets"]]],
        ]
        let roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
        #expect(try await server.send(.post, roles, body: .value(role)).code == 201)
        for name in ["view", "edit", "admin"] {
            let rules = try await server.send(.get, "\(roles)/\(name)").body["rules"]?.array ?? []
            #expect(rules.contains { $0["apiGroups"] == ["example.com"] }, "\(name)")
        }
        #expect(try await server.send(.delete, "\(roles)/more").code == 200)
        let rules = try await server.send(.get, "\(roles)/admin").body["rules"]?.array ?? []
        #expect(!rules.contains { $0["apiGroups"] == ["example.com"] })
    }

    @Test func nobodyGrantsMoreThanHeHas() async throws {
        let server = try await ServerFixture.started()
        let base = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
        let admin: Value = [
            "metadata": ["name": "roleadmin"],
            "rules": [
                [
                    "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"],
                    "verbs": ["create", "update"],
                ]
            ],
        ]
        #expect(try await server.send(.post, "\(base)/roles", body: .value(admin)).code == 201)
        #expect(
            try await server.send(.post, "\(base)/rolebindings", body: .value(Self.binding("roleadmin", "carol"))).code
                == 201)
        let carol = Identity.user("carol", groups: [])
        let role: Value = [
            "metadata": ["name": "esc"],
            "rules": [["apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]]],
        ]
        let refused = try await server.ask(carol, "POST", "\(base)/roles", body: role)
        #expect(refused.code == 403)
        #expect(
            refused.message
                == "roles.rbac.authorization.k8s.io \"esc\" is forbidden: user \"carol\" (groups=[\"system:authenticated\"]) is "
                + "attempting to grant RBAC permissions not currently held:\n"
                + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\"]}")
        let bound = try await server.ask(carol, "POST", "\(base)/rolebindings", body: Self.binding("roleadmin", "dave"))
        #expect(bound.code == 201)
        var view = Self.binding("view", "carol")
        view["metadata", "name"] = "v"
        view["roleRef", "kind"] = "ClusterRole"
        #expect(try await server.ask(carol, "POST", "\(base)/rolebindings", body: view).code == 403)
    }

    private static func binding(_ role: String, _ user: String) -> Value {
        [
            "metadata": ["name": .string("\(role)-\(user)")],
            "roleRef": ["kind": "Role", "name": .string(role), "apiGroup": "rbac.authorization.k8s.io"],
            "subjects": [["kind": "User", "name": .string(user), "apiGroup": "rbac.authorization.k8s.io"]],
        ]
    }

    @Test func othersMayBeActedForByWhoeverMay() async throws {
        let server = try await ServerFixture.started()
        let who = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
        let headers = [("Impersonate-User", "bob"), ("Impersonate-Group", "a"), ("impersonate-extra-x%2Fy", "z")]
        let master = Identity.user("root", groups: ["system:masters"])
        let answer = try await server.ask(master, "POST", who, body: [:], headers: headers)
        #expect(answer.body["status", "userInfo", "username"] == "bob")
        #expect(answer.body["status", "userInfo", "groups"] == ["a", "system:authenticated"])
        #expect(answer.body["status", "userInfo", "extra", "x/y"] == ["z"])
        let nobody = [("Impersonate-User", "bob"), ("Impersonate-Group", "system:unauthenticated")]
        let unknown = try await server.ask(master, "POST", who, body: [:], headers: nobody)
        #expect(unknown.code == 403 && unknown.message.contains("\"bob\""))
        let refused = try await server.ask(Self.alice, "POST", who, body: [:], headers: headers)
        #expect(refused.code == 403 && refused.message.contains("impersonate-on:user-info:create"))
        #expect(try await server.ask(master, "GET", "/api", headers: [("Impersonate-Group", "a")]).code == 400)
    }

    @Test func whatIsMissingIsMadeAgainAtTheNextStart() async throws {
        let server = try await ServerFixture.started()
        let count = server.api.objects("rbac.authorization.k8s.io", "v1", "clusterroles").count
        let role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node-proxier"
        #expect(try await server.send(.delete, role).code == 200)
        let view = "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:discovery"
        let emptied = try await server.send(
            .patch, view, type: "application/merge-patch+json", body: .value(["rules": []]))
        #expect(emptied.code == 200)
        try await Bootstrap(server.api).run()
        #expect(server.api.objects("rbac.authorization.k8s.io", "v1", "clusterroles").count == count)
        #expect(try await server.send(.get, view).body["rules"]?.array?.isEmpty == false)
        let revision = server.store.revision
        try await Bootstrap(server.api).run()
        #expect(server.store.revision == revision)
    }
}

extension ServerFixture {
    /// Gives a user a cluster role everywhere.
    func bind(_ role: String, user: String) async throws {
        let binding: Value = [
            "metadata": ["name": .string("test:\(role)")],
            "roleRef": ["kind": "ClusterRole", "name": .string(role), "apiGroup": "rbac.authorization.k8s.io"],
            "subjects": [["kind": "User", "name": .string(user), "apiGroup": "rbac.authorization.k8s.io"]],
        ]
        let answer = try await send(
            .post, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", body: .value(binding))
        #expect(answer.code == 201)
    }

    /// Sends a request as somebody who is no component.
    func ask(
        _ identity: Identity, _ method: String, _ path: String, body: Value? = nil, headers: [(String, String)] = []
    ) async throws -> (code: Int, message: String, body: Value) {
        let parts = path.split(separator: "?", maxSplits: 1)
        var incoming = Incoming(
            method: method, path: String(parts[0]), query: Query(parts.count > 1 ? parts[1] : ""),
            contentType: "application/json", accept: "application/json", userAgent: "test",
            body: body.map { .value($0) }, identity: identity)
        incoming.impersonation = Impersonation(headers)
        let answer: Answer
        let form: Form
        switch api.handle(incoming) {
        case .now(let done, let shape): (answer, form) = (done, shape)
        case .later(let shape, let work): (answer, form) = (await work(), shape)
        }
        guard case .watch = answer.body else {
            let tree = try Renderer(form: form, now: clock.now).tree(answer.body)
            return (answer.status, tree["message"]?.string ?? "", tree)
        }
        return (answer.status, "", .null)
    }
}
