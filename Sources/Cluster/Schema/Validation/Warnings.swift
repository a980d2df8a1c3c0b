import API
import Document

/// The warnings about what is valid but not wise (pkg/api/pod/warnings.go and its kin).
enum Warnings {
    /// - Parameter old: the state that stands; nil for a new object.
    static func of(_ object: Value, _ kind: Kind, old: Value?) -> [String] {
        if kind.custom != nil { return finalizers(object, old) }
        if kind.name == "CustomResourceDefinition", kind.group == "apiextensions.k8s.io" { return formats(object, old) }
        guard ["", "apps", "batch"].contains(kind.group) else { return [] }
        switch kind.name {
        case "Endpoints" where old == nil:
            return ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"]
        case "Secret": return secret(object)
        case "Pod": return isNews(object, old) ? PodWarnings(object, at: "").warnings : []
        case "CronJob": return template(object, old, ["spec", "jobTemplate", "spec", "template"])
        case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job":
            return template(object, old, ["spec", "template"])
        default: return []
        }
    }

    /// Finalizers that a custom resource gets and whose names are not qualified (apiextensions' validateKubeFinalizerName).
    private static func finalizers(_ object: Value, _ old: Value?) -> [String] {
        let before = old?.finalizers ?? []
        let standard = ["orphan", "foregroundDeletion", "kubernetes"]
        return Set(object.finalizers).subtracting(before).sorted().flatMap { name -> [String] in
            let head = "metadata.finalizers: \(GoQuote.quote(Text(name))): "
            let faults = Names.qualified(name).map { head + $0 }
            if name.contains("/") || standard.contains(name) { return faults }
            let path = name.contains(".") ? " including a path (/)" : ""
            return faults + [
                head + "prefer a domain-qualified finalizer name\(path) to avoid accidental conflicts with other "
                    + "finalizer writers"
            ]
        }
    }

    /// The formats of a definition's schemas that mean nothing, but those that it had before.
    private static func formats(_ definition: Value, _ old: Value?) -> [String] {
        func unknown(_ definition: Value) -> Set<String> {
            var formats: Set<String> = []
            for schema in InternalDefinition(definition["spec"] ?? [:]).schemas { schema.collectFormats(&formats) }
            return formats
        }
        let before = old.map(unknown) ?? []
        return unknown(definition).subtracting(before).sorted().map { "unrecognized format \(GoQuote.quote(Text($0)))" }
    }

    /// Upstream looks again only where the generation went up.
    private static func isNews(_ object: Value, _ old: Value?) -> Bool {
        guard let old else { return true }
        return object["spec"] != old["spec"]
    }

    private static func template(_ object: Value, _ old: Value?, _ path: [Text]) -> [String] {
        guard isNews(object, old) else { return [] }
        let template = path.reduce(object) { $0[$1] ?? [:] }
        return PodWarnings(template, at: path.map(\.string).joined(separator: ".") + ".").warnings
    }

    /// What Go's tls.X509KeyPair says first of a pair that holds no PEM.
    private static func secret(_ secret: Value) -> [String] {
        guard secret["type"] == "kubernetes.io/tls" else { return [] }
        for (key, what) in [("tls.crt", "certificate"), ("tls.key", "key")] {
            let data = Array((secret["data", Text(key)]?.string ?? "").utf8)
            let text = Base64.decode(data).map { Text(bytes: $0).string } ?? ""
            if !text.contains("-----BEGIN ") {
                return ["tls: failed to find any PEM data in \(what) input"]
            }
        }
        return []
    }
}

extension Value {
    /// The formats in a schema that mean nothing where they stand.
    fileprivate func collectFormats(_ formats: inout Set<String>) {
        if let format = self["format"]?.string, !format.isEmpty,
            !SchemaFormats.isSupported(format, of: [self["type"]?.string ?? ""])
        {
            formats.insert(format)
        }
        for key: Text in ["properties", "patternProperties", "definitions", "dependencies"] {
            for member in self[key]?.object ?? [:] { member.value.collectFormats(&formats) }
        }
        for key: Text in ["items", "allOf", "anyOf", "oneOf", "not", "additionalProperties", "additionalItems"] {
            for part in self[key]?.array ?? [self[key]].compactMap(\.self) { part.collectFormats(&formats) }
        }
    }
}

/// The warnings of a pod or a pod's template.
struct PodWarnings {
    private(set) var warnings: [String] = []
    private let prefix: String
    private var ports: [(place: String, port: Value)] = []

    /// - Parameter prefix: what comes before `spec`: empty or a path that ends in a dot.
    init(_ pod: Value, at prefix: String) {
        self.prefix = prefix
        let spec = pod["spec"] ?? [:]
        labels(spec)
        annotations(pod)
        volumes(spec)
        spreading(spec)
        for (index, secret) in (spec["imagePullSecrets"]?.array ?? []).enumerated()
        where (secret["name"]?.string ?? "").isEmpty {
            warn("spec.imagePullSecrets[\(index)].name", "invalid empty name \"\"")
        }
        if let grace = spec["terminationGracePeriodSeconds"]?.int, grace < 0 {
            warn(
                "spec.terminationGracePeriodSeconds",
                "must be >= 0; negative values are invalid and will be treated as 1")
        }
        for list: Text in ["initContainers", "containers"] {
            for (index, container) in (spec[list]?.array ?? []).enumerated() {
                self.container(container, "spec.\(list)[\(index)]")
            }
        }
    }

