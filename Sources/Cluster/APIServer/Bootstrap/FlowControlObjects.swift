import API
import Document

/// The priority levels and flow schemas of every cluster (Kubernetes documentation, "API Priority and Fairness", defaults).
/// They are kept and shown; requests are not queued by them.
enum FlowControlObjects {
    private static let group = "flowcontrol.apiserver.k8s.io"
    private static let producer = "api-priority-and-fairness-config-producer-v1"
    private static let consumer = "api-priority-and-fairness-config-consumer-v1"

    static func all(now: Time) -> [StartObject] { levels + schemas(now) }

    private static func object(_ kind: String, _ name: String, _ spec: Value) -> Value {
        [
            "apiVersion": .string("\(group)/v1"), "kind": .string(kind),
            "metadata": ["name": .string(name), "annotations": ["apf.kubernetes.io/autoupdate-spec": "true"]],
            "spec": spec,
        ]
    }

    // MARK: Levels

    /// Name, shares, queues, hand size, lendable percent; a level without queues refuses what exceeds it.
    private static let limited: [(name: String, shares: Int, queues: Int?, hand: Int, lendable: Int)] = [
        ("catch-all", 5, nil, 0, 0), ("global-default", 20, 128, 6, 50), ("leader-election", 10, 16, 4, 0),
        ("node-high", 40, 64, 6, 25), ("system", 30, 64, 6, 33), ("workload-high", 40, 128, 6, 50),
        ("workload-low", 100, 128, 6, 90),
    ]

    private static var levels: [StartObject] {
        let resource = GroupVersionResource(group: group, version: "v1", resource: "prioritylevelconfigurations")
        let exempt: Value = ["type": "Exempt", "exempt": ["nominalConcurrencyShares": 0, "lendablePercent": 0]]
        let specs: [(String, Value)] =
            [("exempt", exempt)]
            + limited.map { level in
                var response: Value = ["type": "Reject"]
                if let queues = level.queues {
                    response = [
                        "type": "Queue",
                        "queuing": ["queues": .int(queues), "handSize": .int(level.hand), "queueLengthLimit": 50],
                    ]
                }
                return (
                    level.name,
                    [
                        "type": "Limited",
                        "limited": [
                            "nominalConcurrencyShares": .int(level.shares), "limitResponse": response,
                            "lendablePercent": .int(level.lendable),
                        ],
                    ]
                )
            }
        return specs.map { name, spec in
            StartObject(resource, object("PriorityLevelConfiguration", name, spec), manager: producer)
        }
    }

    // MARK: Schemas

    private struct Schema {
        let name: String
        let level: String
        let precedence: Int
        let distinguisher: String?
        /// `group:NAME`, `user:NAME` or `account:NAME` of kube-system.
        let subjects: [String]
        var rules: [Rule] = [.everything]
        /// Paths that are no resources, with their verbs; nil for none.
        var paths: (verbs: [String], urls: [String])? = (["*"], ["*"])
    }

    private struct Rule {
        let verbs: [String]
        let group: String
        let resources: [String]
        var isClusterWide = false

        static let everything = Rule(verbs: ["*"], group: "*", resources: ["*"], isClusterWide: true)

        static func locks(_ group: String, _ resources: [String]) -> Rule {
            Rule(verbs: ["get", "create", "update"], group: group, resources: resources)
        }
    }

    private static let everybody = ["group:system:unauthenticated", "group:system:authenticated"]
    private static let manager = "user:system:kube-controller-manager"
    private static let scheduler = "user:system:kube-scheduler"
    private static let locks = Rule.locks("coordination.k8s.io", ["leases"])

