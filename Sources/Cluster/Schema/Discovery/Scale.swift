import API
public import Document

/// Where the `scale` subresource finds its numbers.
struct ScalePaths: Sendable {
    let specReplicas: [Text]
    let statusReplicas: [Text]
    /// A selector in its text form, or a LabelSelector or map of labels for built-in kinds.
    let labelSelector: [Text]?

    /// Built-in kinds have them all in the same place.
    static let builtIn = ScalePaths(
        specReplicas: ["spec", "replicas"], statusReplicas: ["status", "replicas"], labelSelector: ["spec", "selector"])

    init(specReplicas: [Text], statusReplicas: [Text], labelSelector: [Text]?) {
        self.specReplicas = specReplicas
        self.statusReplicas = statusReplicas
        self.labelSelector = labelSelector
    }

    /// From a CRD's `subresources.scale`.
    init(_ scale: Value) {
        let path = { (key: Text) -> [Text]? in
            scale[key]?.string.map { $0.split(separator: ".").map { Text($0) } }
        }
        self.init(
            specReplicas: path("specReplicasPath") ?? [], statusReplicas: path("statusReplicasPath") ?? [],
            labelSelector: path("labelSelectorPath"))
    }
}

/// Why an object has no scale.
public struct ScaleFailure: Error, Sendable, Hashable {
    /// Upstream's text, for an internal error (500).
    public let message: String
}

extension Resource {
    /// The Scale (autoscaling/v1) of an object.
    ///
    /// - Throws: where a custom resource has no replicas at its path.
    public func scale(of object: Value) throws(ScaleFailure) -> Value {
        let paths = declaration.scale ?? .builtIn
        guard let replicas = object[path: paths.specReplicas]?.int else {
            let path = paths.specReplicas.map { ".\($0)" }.joined()
            throw ScaleFailure(message: "the spec replicas field \"\(path)\" does not exist")
        }
        var scale: Value = [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": [:], "spec": [:],
            "status": ["replicas": .int(object[path: paths.statusReplicas]?.int ?? 0)],
        ]
        if replicas != 0 { scale["spec", "replicas"] = .int(replicas) }
        for key: Text in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            if let value = object["metadata", key] { scale["metadata", key] = value }
        }
        let selector = paths.labelSelector.flatMap { object[path: $0] }.map(Resource.selectorText) ?? ""
        if !selector.isEmpty { scale["status", "selector"] = .string(selector) }
        return scale
    }

    /// The object with the replicas of a Scale.
    public func settingScale(_ scale: Value, on object: Value) -> Value {
        let paths = declaration.scale ?? .builtIn
        var object = object
        object[path: paths.specReplicas] = .int(scale["spec", "replicas"]?.int ?? 0)
        return object
    }

    private static func selectorText(_ value: Value) -> String {
        if let text = value.string { return text }
        let isPlain = value["matchLabels"] == nil && value["matchExpressions"] == nil
        if isPlain { return LabelSelector(matching: value.object ?? [:]).description }
        return LabelSelector(object: value)?.description ?? ""
    }
}
