import API
import Document
import Schema
import Store

/// Allows a node what it needs for the pods that run on it, and no more (Kubernetes documentation, "Using Node
/// Authorization"). The pods of the store are looked through for each question: a cluster whose node runs in this process
/// never asks.
struct NodeAuthorizer: Authorizer {
    let store: any RevisionStore
    let roles: RoleBook

    func decide(_ attempt: Attempt, by identity: Identity) -> Decision {
        guard let node = identity.nodeName else { return .noOpinion }
        switch (attempt.group, attempt.resource) {
        case _ where attempt.resource.isEmpty: return byRole(attempt)
        case ("", "secrets"), ("", "configmaps"):
            return related(attempt, node, verbs: ["get", "list", "watch"])
        case ("", "persistentvolumeclaims"), ("", "persistentvolumes"):
            let isStatus = attempt.resource == "persistentvolumeclaims" && attempt.subresource == "status"
            let verbs: Set<String> = isStatus ? ["update", "patch"] : ["get"]
            return related(attempt, node, verbs: verbs)
        case ("resource.k8s.io", "resourceclaims"), ("storage.k8s.io", "volumeattachments"):
            return related(attempt, node, verbs: ["get"])
        case ("", "serviceaccounts"):
            guard attempt.subresource == "token" else { return byRole(attempt) }
            return related(attempt, node, verbs: ["create"])
        case ("", "nodes"): return ownNode(attempt, node)
        case ("", "pods"): return ownPods(attempt, node)
        case ("coordination.k8s.io", "leases"): return named(attempt, node, namespace: "kube-node-lease")
        case ("storage.k8s.io", "csinodes"): return named(attempt, node, namespace: "")
        default: return byRole(attempt)
        }
    }

    /// What every node may do: the role system:node, to which nobody is bound.
    private func byRole(_ attempt: Attempt) -> Decision {
        let rules = roles.page.rules(kind: "ClusterRole", name: "system:node", namespace: "") ?? []
        return rules.contains { $0.allows(attempt) } ? Decision(isAllowed: true) : .noOpinion
    }

    private func named(_ attempt: Attempt, _ node: String, namespace: String) -> Decision {
        guard attempt.namespace == namespace else {
            let place = namespace.isEmpty ? "own objects" : namespace
            return Decision(isAllowed: false, reason: "can only access \(place)")
        }
        // A create says its name in the body, which the admission of nodes looks at.
        guard attempt.verb == "create" || attempt.name == node else {
            return Decision(isAllowed: false, reason: "can only access the object with the node's own name")
        }
        return byRole(attempt)
    }

    private func ownNode(_ attempt: Attempt, _ node: String) -> Decision {
        guard ["get", "list", "watch"].contains(attempt.verb), attempt.subresource.isEmpty else {
            return byRole(attempt)
        }
        if attempt.name == node { return Decision(isAllowed: true) }
        return Decision(
            isAllowed: false, reason: "node '\(node)' cannot read '\(attempt.name)', only its own Node object")
    }

    private func ownPods(_ attempt: Attempt, _ node: String) -> Decision {
        switch (attempt.verb, attempt.subresource) {
        case ("list", ""), ("watch", ""):
            let asked = attempt.fieldSelector.split(separator: ",")
            if asked.contains("spec.nodeName=\(node)") || asked.contains("spec.nodeName==\(node)") {
                return Decision(isAllowed: true)
            }
            return Decision(
                isAllowed: false,
                reason: "can only list/watch pods with spec.nodeName field selector")
        case ("get", _):
            let isOwn = pods(in: attempt.namespace, of: node).contains { $0.name == attempt.name }
            return isOwn ? Decision(isAllowed: true) : NodeAuthorizer.unrelated(node)
        default: return byRole(attempt)
        }
    }

    private static func unrelated(_ node: String) -> Decision {
        Decision(isAllowed: false, reason: "no relationship found between node '\(node)' and this object")
    }

    private func related(_ attempt: Attempt, _ node: String, verbs: Set<String>) -> Decision {
        guard verbs.contains(attempt.verb) else {
            return Decision(isAllowed: false, reason: "can only \(verbs.sorted().joined(separator: ", ")) this type")
        }
        guard !attempt.name.isEmpty else { return Decision(isAllowed: false, reason: "No Object name found") }
        return isRelated(attempt, node) ? Decision(isAllowed: true) : NodeAuthorizer.unrelated(node)
    }

