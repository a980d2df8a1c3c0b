import API
import Document
import Schema
import Store

extension KubeAPI {
    /// Stores a new object.
    func create(_ request: Request) async throws(Status) -> Answer {
        var options = WriteOptions(kind: "CreateOptions")
        options.checkCommon(request.query)
        try options.finish()
        let resource = request.resource
        let reader = BodyReader(resource: resource.resource, catalogue: served.catalogue)
        let parsed = try reader.parse(request.incoming)
        let (object, warnings) = try reader.decode(parsed, as: resource.resource.kind, request.fieldValidation)
        request.warnings.add(warnings)
        if resource.gvk.kind == "Binding" { return try await bind(pod: object.name, request) }
        if let review = try review(object, request) { return review }
        return try await create(object, request, warnings: warnings)
    }

    /// Stores a decoded object: what POST, and apply or PUT of a name that is not there yet, have in common.
    func create(
        _ decoded: Value, _ request: Request, warnings: [String], isApply: Bool = false
    ) async throws(Status) -> Answer {
        let resource = request.resource
        var object = try checkedForCreate(decoded, request)
        let repeated = object.dropRepeatedOwners(isPatch: isApply)
        object = resource.resource.kind.defaulted(object, keepsNulls: isApply)
        object = tracked(object, from: nil, request, isApply: isApply)
        var review = AdmissionReview(.create, object: object, old: nil, request)
        try await admission.mutate(&review, self)
        object = resource.resource.preparedForCreate(review.object, now: now)
        var faults = resource.resource.validateCreate(object, language: RuleLanguage())
        faults += asked(object, old: nil, resource, after: faults).faults
        guard faults.isEmpty else { throw .invalid(resource, object.name, faults) }
        review.object = object
        try await admission.validate(&review, self)
        let claim = try services.claim(for: &object, old: nil, resource, isDryRun: request.isDryRun)
        do throws(Status) {
            let answer = try await store(object, request, warnings: warnings + repeated + review.warnings)
            claim?.keep(request.isDryRun ? nil : object)
            return answer
        } catch {
            claim?.giveBack()
            throw error
        }
    }

    private func tracked(_ object: Value, from live: Value?, _ request: Request, isApply: Bool) -> Value {
        guard !isApply else { return object }
        return request.resource.resource.trackingUpdate(object, from: live, by: owner(request))
    }

    func owner(_ request: Request) -> FieldOwner {
        let subresource = request.route.subresource
        return FieldOwner(
            manager: request.fieldManager, subresource: subresource.isEmpty ? nil : subresource, now: now)
    }

    /// The object with what the server alone decides: namespace, name, uid, time of creation (rest.BeforeCreate).
    private func checkedForCreate(_ decoded: Value, _ request: Request) throws(Status) -> Value {
        var object = decoded
        try KubeAPI.placeInNamespace(&object, request)
        if !object.resourceVersion.isEmpty {
            throw Status(
                code: 500, reason: nil, message: "resourceVersion should not be set on objects to be created")
        }
        if object.name.isEmpty, let base = object["metadata", "generateName"]?.string, !base.isEmpty {
            object.name = Naming.generated(base)
        }
        object["metadata", "uid"] = .string(Naming.uid())
        object["metadata", "creationTimestamp"] = .string(now.description)
        for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] as [Text] {
            object["metadata", field] = nil
        }
        return object
    }

    /// The namespace of the path counts; an object may name the same or none, and one of the cluster any.
    static func placeInNamespace(_ object: inout Value, _ request: Request) throws(Status) {
        let isFree = object.namespace.isEmpty || request.namespace.isEmpty
        guard isFree || object.namespace == request.namespace else {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        object.namespace = request.namespace
    }

    /// Puts a finished object into the store, or shows what that would give.
    private func store(_ object: Value, _ request: Request, warnings: [String]) async throws(Status) -> Answer {
        let resource = request.resource
        let warnings = warnings + resource.resource.warnings(object, old: nil)
        let key = resource.key(namespace: request.namespace, name: object.name)
        if request.isDryRun {
            if store.record(key) != nil { throw .alreadyExists(resource.gvr, object.name) }
            return Answer(.object(resource, object), status: 201, warnings: warnings)
        }
        let bytes = resource.bytes(of: object)
        let expiry = KubeAPI.expiry(of: resource, clock.now)
        do throws(StoreFailure) {
            let revision = try await store.commit(Change(key, .create(bytes), expiry: expiry))
            let record = Record(key: key, revision: revision, bytes: bytes, expiry: expiry)
            await written(object, resource, record)
            return Answer(.record(resource, record), status: 201, warnings: warnings)
        } catch {
            throw Status(error, resource, object.name)
        }
    }

    /// Events are forgotten after an hour (kube-apiserver's --event-ttl).
    static func expiry(of resource: ServedResource, _ now: Time) -> Int64? {
        resource.prefix == "events/" ? now.seconds + 3600 : nil
    }
}
