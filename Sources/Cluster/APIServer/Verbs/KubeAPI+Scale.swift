import API
import Client
import Document
import Schema
import Store

/// Where a kind keeps what its Scale shows.
private struct ScalePaths {
    var replicas: [Text] = ["spec", "replicas"]
    var current: [Text] = ["status", "replicas"]
    /// Where the selector stands as text; nil where it is built from `spec.selector`.
    var selector: [Text]?
    let isCustom: Bool

    /// Built-in kinds agree on their fields; a CRD names its own.
    init(_ resource: Resource, _ api: KubeAPI) {
        isCustom = resource.definition != nil
        guard let name = resource.definition,
            let definition = api.object(
                "apiextensions.k8s.io", "v1", "customresourcedefinitions", name: name)
        else { return }
        let version = definition["spec", "versions"]?.array?.first { $0["name"]?.string == resource.version }
        let scale = version?["subresources", "scale"]
        replicas = Self.path(scale?["specReplicasPath"])
        current = Self.path(scale?["statusReplicasPath"])
        selector = scale?["labelSelectorPath"].map { Self.path($0) } ?? []
    }

    /// The keys of a simple JSON path such as `.spec.replicas`.
    private static func path(_ value: Value?) -> [Text] {
        (value?.string ?? "").split(separator: ".").map { Text($0) }
    }

    var replicasText: String { "." + replicas.map(\.string).joined(separator: ".") }
}

extension KubeAPI {
    /// The Scale of an object that has replicas.
    func scale(_ request: Request) throws(Status) -> Answer {
        let object = try request.resource.tree(try find(request))
        return Answer(.part(try scale(of: object, request.resource), of: request.resource))
    }

    private func scale(of object: Value, _ resource: ServedResource) throws(Status) -> Value {
        let paths = ScalePaths(resource.resource, self)
        if paths.isCustom && object[path: paths.replicas] == nil {
            throw .internalError("the spec replicas field \"\(paths.replicasText)\" does not exist")
        }
        var scale: Value = ["kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": [:], "spec": [:]]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] as [Text] {
            scale["metadata", field] = object["metadata", field]
        }
        if let replicas = object[path: paths.replicas]?.int, replicas != 0 {
            scale["spec", "replicas"] = .int(replicas)
        }
        scale["status", "replicas"] = .int(object[path: paths.current]?.int ?? 0)
        let selector = Self.selector(object, paths)
        if !selector.isEmpty { scale["status", "selector"] = .string(selector) }
        return scale
    }

    private static func selector(_ object: Value, _ paths: ScalePaths) -> String {
        if let path = paths.selector { return path.isEmpty ? "" : object[path: path]?.string ?? "" }
        guard let selector = object["spec", "selector"] else { return "" }
        // ReplicationControllers have a plain map of labels.
        if selector["matchLabels"] == nil && selector["matchExpressions"] == nil, let labels = selector.object {
            return LabelSelector(matching: labels).description
        }
        return LabelSelector(object: selector)?.description ?? ""
    }

    /// Sets the replicas of an object by its Scale.
    func writeScale(_ request: Request) async throws(Status) -> Answer {
        let patch = request.verb == .patch ? try scalePatch(request) : nil
        let sent = patch == nil ? try part(request).object : nil
        let paths = ScalePaths(request.resource.resource, self)
        let answer = try await revise(try request.asUpdate) { old throws(Status) in
            var scale: Value
            if let sent { scale = sent } else { scale = try self.scale(of: old, request.resource) }
            if let patch { scale = try patch(scale) }
            try KubeAPI.checkName(scale, request)
            let replicas = scale["spec", "replicas"]?.int ?? 0
            guard replicas >= 0 else {
                throw .invalid(
                    GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale"), request.name,
                    [
                        FieldError(
                            .invalid, "spec.replicas", value: .int(replicas),
                            detail: "must be greater than or equal to 0")
                    ])
            }
            var object = old
            object[path: paths.replicas] = .int(replicas)
            object["metadata", "resourceVersion"] = scale["metadata", "resourceVersion"]
            return Revised(object: object)
        }
        return try scaleAnswer(answer, request)
    }

    private func scaleAnswer(_ answer: Answer, _ request: Request) throws(Status) -> Answer {
        let object: Value
        switch answer.body {
        case .record(let resource, let record): object = try resource.tree(record)
        case .object(_, let value): object = value
        default: return answer
        }
        let scale = try scale(of: object, request.resource)
        return Answer(.part(scale, of: request.resource), warnings: answer.warnings)
    }

    private func scalePatch(_ request: Request) throws(Status) -> @Sendable (Value) throws(Status) -> Value {
        let type = PatchType(rawValue: MediaType(request.incoming.contentType).name)
        let body: Value
        switch request.incoming.body {
        case .value(let value): body = value
        case .bytes(let bytes):
            do throws(JSON.Failure) { body = try JSON.parse(bytes) } catch {
                throw .badRequest("error decoding patch: \(error.message)")
            }
        case nil: body = .null
        }
        return { scale throws(Status) in
            do throws(PatchFailure) {
                // A Scale has no lists, so that the strategic merge is the plain one.
                return type == .json ? try scale.jsonPatched(with: body) : scale.mergePatched(with: body)
            } catch {
                throw Status(error, request.resource, request.name)
            }
        }
    }
}
