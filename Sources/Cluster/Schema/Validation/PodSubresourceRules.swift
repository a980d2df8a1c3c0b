import API
import Document

/// What may change through `/ephemeralcontainers` (ValidatePodEphemeralContainersUpdate): containers are added, and stay.
enum EphemeralContainerRules {
    static let check: Rules.Update = { pod, old, faults in
        let path = "spec.ephemeralContainers"
        let new = pod["spec", "ephemeralContainers"]?.array ?? []
        for container in old["spec", "ephemeralContainers"]?.array ?? [] {
            let name = container["name"]?.string ?? ""
            guard let standing = new.first(where: { $0["name"] == container["name"] }) else {
                faults.forbidden(path, "existing ephemeral containers \"\(name)\" may not be removed\n")
                continue
            }
            if standing != container {
                faults.forbidden(path, "existing ephemeral containers \"\(name)\" may not be changed\n")
            }
        }
        if old.annotation("kubernetes.io/config.mirror") != nil {
            faults.forbidden("", "static pods do not support ephemeral containers")
        }
    }
}

/// What may change through `/resize` (ValidatePodResize).
enum ResizeRules {
    static let check: Rules.Update = { pod, old, faults in
        if old.annotation("kubernetes.io/config.mirror") != nil {
            return faults.forbidden("", "static pods cannot be resized")
        }
        let quality = pod["status", "qosClass"]
        if QualityOfService.of(pod) != QualityOfService.of(old) {
            faults.invalid("spec", quality, "Pod QOS Class may not change as a result of resizing")
        }
        if !isSupported(old) { faults.forbidden("spec", "Pod running on node without support for resize") }
        for list: Text in ["containers", "initContainers"] { checkContainers(list, pod, old, &faults) }
    }

    /// A node that can resize says what its running containers have.
    private static func isSupported(_ pod: Value) -> Bool {
        let running = (pod["status", "containerStatuses"]?.array ?? []).first { $0["state", "running"] != nil }
        return running.map { $0["resources"] != nil } ?? true
    }

    private static func checkContainers(_ list: Text, _ pod: Value, _ old: Value, _ faults: inout Faults) {
        let before = old["spec", list]?.array ?? []
        for (index, container) in (pod["spec", list]?.array ?? []).enumerated() {
            guard let standing = before.first(where: { $0["name"] == container["name"] }),
                standing["resources"] != container["resources"]
            else { continue }
            let path = "spec.\(list)[\(index)].resources"
            if list == "initContainers", standing["restartPolicy"] != "Always" {
                faults.forbidden(path, "resources for non-sidecar init containers are immutable")
            }
            for kind: Text in ["limits", "requests"] {
                let new = container["resources", kind]?.object ?? [:]
                let past = standing["resources", kind]?.object ?? [:]
                if others(new) != others(past) {
                    faults.forbidden("\(path).\(kind)", "only cpu and memory resources are mutable")
                }
                let isGone = past.contains { member in
                    isResizable(member.key) && !new.contains { $0.key == member.key }
                }
                if isGone { faults.forbidden("\(path).\(kind)", "resource \(kind) cannot be removed") }
            }
        }
    }

    private static func isResizable(_ key: Text) -> Bool { key == "cpu" || key == "memory" }

    private static func others(_ list: Object) -> [Text: Value] {
        Dictionary(list.filter { !isResizable($0.key) }.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
}
