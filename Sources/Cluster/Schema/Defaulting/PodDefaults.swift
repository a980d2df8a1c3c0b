import API
import Document

extension Defaulting {
    private static let core = "io.k8s.api.core.v1"

    /// Defaults of pods and what is inside them (pkg/apis/core/v1/defaults.go).
    static let podDefaults: [String: Rule] = [
        "\(core).Pod": { pod in
            if !(pod["spec"]?.has("enableServiceLinks") ?? false) { pod["spec", "enableServiceLinks"] = true }
            for list: Text in ["containers", "initContainers"] {
                pod["spec"]?.mapElements(of: list, requestsFromLimits)
            }
        },
        "\(core).PodSpec": { spec in
            shareServiceAccountName(&spec)
            if spec["hostNetwork"] == true {
                for list: Text in ["containers", "initContainers"] { spec.mapElements(of: list, hostPorts) }
            }
        },
        "\(core).Container": setPullPolicy, "\(core).EphemeralContainer": setPullPolicy,
        "\(core).Volume": { volume in
            // A volume without a source is an emptyDir.
            if volume.object?.count == 1 { volume["emptyDir"] = [:] }
        },
        "\(core).PodStatus": { status in sharePlural(&status, one: "podIP", many: "podIPs", inside: "ip") },
    ]

    /// The deprecated alias always has the same value (conversion of PodSpec).
    private static func shareServiceAccountName(_ spec: inout Value) {
        if let name = spec["serviceAccountName"] ?? spec["serviceAccount"] {
            spec["serviceAccountName"] = name
            spec["serviceAccount"] = name
        }
    }

    /// With the tag `latest`, or none, images are always pulled.
    private static let setPullPolicy: Rule = { container in
        guard !container.has("imagePullPolicy") else { return }
        container["imagePullPolicy"] =
            tag(ofImage: container["image"]?.string ?? "") == "latest" ? "Always" : "IfNotPresent"
    }

    /// The tag of an image reference: `latest` where neither a tag nor a digest is named.
    private static func tag(ofImage image: String) -> String {
        let name = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let undigested = name.prefix { $0 != "@" }
        let tag = undigested.drop { $0 != ":" }.dropFirst()
        if !tag.isEmpty { return String(tag) }
        return undigested.count < name.count ? "" : "latest"
    }

    private static func requestsFromLimits(_ container: inout Value) {
        guard let limits = container["resources", "limits"]?.object else { return }
        for limit in limits where container["resources", "requests"]?[limit.key] == nil {
            container["resources", "requests", limit.key] = limit.value
        }
    }

    private static func hostPorts(_ container: inout Value) {
        container.mapElements(of: "ports") { port in
            if (port["hostPort"]?.int ?? 0) == 0 { port["hostPort"] = port["containerPort"] }
        }
    }

    /// The first of the plural and the singular field are the same (conversion of PodStatus and NodeSpec).
    static func sharePlural(_ value: inout Value, one: Text, many: Text, inside: Text?) {
        let first = value[many]?.array?.first
        if let single = value[one], !single.isNull, first == nil {
            value[many] = .array([inside.map { .object([$0: single]) } ?? single])
        } else if let first, !value.has(one) {
            value[one] = inside.flatMap { first[$0] } ?? first
        }
    }
}

extension Value {
    /// Changes each element of the list under a key.
    mutating func mapElements(of key: Text, _ change: (inout Value) -> Void) {
        guard case .array(var elements)? = self[key] else { return }
        for index in elements.indices { change(&elements[index]) }
        self[key] = .array(elements)
    }
}
