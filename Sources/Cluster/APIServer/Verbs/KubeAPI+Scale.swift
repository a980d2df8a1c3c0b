import API
import Client
import Document
import Schema
import Store

extension KubeAPI {
    /// The Scale of an object that has replicas.
    func scale(_ request: Request) throws(Status) -> Answer {
        let object = try request.resource.tree(try find(request))
        return Answer(.part(try scale(of: object, request.resource), of: request.resource))
    }

    private func scale(of object: Value, _ resource: ServedResource) throws(Status) -> Value {
        do throws(ScaleFailure) {
            return try resource.resource.scale(of: object)
        } catch {
            throw .internalError(error.message)
        }
    }

    /// The Scale that a patch begins with: an object without replicas has none of them.
    private func settableScale(of object: Value, _ resource: ServedResource) throws(Status) -> Value {
        if let scale = try? resource.resource.scale(of: object) { return scale }
        return try scale(of: resource.resource.settingScale([:], on: object), resource)
    }

    /// Sets the replicas of an object by its Scale.
    func writeScale(_ request: Request) async throws(Status) -> Answer {
        let body = request.verb == .patch ? try PatchBody(request) : nil
        if let body {
            try KubeAPI.checkPatchOptions(request, body)
            if body.type == .apply { return try await applyScale(try body.read(), request) }
        }
        let patch = try body.map { body throws(Status) in try scalePatch(body) }
        let sent = patch == nil ? try part(request).object : nil
        let answer = try await revise(try request.asUpdate) { old throws(Status) in
            var scale: Value
            if let sent { scale = sent } else { scale = try self.settableScale(of: old, request.resource) }
            if let patch { scale = try patch(scale) }
            try KubeAPI.checkName(scale, request)
            let replicas = scale["spec", "replicas"]?.int ?? 0
            // Those of a custom resource are looked at with the whole of it.
            guard replicas >= 0 || request.resource.resource.isCustom else {
                throw .invalid(
                    GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale"), request.name,
                    [
                        FieldError(
                            .invalid, "spec.replicas", value: .int(replicas),
                            detail: "must be greater than or equal to 0")
                    ])
            }
            var object = request.resource.resource.settingScale(scale, on: old)
            object["metadata", "resourceVersion"] = scale["metadata", "resourceVersion"]
            let resource = request.resource.resource
            return Revised(object: object, isApply: resource.isCustom && !resource.isScaleManaged(old))
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

    private func scaleKind() throws(Status) -> Kind {
        guard let kind = served.catalogue.kind(group: "autoscaling", version: "v1", kind: "Scale") else {
            throw .noSuchResource
        }
        return kind
    }

    /// Server-side apply of a Scale: of its object the replicas alone are applied, and owned.
    private func applyScale(_ patch: PatchBody.Read, _ request: Request) async throws(Status) -> Answer {
        let scale = patch.value
        try KubeAPI.checkConfiguration(scale, try scaleKind(), request)
        let (owner, resource) = (owner(request), request.resource)
        let force = request.query.flag("force")
        let answer = try await revise(try request.asUpdate) { old throws(Status) in
            var configuration: Value = [
                "apiVersion": .string(resource.resource.apiVersion), "kind": .string(resource.gvk.kind),
                "metadata": ["name": .string(request.name)],
            ]
            if scale["spec", "replicas"] != nil {
                configuration = resource.resource.settingScale(scale, on: configuration)
            }
            var object = try self.applied(configuration, old, owner, force, resource)
            let version = scale.resourceVersion
            if !version.isEmpty { object["metadata", "resourceVersion"] = .string(version) }
            return Revised(object: object, warnings: BodyReader.warnings(patch.problems), isApply: true)
        }
        return try scaleAnswer(answer, request)
    }

    private func scalePatch(_ body: PatchBody) throws(Status) -> @Sendable (Value) throws(Status) -> Value {
        let kind = try scaleKind()
        return { scale throws(Status) in
            let patch = try body.read()
            let patched: Value
            do throws(PatchFailure) { patched = try KubeAPI.patched(scale, patch.value, body.type, kind) } catch {
                throw Status(error)
            }
            func refuse(_ why: String) -> Status {
                .invalid(
                    GroupVersionKind(group: "", version: "", kind: ""), "",
                    [FieldError(.invalid, "patch", value: .string(JSON.text(patched)), detail: why)])
            }
            var failure = ""
            do throws(DecodingFailure) {
                let decoded = try kind.decode(patched)
                guard body.validation == .strict, !decoded.strictProblems.isEmpty else { return decoded.object }
                failure = "strict decoding error: \(decoded.strictProblems.joined(separator: ", "))"
            } catch {
                failure = error.message
            }
            throw refuse(failure)
        }
    }
}
