import API
import Client
import Document
import Store
import Testing

@testable import APIServer

/// What is made of objects, and what is refused, before they are stored.
struct AdmissionTests {
    private static let pods = "/api/v1/namespaces/default/pods"

    private static func pod(_ spec: Value = [:], name: String = "p") -> Value {
        var pod: Value = [
            "metadata": ["name": .string(name)], "spec": ["containers": [["name": "c", "image": "nginx"]]],
        ]
        for member in spec.object ?? [:] { pod["spec", member.key] = member.value }
        return pod
    }

    private static func container(_ resources: Value) -> Value {
        ["containers": [["name": "c", "image": "nginx", "resources": resources]]]
    }

    private static func server(_ path: String, _ object: Value) async throws -> ServerFixture {
        let server = try await ServerFixture.started()
        let account: Value = ["metadata": ["name": "default"]]
        #expect(
            try await server.send(.post, "/api/v1/namespaces/default/serviceaccounts", body: .value(account)).code
                == 201)
        #expect(try await server.send(.post, path, body: .value(object)).code == 201)
        return server
    }

    // MARK: Limits

    private static let range: Value = [
        "metadata": ["name": "lr"],
        "spec": [
            "limits": [
                [
                    "type": "Container", "default": ["cpu": "500m"], "defaultRequest": ["cpu": "100m"],
                    "max": ["cpu": "1"], "min": ["cpu": "50m"],
                ]
            ]
        ],
    ]

    @Test func containersGetTheirNamespacesLimits() async throws {
        let server = try await Self.server("/api/v1/namespaces/default/limitranges", Self.range)
        let answer = try await server.send(.post, Self.pods, body: .value(Self.pod()))
        let resources = answer.body["spec", "containers"]?.array?.first?["resources"]
        #expect(resources == ["limits": ["cpu": "500m"], "requests": ["cpu": "100m"]])
        #expect(
            answer.body.annotation("kubernetes.io/limit-ranger")
                == "LimitRanger plugin set: cpu request for container c; cpu limit for container c")
    }

    @Test(
        arguments: [
            (
                ["limits": ["cpu": "2"]],
                "pods \"p\" is forbidden: maximum cpu usage per Container is 1, but limit is 2"
            ),
            (
                ["requests": ["cpu": "10m"]],
                "pods \"p\" is forbidden: minimum cpu usage per Container is 50m, but request is 10m"
            ),
        ] as [(Value, String)])
    func containersStayWithinLimits(resources: Value, message: String) async throws {
        let server = try await Self.server("/api/v1/namespaces/default/limitranges", Self.range)
        let answer = try await server.send(.post, Self.pods, body: .value(Self.pod(Self.container(resources))))
        #expect(answer.code == 403 && answer.body["message"]?.string == message)
    }

    // MARK: Quota

    private static let quotas = "/api/v1/namespaces/default/resourcequotas"

    private static func quota(_ hard: Value) -> Value { ["metadata": ["name": "rq"], "spec": ["hard": hard]] }

    private static func used(_ server: ServerFixture) async throws -> Value? {
        try await server.send(.get, "\(quotas)/rq").body["status", "used"]
    }

    @Test func quotasAreCountedKeptAndGivenBack() async throws {
        let server = try await Self.server(Self.quotas, Self.quota(["pods": "2", "requests.cpu": "1"]))
        #expect(try await Self.used(server) == ["pods": "0", "requests.cpu": "0"])
        let small = Self.container(["requests": ["cpu": "600m"]])
        #expect(try await server.send(.post, Self.pods, body: .value(Self.pod(small, name: "a"))).code == 201)
        #expect(try await Self.used(server) == ["pods": "1", "requests.cpu": "600m"])
        let refused = try await server.send(.post, Self.pods, body: .value(Self.pod(small, name: "b")))
        #expect(refused.code == 403)
        #expect(
            refused.body["message"]?.string
                == "pods \"b\" is forbidden: exceeded quota: rq, requested: requests.cpu=600m, used: requests.cpu=600m, "
                + "limited: requests.cpu=1")
        let silent = try await server.send(.post, Self.pods, body: .value(Self.pod(name: "b")))
        #expect(
            silent.body["message"]?.string
                == "pods \"b\" is forbidden: failed quota: rq: must specify requests.cpu for: c")
        #expect(try await server.send(.delete, "\(Self.pods)/a").code == 200)
        #expect(try await Self.used(server) == ["pods": "0", "requests.cpu": "0"])
    }

    @Test func objectsOfAnyKindAreCounted() async throws {
        let server = try await Self.server(
            Self.quotas, Self.quota(["count/deployments.apps": "0", "secrets": "0", "services.nodeports": "1"]))
        let secret: Value = ["metadata": ["name": "over"]]
        let answer = try await server.send(.post, "/api/v1/namespaces/default/secrets", body: .value(secret))
        #expect(
            answer.body["message"]?.string
                == "secrets \"over\" is forbidden: exceeded quota: rq, requested: secrets=1, used: secrets=0, limited: "
                + "secrets=0")
        let dry = try await server.send(
            .post, "/api/v1/namespaces/default/secrets", query: [("dryRun", "All")], body: .value(secret))
        #expect(dry.code == 403)
        let service: Value = [
            "metadata": ["name": "s"],
            "spec": ["type": "NodePort", "ports": [["port": 1, "name": "a"], ["port": 2, "name": "b"]]],
        ]
        #expect(
            try await server.send(.post, "/api/v1/namespaces/default/services", body: .value(service)).code == 403)
    }

    // MARK: Pod security

    @Test func podsKeepTheLevelOfTheirNamespace() async throws {
        let server = try await Self.server(
            "/api/v1/namespaces",
            [
                "metadata": [
                    "name": "safe",
                    "labels": [
                        "pod-security.kubernetes.io/enforce": "baseline",
                        "pod-security.kubernetes.io/warn": "restricted",
                    ],
                ]
            ])
        let account: Value = ["metadata": ["name": "default"]]
        _ = try await server.send(.post, "/api/v1/namespaces/safe/serviceaccounts", body: .value(account))
        let pods = "/api/v1/namespaces/safe/pods"
        let refused = try await server.send(.post, pods, body: .value(Self.pod(["hostNetwork": true])))
        #expect(
            refused.body["message"]?.string
                == "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)"
        )
        let warned = try await server.send(.post, pods, body: .value(Self.pod()))
        #expect(warned.code == 201)
        #expect(
            warned.warnings == [
                "would violate PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (container \"c\" must set "
                    + "securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"c\" must set "
                    + "securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"c\" must set "
                    + "securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set "
                    + "securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"
            ])
        let stricter: Value = ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": "restricted"]]]
        let patched = try await server.send(
            .patch, "/api/v1/namespaces/safe", type: "application/merge-patch+json", body: .value(stricter))
        #expect(
            patched.warnings.first
                == "existing pods in namespace \"safe\" violate the new PodSecurity enforce level \"restricted:latest\""
        )
    }

    // MARK: Nodes

    @Test func nodesWriteTheirOwn() async throws {
        let server = try await ServerFixture.started()
        let node = Identity.user("system:node:n1", groups: ["system:nodes"])
        func make(_ name: String, _ labels: Value = [:]) async throws -> Int {
            let object: Value = ["metadata": ["name": .string(name), "labels": labels]]
            return try await server.ask(node, "POST", "/api/v1/nodes", body: object).code
        }
        #expect(try await make("n2") == 403)
        #expect(try await make("n1", ["node-restriction.kubernetes.io/x": "y"]) == 403)
        #expect(try await make("n1", ["kubernetes.io/hostname": "n1"]) == 201)
        let stored = server.api.object("", "v1", "nodes", name: "n1")
        #expect(stored?["spec", "taints"] == [["key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"]])
        #expect(try await server.ask(node, "GET", "/api/v1/nodes/n1").code == 200)
        #expect(try await server.ask(node, "GET", "/api/v1/nodes/n2").code == 403)
    }

    // MARK: Parts of pods

    @Test func podsGetEphemeralContainersAndOtherSizes() async throws {
        let server = try await Self.server(Self.pods, Self.pod())
        let debug: Value = ["spec": ["ephemeralContainers": [["name": "dbg", "image": "busybox"]]]]
        let type = "application/strategic-merge-patch+json"
        let added = try await server.send(.patch, "\(Self.pods)/p/ephemeralcontainers", type: type, body: .value(debug))
        #expect(added.code == 200 && added.body["spec", "ephemeralContainers"]?.array?.count == 1)
        let changed: Value = ["spec": ["ephemeralContainers": [["name": "dbg", "image": "other"]]]]
        let refused = try await server.send(
            .patch, "\(Self.pods)/p/ephemeralcontainers", type: type, body: .value(changed))
        #expect(refused.code == 422)
        let sized: Value = ["spec": ["containers": [["name": "c", "resources": ["requests": ["cpu": "1"]]]]]]
        let resized = try await server.send(.patch, "\(Self.pods)/p/resize", type: type, body: .value(sized))
        #expect(
            resized.body["message"]?.string
                == "Pod \"p\" is invalid: spec: Invalid value: \"BestEffort\": Pod QOS Class may not change as a result of "
                + "resizing")
    }
}
