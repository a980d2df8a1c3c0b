import API
import Document

/// What scheduling asks of a pod, read from its tree once.
struct PodFacts: Sendable {
    let pod: Value
    let uid: String
    let requests: Amounts
    let ports: [HostPort]
    let tolerations: [Toleration]
    let nodes: NodeDemand
    let preferredNodes: [(weight: Int, term: NodeTerm)]
    let affinity: [PodTerm]
    let antiAffinity: [PodTerm]
    let preferredPods: [(weight: Int, term: PodTerm)]
    let spread: [SpreadConstraint]
    let claims: [String]
    let priority: Int
    /// The uid of the pod's controller.
    let owner: String?

    init(_ pod: Value) {
        self.pod = pod
        uid = pod.uid
        owner = pod.controller?.uid
        requests = .requests(of: pod)
        ports = HostPort.all(of: pod)
        let spec = pod["spec"] ?? [:]
        tolerations = (spec["tolerations"]?.array ?? []).map(Toleration.init)
        nodes = NodeDemand(spec)
        let preferences = spec["affinity", "nodeAffinity"]
        preferredNodes = (preferences?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).map {
            ($0["weight"]?.int ?? 0, NodeTerm($0["preference"] ?? [:]))
        }
        let (pods, anti) = (spec["affinity", "podAffinity"], spec["affinity", "podAntiAffinity"])
        affinity = PodTerm.required(pods, pod)
        antiAffinity = PodTerm.required(anti, pod)
        preferredPods = PodTerm.preferred(pods, pod, sign: 1) + PodTerm.preferred(anti, pod, sign: -1)
        spread = (spec["topologySpreadConstraints"]?.array ?? []).map { SpreadConstraint($0, pod) }
        claims = pod.claimNames
        priority = spec["priority"]?.int ?? 0
    }

    /// Whether a node is one that the pod asks for by selector and required affinity.
    func asksFor(_ node: Value) -> Bool { nodes.matches(node) }
}

/// Which pods a pod wants to be near, or far from ("Inter-pod affinity and anti-affinity").
struct PodTerm: Sendable {
    let topologyKey: Text
    private let selector: LabelSelector?
    private let namespaces: Set<String>
    private let namespaceSelector: LabelSelector?

    init(_ term: Value, _ pod: Value) {
        topologyKey = term["topologyKey"]?.text ?? ""
        var selector = term["labelSelector"].flatMap { LabelSelector(object: $0) }
        for (list, isIn) in [("matchLabelKeys", true), ("mismatchLabelKeys", false)] {
            for key in term[Text(list)]?.array?.compactMap(\.text) ?? [] {
                guard let value = pod.labels[key]?.text else { continue }
                selector?.requirements.append(.init(key, isIn ? .in : .notIn, [value]))
            }
        }
        self.selector = selector
        let named = Set(term["namespaces"]?.array?.compactMap(\.string) ?? [])
        namespaceSelector = term["namespaceSelector"].flatMap { LabelSelector(object: $0) }
        namespaces = named.isEmpty && namespaceSelector == nil ? [pod.namespace] : named
    }

    /// - Parameter labels: the labels of a namespace.
    func matches(_ pod: Value, labels: (String) -> Object) -> Bool {
        guard let selector, selector.matches(pod.labels) else { return false }
        return namespaces.contains(pod.namespace) || (namespaceSelector?.matches(labels(pod.namespace)) ?? false)
    }

    static func required(_ affinity: Value?, _ pod: Value) -> [PodTerm] {
        (affinity?["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).map { PodTerm($0, pod) }
    }

    static func preferred(_ affinity: Value?, _ pod: Value, sign: Int) -> [(weight: Int, term: PodTerm)] {
        (affinity?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).map {
            (sign * ($0["weight"]?.int ?? 0), PodTerm($0["podAffinityTerm"] ?? [:], pod))
        }
    }
}

/// How evenly pods have to be spread over the values of a node label ("Pod Topology Spread Constraints").
struct SpreadConstraint: Sendable {
    let key: Text
    let most: Int
    let isRequired: Bool
    let leastDomains: Int
    let honorsAffinity: Bool
    let honorsTaints: Bool
    private let selector: LabelSelector?

    init(_ entry: Value, _ pod: Value) {
        key = entry["topologyKey"]?.text ?? ""
        most = entry["maxSkew"]?.int ?? 1
        isRequired = entry["whenUnsatisfiable"]?.string != "ScheduleAnyway"
        leastDomains = entry["minDomains"]?.int ?? 1
        honorsAffinity = entry["nodeAffinityPolicy"]?.string != "Ignore"
        honorsTaints = entry["nodeTaintsPolicy"]?.string == "Honor"
        var selector = entry["labelSelector"].flatMap { LabelSelector(object: $0) }
        for key in entry["matchLabelKeys"]?.array?.compactMap(\.text) ?? [] {
            guard let value = pod.labels[key]?.text else { continue }
            selector?.requirements.append(.init(key, .in, [value]))
        }
        self.selector = selector
    }

    func counts(_ pod: Value, in namespace: String) -> Bool {
        pod.namespace == namespace && !pod.isBeingDeleted && (selector?.matches(pod.labels) ?? false)
    }
}
