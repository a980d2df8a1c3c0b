package import Document

/// The nodes that a pod asks for, by its selector and its required affinity ("Assigning Pods to Nodes").
package struct NodeDemand: Sendable {
    private let selector: LabelSelector
    /// Of which one has to hold; nil where there is none.
    private let terms: [NodeTerm]?

    /// - Parameter spec: a pod's.
    package init(_ spec: Value) {
        selector = LabelSelector(matching: spec["nodeSelector"]?.object ?? [:])
        let required = spec["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]
        terms = required?["nodeSelectorTerms"]?.array?.map(NodeTerm.init)
    }

    package func matches(_ node: Value) -> Bool {
        selector.matches(node.labels) && (terms?.contains { $0.matches(node) } ?? true)
    }
}

/// One way in which a node may be what a pod asks for ("Node affinity").
package struct NodeTerm: Sendable {
    private let labels: [LabelSelector.Requirement]
    private let fields: [LabelSelector.Requirement]
    private let isValid: Bool

    package init(_ term: Value) {
        let (labels, fields) = (term["matchExpressions"]?.array ?? [], term["matchFields"]?.array ?? [])
        self.labels = labels.compactMap(Self.requirement)
        self.fields = fields.compactMap(Self.requirement)
        // A term without any demand matches nothing.
        isValid =
            !(labels.isEmpty && fields.isEmpty) && labels.count == self.labels.count
            && fields.count == self.fields.count
    }

    private static func requirement(_ entry: Value) -> LabelSelector.Requirement? {
        let operators: [String: LabelSelector.Requirement.Operator] = [
            "In": .in, "NotIn": .notIn, "Exists": .exists, "DoesNotExist": .doesNotExist, "Gt": .greaterThan,
            "Lt": .lessThan,
        ]
        guard let name = entry["operator"]?.string, let found = operators[name] else { return nil }
        return LabelSelector.Requirement(
            entry["key"]?.text ?? "", found, entry["values"]?.array?.compactMap(\.text) ?? [])
    }

    package func matches(_ node: Value) -> Bool {
        guard isValid else { return false }
        let names: Object = ["metadata.name": .string(node.name)]
        return labels.allSatisfy { $0.matches(node.labels) } && fields.allSatisfy { $0.matches(names) }
    }
}

/// One toleration ("Taints and Tolerations").
package struct Toleration: Sendable {
    private let key: String
    private let existsOnly: Bool
    private let value: String
    private let effect: String
    /// How long a NoExecute taint is tolerated; nil for ever.
    package let seconds: Int?

    package init(_ entry: Value) {
        seconds = entry["tolerationSeconds"]?.int
        key = entry["key"]?.string ?? ""
        existsOnly = entry["operator"]?.string == "Exists"
        value = entry["value"]?.string ?? ""
        effect = entry["effect"]?.string ?? ""
    }

    package func tolerates(_ taint: Taint) -> Bool {
        (effect.isEmpty || effect == taint.effect) && (key.isEmpty || key == taint.key)
            && (existsOnly || (value == taint.value && !key.isEmpty))
    }
}

/// What keeps pods off a node that do not tolerate it.
package struct Taint: Hashable, Sendable {
    package let key: String
    package let value: String
    package let effect: String

    package init(key: String, value: String, effect: String) {
        self.key = key
        self.value = value
        self.effect = effect
    }

    package static func all(of node: Value) -> [Taint] {
        (node["spec", "taints"]?.array ?? []).map {
            Taint(
                key: $0["key"]?.string ?? "", value: $0["value"]?.string ?? "", effect: $0["effect"]?.string ?? "")
        }
    }
}
