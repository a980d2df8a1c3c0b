import API
import Document
import Schema

extension KubeAPI {
    /// Answers the kinds that are questions (access reviews and the like) and are never stored; nil for all others.
    func review(_ object: Value, _ request: Request) throws(Status) -> Answer? {
        guard request.resource.resource.verbs == ["create"] else { return nil }
        try checkReview(object, request.resource.gvk, namespace: request.namespace)
        var answer = request.resource.resource.trackingUpdate(object, from: nil, by: owner(request))
        switch request.resource.gvk.kind {
        case "SelfSubjectReview": answer["status"] = selfReview(request)
        case "SelfSubjectAccessReview":
            answer["status"] = decision(on: object, by: request.incoming.identity)
        case "SubjectAccessReview", "LocalSubjectAccessReview":
            answer["status"] = decision(on: object, by: subject(object))
        case "SelfSubjectRulesReview": answer["status"] = rules(object, of: request.incoming.identity)
        case "TokenReview": answer["status"] = tokenReview(object)
        default: throw .notImplemented(request.resource.gvk.kind)
        }
        if request.resource.gvk.kind == "SelfSubjectReview" {
            answer["metadata", "creationTimestamp"] = .string(now.description)
        }
        if !request.namespace.isEmpty { answer.namespace = request.namespace }
        return Answer(.object(request.resource, answer), status: 201)
    }

    /// The rules of reviews (pkg/apis/authorization/validation). Refusals name no kind: upstream has dropped it there.
    private func checkReview(_ review: Value, _ gvk: GroupVersionKind, namespace: String) throws(Status) {
        if gvk.kind == "TokenReview", (review["spec", "token"]?.string ?? "").isEmpty {
            throw .badRequest("token is required for TokenReview in authentication")
        }
        if gvk.kind == "SelfSubjectRulesReview", (review["spec", "namespace"]?.string ?? "").isEmpty {
            throw .badRequest("no namespace on request")
        }
        guard gvk.group == "authorization.k8s.io", gvk.kind.hasSuffix("AccessReview") else { return }
        let spec = review["spec"] ?? [:]
        var faults: [FieldError] = []
        let parts = ["resourceAttributes", "nonResourceAttributes"].map { !(spec[$0] ?? .null).isNull }
        switch (parts[0], parts[1]) {
        case (true, true):
            faults.append(
                FieldError(
                    .invalid, "spec.nonResourceAttributes", value: spec["nonResourceAttributes"] ?? .null,
                    detail: "cannot be specified in combination with resourceAttributes"))
        case (false, false):
            faults.append(
                FieldError(
                    .invalid, "spec.resourceAttributes", value: .null,
                    detail: "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
        default: break
        }
        let isNobody = (spec["user"]?.string ?? "").isEmpty && (spec["groups"]?.array ?? []).isEmpty
        if !gvk.kind.hasPrefix("Self"), isNobody {
            faults.append(
                FieldError(.invalid, "spec.user", value: "", detail: "at least one of user or group must be specified"))
        }
        faults += ReviewSelectors(review).faults
        let isLocal = gvk.kind == "LocalSubjectAccessReview"
        var metadata = review["metadata"] ?? [:]
        for field in ["managedFields"] + (isLocal ? ["namespace"] : []) { metadata[Text(field)] = nil }
        if metadata.object?.contains(where: { !$0.value.isNull }) == true {
            let detail = isLocal ? "must be empty except for namespace" : "must be empty"
            faults.append(FieldError(.invalid, "metadata", value: review["metadata"] ?? [:], detail: detail))
        }
        if isLocal { faults += KubeAPI.localFaults(review, spec, namespace) }
        if !faults.isEmpty { throw .invalid(GroupVersionKind(group: gvk.group, version: "", kind: ""), "", faults) }
    }

    /// What is asked of one namespace has to be about it.
    private static func localFaults(_ review: Value, _ spec: Value, _ namespace: String) -> [FieldError] {
        var faults: [FieldError] = []
        let asked = spec["resourceAttributes", "namespace"]
        if spec["resourceAttributes"]?.isNull == false, (asked?.string ?? "") != namespace {
            let path = "spec.resourceAttributes.namespace"
            faults.append(FieldError(.invalid, path, value: asked ?? "", detail: "must match metadata.namespace"))
        }
        if let other = spec["nonResourceAttributes"], !other.isNull {
            faults.append(
                FieldError(
                    .invalid, "spec.nonResourceAttributes", value: other, detail: "disallowed on this kind of request"))
        }
        return faults
    }

    private func selfReview(_ request: Request) -> Value {
        return ["userInfo": request.incoming.identity.value]
    }

    private func attempt(_ review: Value) -> Attempt {
        if let path = review["spec", "nonResourceAttributes"] {
            return Attempt(verb: path["verb"]?.string ?? "", path: path["path"]?.string ?? "")
        }
        let spec = review["spec", "resourceAttributes"] ?? [:]
        func text(_ key: Text) -> String { spec[key]?.string ?? "" }
        return Attempt(
            verb: text("verb"), group: text("group"), resource: text("resource"), subresource: text("subresource"),
            namespace: text("namespace"), name: text("name"),
            fieldSelector: ReviewSelectors(review).fields)
    }

    private func subject(_ review: Value) -> Identity {
        .reviewed(
            review["spec", "user"]?.string ?? "", uid: review["spec", "uid"]?.string ?? "",
            groups: review["spec", "groups"]?.array?.compactMap(\.string) ?? [])
    }

    /// All that somebody may do in a namespace, as far as roles say it.
    private func rules(_ review: Value, of identity: Identity) -> Value {
        let rules = roles.page.rules(for: identity, in: review["spec", "namespace"]?.string ?? "")
        return [
            "resourceRules": .array(rules.filter { !$0.resources.isEmpty }.map(\.value)),
            "nonResourceRules": .array(rules.filter { !$0.nonResourceURLs.isEmpty }.map(\.value)),
            "incomplete": false,
        ]
    }

    private func decision(on review: Value, by identity: Identity) -> Value {
        let decision = authorizer.decide(attempt(review), by: identity)
        var status: Value = ["allowed": .bool(decision.isAllowed)]
        if !decision.reason.isEmpty { status["reason"] = .string(decision.reason) }
        let ignored = ReviewSelectors(review).ignored
        if !ignored.isEmpty { status["evaluationError"] = .string(ignored) }
        return status
    }
}
