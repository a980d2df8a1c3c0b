import API
import Document
import PKI
import Schema

/// The other objects that a cluster has from its start: namespaces, priority classes, API services and the like.
struct SystemObjects {
    let api: KubeAPI

    var all: [StartObject] {
        namespaces + priorities + [range] + apiServices + configuration + [lease]
    }

    private static func resource(_ group: String, _ plural: String) -> GroupVersionResource {
        GroupVersionResource(group: group, version: "v1", resource: plural)
    }

    private var namespaces: [StartObject] {
        ["kube-system", "kube-public", "kube-node-lease", "default"].map { name in
            StartObject(
                Self.resource("", "namespaces"),
                ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]])
        }
    }

    private var priorities: [StartObject] {
        [
            priority(
                "system-node-critical", 2_000_001_000,
                "Used for system critical pods that must not be moved from their current node."),
            priority(
                "system-cluster-critical", 2_000_000_000,
                "Used for system critical pods that must run in the cluster, but can be moved to another node if "
                    + "necessary."),
        ]
    }

    private func priority(_ name: String, _ value: Int, _ description: String) -> StartObject {
        StartObject(
            Self.resource("scheduling.k8s.io", "priorityclasses"),
            [
                "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": ["name": .string(name)],
                "value": .int(value), "preemptionPolicy": "PreemptLowerPriority",
                "description": .string(description),
            ])
    }

    /// The range of Services, as the API server makes it and the controllers find it ready.
    private var range: StartObject {
        let ready: Value = ["type": "Ready", "status": "True"]
        var told = ready
        told["lastTransitionTime"] = .string(api.now.description)
        told["reason"] = ""
        told["message"] = "Kubernetes Service CIDR is ready"
        return StartObject(
            Self.resource("networking.k8s.io", "servicecidrs"),
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": ["name": "kubernetes"],
                "spec": ["cidrs": [.string(api.options.serviceRange.description)]],
            ],
            layers: [
                .init(
                    manager: "kube-controller-manager",
                    change: ["metadata": ["finalizers": ["networking.k8s.io/service-cidr-finalizer"]]]),
                .init(
                    manager: "kubernetes-service-cidr-controller", isApply: true, subresource: "status",
                    change: ["status": ["conditions": [ready]]]),
                .init(
                    manager: "service-cidr-controller", isApply: true, subresource: "status",
                    change: ["status": ["conditions": [told]]]),
            ])
    }

    // MARK: API services

    private var apiServices: [StartObject] {
        // The group of the API services themselves is the aggregator's own.
        api.served.catalogue.groups.filter { $0.name != "apiregistration.k8s.io" }.flatMap { group in
            group.versions.filter { $0.resources.contains { $0.definition == nil } }.map { version in
                SystemObjects.apiService(
                    group: group.name, version: version.name, priority: group.priority,
                    versionPriority: version.priority, isBuiltIn: true, now: api.now)
            }
        }
    }

    /// What tells aggregation that this server itself serves a version of a group.
    static func apiService(
        group: String, version: String, priority: Int, versionPriority: Int, isBuiltIn: Bool, now: Time
    ) -> StartObject {
        var spec: Value = [
            "version": .string(version), "groupPriorityMinimum": .int(priority),
            "versionPriority": .int(versionPriority),
        ]
        if !group.isEmpty { spec["group"] = .string(group) }
        return StartObject(
            resource("apiregistration.k8s.io", "apiservices"),
            [
                "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                "metadata": [
                    "name": .string("\(version).\(group)"),
                    "labels": ["kube-aggregator.kubernetes.io/automanaged": isBuiltIn ? "onstart" : "true"],
                ], "spec": spec,
            ],
            status: [
                "conditions": [
                    [
                        "type": "Available", "status": "True", "lastTransitionTime": .string(now.description),
                        "reason": "Local", "message": "Local APIServices are always available",
                    ]
                ]
            ])
    }

    // MARK: kube-system

    /// What servers that extend the API need to know to recognise its clients, and since when tokens are tracked.
    private var configuration: [StartObject] {
        [
            configMap("extension-apiserver-authentication", authentication),
            configMap(
                "kube-apiserver-legacy-service-account-token-tracking",
                ["since": .string(String(api.now.description.prefix(10)))]),
        ]
    }

    /// Whose certificates are believed, and who may say in headers for whom he asks: the aggregation layer.
    private var authentication: Value {
        [
            "client-ca-file": .string(api.options.authority),
            "requestheader-client-ca-file": .string(api.options.authority),
            "requestheader-allowed-names": "[\"front-proxy\"]",
            "requestheader-extra-headers-prefix": "[\"X-Remote-Extra-\"]",
            "requestheader-group-headers": "[\"X-Remote-Group\"]",
            "requestheader-username-headers": "[\"X-Remote-User\"]",
        ]
    }

    private func configMap(_ name: String, _ data: Value) -> StartObject {
        StartObject(
            Self.resource("", "configmaps"),
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": .string(name), "namespace": "kube-system"], "data": data,
            ])
    }

    /// By which a server shows that it is alive.
    var lease: StartObject {
        let name = "apiserver-" + Digest.hexadecimal(Array(api.options.advertised.utf8)).prefix(26)
        return StartObject(
            Self.resource("coordination.k8s.io", "leases"),
            [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": [
                    "name": .string(name), "namespace": "kube-system",
                    "labels": [
                        "apiserver.kubernetes.io/identity": "kube-apiserver",
                        "kubernetes.io/hostname": .string(String(api.options.advertised.prefix { $0 != ":" })),
                    ],
                    "annotations": ["kubernetes.io/peer-advertise-address": .string(api.options.advertised)],
                ],
                "spec": [
                    "holderIdentity": .string("\(name)_\(Naming.uid())"), "leaseDurationSeconds": 3600,
                    "renewTime": .string(api.clock.now.micro),
                ],
            ])
    }
}