    private mutating func warn(_ path: String, _ text: String) { warnings.append("\(prefix)\(path): \(text)") }

    private static let oldLabels: [String: String] = [
        "beta.kubernetes.io/arch": "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os": "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region":
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        "failure-domain.beta.kubernetes.io/zone": "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        "beta.kubernetes.io/instance-type":
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ]

    private mutating func labels(_ spec: Value) {
        for member in spec["nodeSelector"]?.object ?? [:] {
            if let text = Self.oldLabels[member.key.string] { warn("spec.nodeSelector[\(member.key.string)]", text) }
        }
        let path = "spec.affinity.nodeAffinity"
        let affinity = spec["affinity", "nodeAffinity"] ?? [:]
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let terms = affinity[Text(required), "nodeSelectorTerms"]?.array ?? []
        for (index, term) in terms.enumerated() {
            expressions(term, "\(path).\(required).nodeSelectorTerms[\(index)]")
        }
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        for (index, term) in (affinity[Text(preferred)]?.array ?? []).enumerated() {
            expressions(term["preference"] ?? [:], "\(path).\(preferred)[\(index)].preference")
        }
    }

    private mutating func expressions(_ term: Value, _ path: String) {
        for (index, expression) in (term["matchExpressions"]?.array ?? []).enumerated() {
            let key = expression["key"]?.string ?? ""
            if let text = Self.oldLabels[key] {
                warn("\(path).matchExpressions[\(index)].key", "\(key) is \(text)")
            }
        }
    }

    private mutating func annotations(_ pod: Value) {
        for member in pod["metadata", "annotations"]?.object ?? [:] {
            let key = member.key.string
            if key == "seccomp.security.alpha.kubernetes.io/pod"
                || key.hasPrefix("container.seccomp.security.alpha.kubernetes.io/")
            {
                warn(
                    "metadata.annotations[\(key)]",
                    "non-functional in v1.27+; use the \"seccompProfile\" field instead")
            } else if key == "scheduler.alpha.kubernetes.io/critical-pod" {
                warn(
                    "metadata.annotations[\(key)]",
                    "non-functional in v1.16+; use the \"priorityClassName\" field instead")
            }
        }
    }

    private static let oldVolumes: [(Text, String)] = [
        ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
        ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
        ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ]

    private mutating func volumes(_ spec: Value) {
        for (index, volume) in (spec["volumes"]?.array ?? []).enumerated() {
            for (source, text) in Self.oldVolumes where volume[source] != nil {
                let name = source == "storageos" ? "storageOS" : source.string
                warn("spec.volumes[\(index)].\(name)", text)
            }
        }
    }

    private mutating func spreading(_ spec: Value) {
        for (index, constraint) in (spec["topologySpreadConstraints"]?.array ?? []).enumerated()
        where constraint["labelSelector"] == nil {
            warn(
                "spec.topologySpreadConstraints[\(index)].labelSelector",
                "a null labelSelector results in matching no pod")
        }
    }

    // MARK: Containers

    private mutating func container(_ container: Value, _ path: String) {
        var names: Set<String> = []
        for (index, variable) in (container["env"]?.array ?? []).enumerated() {
            let name = variable["name"]?.string ?? ""
            if !names.insert(name).inserted {
                warn(
                    "\(path).env[\(index)]",
                    "hides previous definition of \"\(name)\", which may be dropped when using apply")
            }
        }
        for kind: Text in ["limits", "requests"] {
            for member in container["resources", kind]?.object ?? [:]
            where member.key == "memory" || member.key == "ephemeral-storage" {
                guard let quantity = member.value.quantity, quantity.nanos % 1_000_000_000 != 0 else { continue }
                warn(
                    "\(path).resources.\(kind.string)[\(member.key.string)]",
                    "fractional byte value \"\(quantity)\" is invalid, must be an integer")
            }
        }
        for (index, port) in (container["ports"]?.array ?? []).enumerated() {
            self.port(port, "\(path).ports[\(index)]")
        }
    }

    private mutating func port(_ port: Value, _ place: String) {
        for (other, known) in ports
        where known["containerPort"] == port["containerPort"] && known["protocol"] == port["protocol"] {
            let (left, right) = (known["hostPort"]?.int ?? 0, port["hostPort"]?.int ?? 0)
            let (one, two) = (known["hostIP"]?.string ?? "", port["hostIP"]?.string ?? "")
            let there = "\(prefix)\(other)"
            if left == right && one == two {
                warn(place, "duplicate port definition with \(there)")
            } else if left == 0 || right == 0 {
                warn(place, "overlapping port definition with \(there)")
            } else if left == right && one.isEmpty != two.isEmpty {
                warn(place, "dangerously ambiguous port definition with \(there)")
            }
        }
        ports.append((place, port))
    }
}