    private static let declared: [Schema] = [
        Schema(
            name: "exempt", level: "exempt", precedence: 1, distinguisher: nil, subjects: ["group:system:masters"]),
        Schema(
            name: "probes", level: "exempt", precedence: 2, distinguisher: nil, subjects: everybody, rules: [],
            paths: (["get"], ["/healthz", "/readyz", "/livez"])),
        Schema(
            name: "system-leader-election", level: "leader-election", precedence: 100, distinguisher: "ByUser",
            subjects: [manager, scheduler, "account:*"], rules: [locks], paths: nil),
        Schema(
            name: "endpoint-controller", level: "workload-high", precedence: 150, distinguisher: "ByUser",
            subjects: [manager, "account:endpoint-controller", "account:endpointslicemirroring-controller"],
            rules: [.locks("", ["endpoints"])], paths: nil),
        Schema(
            name: "workload-leader-election", level: "leader-election", precedence: 200, distinguisher: "ByUser",
            subjects: ["account:*"], rules: [.locks("", ["endpoints", "configmaps"]), locks], paths: nil),
        Schema(
            name: "system-node-high", level: "node-high", precedence: 400, distinguisher: "ByUser",
            subjects: ["group:system:nodes"],
            rules: [
                Rule(verbs: ["*"], group: "", resources: ["nodes", "nodes/status"], isClusterWide: true),
                Rule(verbs: ["*"], group: "coordination.k8s.io", resources: ["leases"]),
            ], paths: nil),
        Schema(
            name: "system-nodes", level: "system", precedence: 500, distinguisher: "ByUser",
            subjects: ["group:system:nodes"]),
        Schema(
            name: "kube-controller-manager", level: "workload-high", precedence: 800, distinguisher: "ByNamespace",
            subjects: [manager]),
        Schema(
            name: "kube-scheduler", level: "workload-high", precedence: 800, distinguisher: "ByNamespace",
            subjects: [scheduler]),
        Schema(
            name: "kube-system-service-accounts", level: "workload-high", precedence: 900,
            distinguisher: "ByNamespace", subjects: ["account:*"]),
        Schema(
            name: "service-accounts", level: "workload-low", precedence: 9000, distinguisher: "ByUser",
            subjects: ["group:system:serviceaccounts"]),
        Schema(
            name: "global-default", level: "global-default", precedence: 9900, distinguisher: "ByUser",
            subjects: everybody),
        Schema(
            name: "catch-all", level: "catch-all", precedence: 10000, distinguisher: "ByUser", subjects: everybody),
    ]

    private static func schemas(_ now: Time) -> [StartObject] {
        let resource = GroupVersionResource(group: group, version: "v1", resource: "flowschemas")
        return declared.map { schema in
            StartObject(
                resource, object("FlowSchema", schema.name, spec(schema)), manager: producer,
                layers: [found(schema.level, true, now)])
        }
    }

    private static func spec(_ schema: Schema) -> Value {
        var rule: Value = ["subjects": .array(schema.subjects.map(subject))]
        if !schema.rules.isEmpty { rule["resourceRules"] = .array(schema.rules.map(value)) }
        if let paths = schema.paths {
            rule["nonResourceRules"] = [["verbs": .strings(paths.verbs), "nonResourceURLs": .strings(paths.urls)]]
        }
        var spec: Value = [
            "priorityLevelConfiguration": ["name": .string(schema.level)],
            "matchingPrecedence": .int(schema.precedence), "rules": [rule],
        ]
        if let distinguisher = schema.distinguisher { spec["distinguisherMethod"] = ["type": .string(distinguisher)] }
        return spec
    }

    private static func value(_ rule: Rule) -> Value {
        var value: Value = [
            "verbs": .strings(rule.verbs), "apiGroups": [.string(rule.group)], "resources": .strings(rule.resources),
            "namespaces": ["*"],
        ]
        if rule.isClusterWide { value["clusterScope"] = true }
        return value
    }

    private static func subject(_ word: String) -> Value {
        let kind = word.prefix { $0 != ":" }
        let name = Value.string(String(word.dropFirst(kind.count + 1)))
        switch kind {
        case "user": return ["kind": "User", "user": ["name": name]]
        case "group": return ["kind": "Group", "group": ["name": name]]
        default:
            return ["kind": "ServiceAccount", "serviceAccount": ["namespace": "kube-system", "name": name]]
        }
    }

    /// What upstream notes once it is known whether a schema's level exists.
    static func found(_ level: String, _ isThere: Bool, _ now: Time) -> StartObject.Layer {
        StartObject.Layer(
            manager: consumer, isApply: true, subresource: "status",
            change: [
                "status": [
                    "conditions": [
                        [
                            "type": "Dangling", "status": .string(isThere ? "False" : "True"),
                            "lastTransitionTime": .string(now.description),
                            "reason": .string(isThere ? "Found" : "NotFound"),
                            "message": .string(
                                "This FlowSchema references the PriorityLevelConfiguration object named "
                                    + "\"\(level)\" \(isThere ? "and it exists" : "but there is no such object")"),
                        ]
                    ]
                ]
            ])
    }
}
