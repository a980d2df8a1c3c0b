import API
import Document
import Schema
import Store

extension KubeAPI {
    /// What a new state of an object is made of, given the state that stands: the body of a PUT, a patch.
    typealias Revise = @Sendable (_ old: Value) throws(Status) -> Revised

    struct Revised: Sendable {
        /// Decoded; defaults and preparation follow.
        var object: Value
        var warnings: [String] = []
        /// Whether managedFields are up to date already, as after an apply.
        var isApply = false
        /// Whether the server itself made the change, which then passes neither admission nor strategy.
        var isOwn = false
    }

    /// Replaces an object.
    func update(_ request: Request) async throws(Status) -> Answer {
        var options = WriteOptions(kind: "UpdateOptions")
        options.checkCommon(request.query)
        try options.finish()
        let resource = request.resource
        let reader = BodyReader(resource: resource.resource, catalogue: served.catalogue)
        let parsed = try reader.parse(request.incoming)
        var (object, warnings) = try reader.decode(parsed, as: resource.resource.kind, request.fieldValidation)
        request.warnings.add(warnings)
        try KubeAPI.placeInNamespace(&object, request)
        try KubeAPI.checkName(object, request)
        let isNew = store.record(resource.key(namespace: request.namespace, name: request.name)) == nil
        if isNew, request.route.subresource.isEmpty, KubeAPI.createsOnUpdate.contains(resource.resource.qualifiedName) {
            return try await create(object, request, warnings: warnings)
        }
        let revised = Revised(object: object, warnings: warnings)
        return try await revise(request) { _ throws(Status) in revised }
    }

    /// The kinds that PUT also makes (each strategy's AllowCreateOnUpdate).
    private static let createsOnUpdate: Set<String> = [
        "endpoints", "events", "events.events.k8s.io", "leases.coordination.k8s.io", "limitranges", "services",
        "roles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
        "clusterroles.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io",
    ]

