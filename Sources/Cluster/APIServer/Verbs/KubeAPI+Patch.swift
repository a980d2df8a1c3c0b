import API
import Client
import Document
import Schema
import Store

/// The four ways to patch, by media type.
enum PatchType: String, Sendable {
    case json = "application/json-patch+json"
    case merge = "application/merge-patch+json"
    case strategic = "application/strategic-merge-patch+json"
    case apply = "application/apply-patch+yaml"
}

extension KubeAPI {
    /// Changes an object by a patch.
    func patch(_ request: Request) async throws(Status) -> Answer {
        let type = try patchType(request)
        var options = WriteOptions(kind: "PatchOptions")
        options.checkCommon(request.query)
        options.checkForce(request.query, isApply: type == .apply)
        try options.finish()
        let body = try patchBody(request, type)
        if type == .apply { return try await apply(body, request) }
        let catalogue = served.catalogue
        return try await revise(request) { old throws(Status) in
            try self.patched(old, with: body, type, request, catalogue)
        }
    }

    private func patchType(_ request: Request) throws(Status) -> PatchType {
        let isCustom = request.resource.resource.definition != nil
        let name = MediaType(request.incoming.contentType).name
        if let type = PatchType(rawValue: name), !(isCustom && type == .strategic) { return type }
        var accepted: [PatchType] = [.json, .merge]
        if !isCustom { accepted.append(.strategic) }
        throw .unsupportedMedia((accepted + [.apply]).map(\.rawValue))
    }

    private func patchBody(_ request: Request, _ type: PatchType) throws(Status) -> Value {
        let bytes: [UInt8]
        switch request.incoming.body {
        case .value(let value): return value
        case .bytes(let sent): bytes = sent
        case nil: bytes = []
        }
        if type == .apply { return try KubeAPI.configuration(bytes) }
        do throws(JSON.Failure) {
            return try JSON.parse(bytes)
        } catch {
            throw .badRequest("error decoding patch: \(error.message)")
        }
    }

    private static func configuration(_ bytes: [UInt8]) throws(Status) -> Value {
        do throws(YAML.Failure) {
            return try YAML.parse(bytes)
        } catch {
            throw .badRequest("error decoding YAML: \(error.message)")
        }
    }

    /// Go decodes a patch into its own type before it looks at the object.
    private func checkShape(_ patch: Value, _ type: PatchType) throws(Status) {
        switch (type, patch) {
        case (.json, .array), (.merge, .object), (.strategic, .object), (.apply, _): return
        case (.json, _):
            throw .badRequest(
                "error decoding patch: json: cannot unmarshal \(patch.goKind) into Go value of type jsonpatch.Patch")
        case (.merge, _), (.strategic, _):
            throw .badRequest(
                "error decoding patch: json: cannot unmarshal \(patch.goKind) into Go value of type "
                    + "map[string]interface {}")
        }
    }

    private func patched(
        _ old: Value, with patch: Value, _ type: PatchType, _ request: Request, _ catalogue: Catalogue
    ) throws(Status) -> Revised {
        try checkShape(patch, type)
        let kind = request.resource.resource.kind
        var object: Value
        do throws(PatchFailure) {
            switch type {
            case .json: object = try old.jsonPatched(with: patch)
            case .merge: object = old.mergePatched(with: patch)
            case .strategic: object = try kind.strategicallyPatched(old, with: patch)
            case .apply: object = old
            }
        } catch {
            throw Status(error, request.resource, request.name)
        }
        let reader = BodyReader(resource: request.resource.resource, catalogue: catalogue)
        let (decoded, warnings) = try reader.decode(
            BodyReader.Parsed(value: object), as: kind, request.fieldValidation)
        object = decoded
        guard !object.name.isEmpty else {
            throw .badRequest(
                "the name of the object (\(request.name) based on URL) was undeterminable: name must be provided")
        }
        try KubeAPI.checkName(object, request)
        return Revised(object: object, warnings: warnings)
    }
}

extension KubeAPI {
    /// Server-side apply: merges what a manager wants with what others own, and makes the object where there is none.
    private func apply(_ configuration: Value, _ request: Request) async throws(Status) -> Answer {
        try checkConfiguration(configuration, request)
        let owner = owner(request)
        let force = request.query.flag("force")
        let resource = request.resource
        if store.record(resource.key(namespace: request.namespace, name: request.name)) == nil,
            request.route.subresource.isEmpty
        {
            if !configuration.uid.isEmpty {
                throw .conflict(
                    resource.gvr, request.name,
                    "uid mismatch: the provided object specified uid \(configuration.uid), and no existing object was "
                        + "found")
            }
            var object = try applied(configuration, nil, owner, force, resource)
            object.name = request.name
            return try await create(object, request, warnings: [], isApply: true)
        }
        return try await revise(request) { old throws(Status) in
            var object = try self.applied(configuration, old, owner, force, resource)
            let version = configuration.resourceVersion
            if !version.isEmpty { object["metadata", "resourceVersion"] = .string(version) }
            return Revised(object: object, isApply: true)
        }
    }

    private func checkConfiguration(_ configuration: Value, _ request: Request) throws(Status) {
        let kind = request.resource.resource.kind
        guard configuration.kind == kind.name, configuration.apiVersion == kind.apiVersion else {
            let version = GroupVersion(configuration.apiVersion) ?? GroupVersion(group: "", version: "")
            throw .badRequest(
                "invalid object type: \(version.group)/\(version.version), Kind=\(configuration.kind)")
        }
        try KubeAPI.checkName(configuration, request)
        guard configuration.namespace.isEmpty || configuration.namespace == request.namespace else {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
    }

    private func applied(
        _ configuration: Value, _ live: Value?, _ owner: FieldOwner, _ force: Bool, _ resource: ServedResource
    ) throws(Status) -> Value {
        do throws(ApplyFailure) {
            return try resource.resource.applied(configuration, to: live, by: owner, force: force)
        } catch {
            throw Status(error)
        }
    }
}

extension Status {
    init(_ failure: ApplyFailure) {
        switch failure {
        case .conflicts(let conflicts):
            let causes = conflicts.map {
                Cause(reason: "FieldManagerConflict", message: $0.message, field: $0.field)
            }
            self.init(code: 409, reason: .conflict, message: failure.message, details: Details(causes: causes))
        case .typed: self.init(code: 500, reason: nil, message: failure.message)
        case .badRequest: self = .badRequest(failure.message)
        }
    }

    init(_ failure: PatchFailure, _ resource: ServedResource, _ name: String) {
        switch failure.reason {
        case .badRequest: self = .badRequest(failure.message)
        case .internalError: self.init(code: 500, reason: nil, message: failure.message)
        case .unprocessable:
            // Upstream keeps what was wrong to itself.
            self.init(
                code: 422, reason: .invalid,
                message: "the server rejected our request due to an error in our request", details: Details())
        }
    }
}
