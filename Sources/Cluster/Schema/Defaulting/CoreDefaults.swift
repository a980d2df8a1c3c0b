import API
import Document

extension Defaulting {
    private static let core = "io.k8s.api.core.v1"

    /// Defaults of the core group beside pods (pkg/apis/core/v1/defaults.go and conversion.go).
    static let coreDefaults: [String: Rule] = [
        "\(core).ServiceSpec": service,
        "\(core).Service": { service in
            guard service["spec", "type"] == "LoadBalancer" else { return }
            let path: [Text] = ["status", "loadBalancer", "ingress"]
            guard let points = service[path: path]?.array, !points.isEmpty else { return }
            service[path: path] = .array(
                points.map { point in
                    var point = point
                    if !(point["ip"]?.string ?? "").isEmpty { point.fill("ipMode", "VIP") }
                    return point
                })
        },
        "\(core).ServicePort": { port in
            if port["targetPort"] == nil || port["targetPort"] == 0 || port["targetPort"] == "" {
                port["targetPort"] = port["port"]
            }
        },
        "\(core).Secret": { secret in
            // stringData is for writing only: conversion moves it into data.
            for member in secret["stringData"]?.object ?? [:] {
                secret["data", member.key] = .string(Text(bytes: Base64.encode(member.value.text?.bytes ?? [])))
            }
            secret["stringData"] = nil
        },
        "\(core).Namespace": { namespace in
            // Nobody else sets it (namespaceStrategy's Canonicalize).
            guard !namespace.name.isEmpty else { return }
            namespace["metadata", "labels", "kubernetes.io/metadata.name"] = .string(namespace.name)
        },
        "\(core).NodeSpec": { spec in sharePlural(&spec, one: "podCIDR", many: "podCIDRs", inside: nil) },
        "\(core).NodeStatus": { status in
            if !status.has("allocatable"), let capacity = status["capacity"] { status["allocatable"] = capacity }
        },
        "\(core).ReplicationController": { controller in
            let labels = controller["spec", "template", "metadata", "labels"]
            guard let labels, !labels.isNull else { return }
            if (controller["spec", "selector"]?.object ?? [:]).isEmpty { controller["spec", "selector"] = labels }
            if controller.labels.isEmpty { controller["metadata", "labels"] = labels }
        },
        "\(core).LimitRangeItem": limitRangeItem,
    ]

    private static let service: Rule = { spec in
        let type = spec["type"]?.string ?? ""
        if spec["sessionAffinity"] == "None" { spec["sessionAffinityConfig"] = nil }
        if spec["sessionAffinity"] == "ClientIP", spec["sessionAffinityConfig", "clientIP", "timeoutSeconds"] == nil {
            spec["sessionAffinityConfig", "clientIP", "timeoutSeconds"] = 10800
        }
        spec.mapElements(of: "ports") { $0.fill("protocol", "TCP") }
        let isReachedFromOutside =
            ["NodePort", "LoadBalancer"].contains(type)
            || type == "ClusterIP" && !(spec["externalIPs"]?.array ?? []).isEmpty
        if isReachedFromOutside { spec.fill("externalTrafficPolicy", "Cluster") }
        if ["NodePort", "LoadBalancer", "ClusterIP"].contains(type) { spec.fill("internalTrafficPolicy", "Cluster") }
        if type == "LoadBalancer", !spec.has("allocateLoadBalancerNodePorts") {
            spec["allocateLoadBalancerNodePorts"] = true
        }
    }

    private static let limitRangeItem: Rule = { item in
        guard item["type"] == "Container" else { return }
        for (from, to): (Text, Text) in [("max", "default"), ("default", "defaultRequest"), ("min", "defaultRequest")] {
            for member in item[from]?.object ?? [:] where item[to]?[member.key] == nil {
                item[path: [to, member.key]] = member.value
            }
        }
    }
}