    static func checkName(_ object: Value, _ request: Request) throws(Status) {
        if !object.name.isEmpty && object.name != request.name {
            throw .badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(request.name))")
        }
        if object.name.isEmpty && request.verb == .update && request.route.subresource.isEmpty {
            throw nameless(request)
        }
    }

    /// Makes a new state of a stored object and swaps it in; once more where somebody was quicker and the request does
    /// not name the state that it wants to replace (registry's GuaranteedUpdate).
    func revise(_ request: Request, _ change: Revise) async throws(Status) -> Answer {
        var tries = 0
        while true {
            let record = try find(request)
            tries += 1
            do throws(RevisionConflict) {
                return try await revise(record, request, change)
            } catch {
                switch error {
                case .failed(let status): throw status
                case .overtaken(let isNamed):
                    if isNamed || tries >= 5 { throw .conflict(request.resource, request.name) }
                }
            }
        }
    }

    private enum RevisionConflict: Error {
        case failed(Status)
        case overtaken(isNamed: Bool)
    }

    private func revise(
        _ record: Record, _ request: Request, _ change: Revise
    ) async throws(RevisionConflict) -> Answer {
        do throws(Status) {
            let old = try request.resource.tree(record)
            let revised = try change(old)
            let version = revised.object.resourceVersion
            if !version.isEmpty, UInt64(version) == nil {
                let text = GoQuote.quote(Text(version)).string
                throw Status(code: 500, reason: nil, message: "strconv.ParseUint: parsing \(text): invalid syntax")
            }
            let isNamed =
                !revised.object.resourceVersion.isEmpty
                && revised.object.resourceVersion != old.resourceVersion
            if isNamed { throw Status.conflict(request.resource, request.name) }
            if revised.object.resourceVersion.isEmpty { try KubeAPI.checkUnconditional(request) }
            let (object, warnings) = try await finished(revised, old, request)
            return try await swap(object, old, record, request, warnings: revised.warnings + warnings)
        } catch {
            if error.isStoreConflict { throw .overtaken(isNamed: false) }
            throw .failed(error)
        }
    }

    /// The built-in kinds that are only replaced by who names the state that he replaces (each strategy's
    /// AllowUnconditionalUpdate).
    private static let conditional: Set<String> = [
        "apiservices.apiregistration.k8s.io", "csidrivers.storage.k8s.io", "csinodes.storage.k8s.io",
        "customresourcedefinitions.apiextensions.k8s.io", "leases.coordination.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io", "poddisruptionbudgets.policy",
        "runtimeclasses.node.k8s.io", "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "volumeattachments.storage.k8s.io",
    ]

    private static func checkUnconditional(_ request: Request) throws(Status) {
        let resource = request.resource.resource
        guard resource.isCustom || conditional.contains(resource.qualifiedName) else { return }
        let fault = FieldError(
            .invalid, "metadata.resourceVersion", value: 0, detail: "must be specified for an update")
        // By the name of the resource, as upstream's registry has it.
        let kind = GroupVersionKind(group: resource.group, version: resource.version, kind: resource.plural)
        throw .invalid(kind, request.name, [fault])
    }

    /// Takes a revised object through defaults, admission, preparation and validation; returns what admission warns of, too.
    private func finished(
        _ revised: Revised, _ old: Value, _ request: Request
    ) async throws(Status) -> (object: Value, warnings: [String]) {
        if revised.isOwn { return (revised.object, []) }
        let resource = request.resource.resource
        let subresource = request.route.subresource.isEmpty ? nil : request.route.subresource
        var object = revised.object
        try KubeAPI.keepIdentity(&object, old, request)
        let repeated = object.dropRepeatedOwners(isPatch: request.verb == .patch)
        // Upstream notes who owns what before admission and preparation, whose changes nobody owns.
        if !revised.isApply {
            object = resource.trackingUpdate(resource.kind.defaulted(object), from: old, by: owner(request))
        }
        var review = AdmissionReview(.update, object: object, old: old, request)
        try await admission.mutate(&review, self)
        object = resource.preparedForUpdate(review.object, old: old, subresource: subresource, now: now)
        var faults = resource.validateUpdate(object, old: old, subresource: subresource, language: RuleLanguage())
        let asked = asked(object, old: old, request.resource, after: faults)
        faults += asked.faults
        guard faults.isEmpty else { throw .invalid(request.resource, object.name, faults) }
        // What was applied may hold nulls still, which are gone when it is next read.
        if resource.isCustom, revised.isApply { object = resource.kind.defaulted(object) }
        review.object = object
        try await admission.validate(&review, self)
        return (object, repeated + asked.warnings + review.warnings)
    }

    /// What of the metadata a client cannot change comes from the state that stands (rest.BeforeUpdate).
    private static func keepIdentity(_ object: inout Value, _ old: Value, _ request: Request) throws(Status) {
        try placeInNamespace(&object, request)
        object.name = old.name
        if !object.uid.isEmpty && object.uid != old.uid {
            throw .conflict(
                request.resource.gvr, request.name,
                "StorageError: invalid object, Code: 4, Key: /registry/\(request.resource.prefix)"
                    + "\(old.key), ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
                    + "UID in precondition: \(object.uid), UID in object meta: \(old.uid)")
        }
        for field in ["uid", "creationTimestamp"] as [Text] { object["metadata", field] = old["metadata", field] }
        // That an object is being deleted nobody takes back; who says so of another is told that it cannot be said.
        for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] as [Text] where old["metadata", field] != nil {
            object["metadata", field] = old["metadata", field]
        }
        object["metadata", "selfLink"] = nil
        object["metadata", "resourceVersion"] = old["metadata", "resourceVersion"]
    }

    /// Puts the new state in the old one's place. A state that is no other is not written, and one whose last finalizer
    /// went away while it was being deleted is removed.
    private func swap(
        _ revised: Value, _ old: Value, _ record: Record, _ request: Request, warnings: [String]
    ) async throws(Status) -> Answer {
        let resource = request.resource
        var object = revised
        let warnings = warnings + resource.resource.warnings(object, old: old)
        let claim = try services.claim(for: &object, old: old, resource, isDryRun: request.isDryRun)
        let bytes = resource.bytes(of: object)
        if request.isDryRun {
            claim?.giveBack()
            return Answer(.object(resource, object), warnings: warnings)
        }
        if bytes == record.bytes { return Answer(.record(resource, record), warnings: warnings) }
        let isGone = KubeAPI.isReleased(object)
        do throws(StoreFailure) {
            if isGone {
                _ = try await store.commit(Change(record.key, .delete(expecting: record.revision)))
                await removed(object, resource)
                return Answer(.object(resource, object), warnings: warnings)
            }
            let expiry = KubeAPI.expiry(of: resource, clock.now)
            let revision = try await store.commit(
                Change(record.key, .update(bytes, expecting: record.revision), expiry: expiry))
            claim?.keep(object)
            if claim != nil { hideAddresses(of: old, now: object) }
            let updated = Record(key: record.key, revision: revision, bytes: bytes, expiry: expiry)
            await written(object, resource, updated)
            return Answer(.record(resource, updated), warnings: warnings)
        } catch {
            claim?.giveBack()
            if case .conflict = error { throw .overtaken }
            throw Status(error, resource, request.name)
        }
    }

    /// Whether nothing holds an object any more that is being deleted.
    static func isReleased(_ object: Value) -> Bool {
        guard object.isBeingDeleted, object.finalizers.isEmpty else { return false }
        if object.kind == "Namespace" { return (object["spec", "finalizers"]?.array ?? []).isEmpty }
        return (object["metadata", "deletionGracePeriodSeconds"]?.int ?? 0) == 0
    }
}

extension Status {
    /// Says within this process that somebody else's write came first; it never reaches a client.
    static let overtaken = Status(code: 409, reason: Reason(rawValue: "overtaken"), message: "")

    var isStoreConflict: Bool { self == .overtaken }
}
