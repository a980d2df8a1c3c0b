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
        let patch = request.verb == .patch ? try scalePatch(request) : nil
        let sent = patch == nil ? try part(request).object : nil
        let answer = try await revise(try request.asUpdate) { old throws(Status) in
            var scale: Value
            if let sent { scale = sent } else { scale = try self.settableScale(of: old, request.resource) }
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
            var object = request.resource.resource.settingScale(scale, on: old)
            object["metadata", "resourceVersion"] = scale["metadata", "resourceVersion"]
            // The scale of a custom resource names no manager for its fields in upstream.
            let isCustom = request.resource.resource.definition != nil
            return Revised(object: object, isApply: isCustom)
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