    private func isRelated(_ attempt: Attempt, _ node: String) -> Bool {
        switch attempt.resource {
        case "secrets": return names(attempt, node, PodReferences.secrets)
        case "configmaps": return names(attempt, node, PodReferences.configMaps)
        case "persistentvolumeclaims": return names(attempt, node, PodReferences.claims)
        case "serviceaccounts": return names(attempt, node) { [$0["spec", "serviceAccountName"]?.string ?? ""] }
        case "persistentvolumes":
            let claim = object("persistentvolumes/\(attempt.name)")?["spec", "claimRef"] ?? [:]
            let name = claim["name"]?.string ?? ""
            return pods(in: claim["namespace"]?.string ?? "", of: node)
                .contains { PodReferences.claims($0).contains(name) }
        case "volumeattachments":
            let key = "volumeattachments.storage.k8s.io/\(attempt.name)"
            return object(key)?["spec", "nodeName"]?.string == node
        default: return names(attempt, node, PodReferences.resourceClaims)
        }
    }

    private func names(_ attempt: Attempt, _ node: String, _ read: (Value) -> [String]) -> Bool {
        pods(in: attempt.namespace, of: node).contains { read($0).contains(attempt.name) }
    }

    private func object(_ key: String) -> Value? { store.record(Key(key)).flatMap { try? JSON.parse($0.bytes) } }

    private func pods(in namespace: String, of node: String) -> [Value] {
        guard !namespace.isEmpty else { return [] }
        var found: [Value] = []
        store.snapshot().forEach(in: Key("pods/\(namespace)/")) { record in
            if let pod = try? JSON.parse(record.bytes), pod["spec", "nodeName"]?.string == node { found.append(pod) }
            return true
        }
        return found
    }
}

/// The names of what a pod uses of its namespace.
enum PodReferences {
    private static func volumes(_ pod: Value) -> [Value] {
        let volumes = pod["spec", "volumes"]?.array ?? []
        return volumes + volumes.flatMap { $0["projected", "sources"]?.array ?? [] }
    }

    private static func containers(_ pod: Value) -> [Value] {
        ["containers", "initContainers", "ephemeralContainers"].flatMap { pod["spec", $0]?.array ?? [] }
    }

    private static func environment(_ pod: Value, _ source: Text, _ key: Text) -> [String] {
        containers(pod).flatMap { container in
            (container["envFrom"]?.array ?? []).compactMap { $0[source, "name"]?.string }
                + (container["env"]?.array ?? []).compactMap { $0["valueFrom", key, "name"]?.string }
        }
    }

    static func secrets(_ pod: Value) -> [String] {
        let pulls = (pod["spec", "imagePullSecrets"]?.array ?? []).compactMap { $0["name"]?.string }
        let mounted = volumes(pod).flatMap { [$0["secret", "secretName"]?.string, $0["secret", "name"]?.string] }
        return pulls + mounted.compactMap { $0 } + environment(pod, "secretRef", "secretKeyRef")
    }

    static func configMaps(_ pod: Value) -> [String] {
        volumes(pod).compactMap { $0["configMap", "name"]?.string }
            + environment(pod, "configMapRef", "configMapKeyRef")
    }

    static func claims(_ pod: Value) -> [String] {
        volumes(pod).compactMap { volume in
            if volume["ephemeral"] != nil { return "\(pod.name)-\(volume["name"]?.string ?? "")" }
            return volume["persistentVolumeClaim", "claimName"]?.string
        }
    }

    static func resourceClaims(_ pod: Value) -> [String] {
        (pod["spec", "resourceClaims"]?.array ?? []).compactMap { $0["resourceClaimName"]?.string }
            + (pod["status", "resourceClaimStatuses"]?.array ?? []).compactMap { $0["resourceClaimName"]?.string }
    }
}

extension Identity {
    /// The node that this is; nil for anybody else.
    var nodeName: String? {
        guard groups.contains("system:nodes"), name.hasPrefix("system:node:") else { return nil }
        return String(name.dropFirst("system:node:".count))
    }
}
