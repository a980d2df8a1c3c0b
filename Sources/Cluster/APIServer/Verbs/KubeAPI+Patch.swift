import API
import Client
import Document
import Schema
import Store

extension KubeAPI {
    /// Changes an object by a patch.
    func patch(_ request: Request) async throws(Status) -> Answer {
        let body = try PatchBody(request)
        try KubeAPI.checkPatchOptions(request, body)
        if body.type == .apply { return try await apply(try body.read(), request) }
        let catalogue = served.catalogue
        return try await revise(request) { old throws(Status) in
            try self.patched(old, with: body, request, catalogue)
        }
    }

    static func checkPatchOptions(_ request: Request, _ body: PatchBody) throws(Status) {
        var options = WriteOptions(kind: "PatchOptions")
        options.checkForce(request.query, isApply: body.type == .apply)
        options.checkCommon(request.query)
        try options.finish()
    }

    /// The object after a patch, before anything is made of it.
    static func patched(
        _ old: Value, _ patch: Value, _ type: PatchType, _ kind: Kind
    ) throws(PatchFailure) -> Value {
        switch type {
        case .json: return try old.jsonPatched(with: patch)
        case .merge: return old.mergePatched(with: patch)
        case .strategic: return patch.isNull ? old : try kind.strategicallyPatched(old, with: patch)
        case .apply: return old
        }
    }

    private func patched(
        _ old: Value, with body: PatchBody, _ request: Request, _ catalogue: Catalogue
    ) throws(Status) -> Revised {
        let patch = try body.read()
        let kind = request.resource.resource.kind
        var object: Value
        do throws(PatchFailure) { object = try KubeAPI.patched(old, patch.value, body.type, kind) } catch {
            throw Status(error)
        }
        let isStrategic = body.type == .strategic
        if isStrategic {
            // Between maps and structs, what says the kind is a field as any other.
            object["kind"] = old["kind"]
            object["apiVersion"] = old["apiVersion"]
        }
        let shown = isStrategic ? Text(patch.value.goText) : JSON.text(object)
        func refuse(_ why: String) -> Status {
            .invalid(
                GroupVersionKind(group: "", version: "", kind: ""), "",
                [FieldError(.invalid, "patch", value: .string(shown), detail: why)])
        }
        let reader = BodyReader(resource: request.resource.resource, catalogue: catalogue)
        let problems: [String]
        do throws(BodyReader.Unreadable) {
            let read = try reader.read(BodyReader.Parsed(value: object), as: kind, isConverted: isStrategic)
            object = read.object
            problems = patch.problems + read.problems
        } catch {
            if let whole = error.whole, request.resource.resource.isCustom { throw whole }
            throw refuse(error.message)
        }
        if body.validation == .strict, !problems.isEmpty {
            throw refuse("strict decoding error: \(problems.joined(separator: ", "))")
        }
        let warnings = body.validation == .warn ? problems : []
        request.warnings.add(warnings)
        guard !object.name.isEmpty else { throw KubeAPI.nameless(request) }
        try KubeAPI.checkName(object, request)
        return Revised(object: object, warnings: warnings)
    }

    static func nameless(_ request: Request) -> Status {
        .badRequest("the name of the object (\(request.name) based on URL) was undeterminable: name must be provided")
    }
}

extension KubeAPI {
    /// Server-side apply: merges what a manager wants with what others own, and makes the object where there is none.
    private func apply(_ patch: PatchBody.Read, _ request: Request) async throws(Status) -> Answer {
        let configuration = patch.value
        try KubeAPI.checkConfiguration(configuration, request.resource.resource.kind, request)
        let owner = owner(request)
        let force = request.query.flag("force")
        let resource = request.resource
        let warnings = BodyReader.warnings(patch.problems)
        if store.record(resource.key(namespace: request.namespace, name: request.name)) == nil,
            request.route.subresource.isEmpty
        {
            let object = try applied(configuration, nil, owner, force, resource)
            try KubeAPI.checkStrict(patch, request)
            if !configuration.uid.isEmpty {
                throw .conflict(
                    resource.gvr, request.name,
                    "uid mismatch: the provided object specified uid \(configuration.uid), and no existing object was "
                        + "found")
            }
            guard !object.name.isEmpty else { throw KubeAPI.nameless(request) }
            return try await create(object, request, warnings: warnings, isApply: true)
        }
        return try await revise(request) { old throws(Status) in
            var object = try self.applied(configuration, old, owner, force, resource)
            try KubeAPI.checkStrict(patch, request)
            let version = configuration.resourceVersion
            if !version.isEmpty { object["metadata", "resourceVersion"] = .string(version) }
            return Revised(object: object, warnings: warnings, isApply: true)
        }
    }

    private static func checkStrict(_ patch: PatchBody.Read, _ request: Request) throws(Status) {
        guard request.fieldValidation == .strict, let problem = patch.problems.first else { return }
        throw .badRequest("error strict decoding YAML: \(problem)")
    }

    static func checkConfiguration(_ configuration: Value, _ kind: Kind, _ request: Request) throws(Status) {
        guard configuration.kind == kind.name, configuration.apiVersion == kind.apiVersion else {
            let version = GroupVersion(configuration.apiVersion) ?? GroupVersion(group: "", version: "")
            throw .badRequest(
                "invalid object type: \(version.group)/\(version.version), Kind=\(configuration.kind)")
        }
        try KubeAPI.checkName(configuration, request)
        var configuration = configuration
        try KubeAPI.placeInNamespace(&configuration, request)
    }

    func applied(
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

    init(_ failure: PatchFailure) {
        switch failure.reason {
        case .badRequest: self = .badRequest(failure.message)
        case .tooLarge: self = .tooLarge(failure.message)
        case .internalError: self.init(code: 500, reason: nil, message: failure.message)
        case .unprocessable:
            // Upstream keeps what was wrong to itself.
            self.init(
                code: 422, reason: .invalid,
                message: "the server rejected our request due to an error in our request", details: Details())
        }
    }

    /// 413: what was sent is more than the server takes.
    static func tooLarge(_ why: String) -> Status {
        Status(code: 413, reason: .requestEntityTooLarge, message: "Request entity too large: \(why)")
    }
}
