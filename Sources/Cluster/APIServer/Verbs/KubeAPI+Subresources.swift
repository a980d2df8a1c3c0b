import API
import Client
import Document
import Schema
import Store

extension KubeAPI {
    /// Requests about a part of an object.
    func performSubresource(_ request: Request, _ form: Form) throws(Status) -> Handling {
        let name = request.route.subresource
        guard let subresource = request.resource.resource.subresource(name), !request.name.isEmpty else {
            // Upstream's handler of custom resources looks for the part after it has found the resource.
            let isCustom = request.resource.resource.isCustom && !request.name.isEmpty
            throw isCustom ? .notFound(request.resource.gvr, request.name) : .noSuchResource
        }
        guard subresource.verbs.contains(request.verb.rawValue) else { throw .methodNotAllowed }
        switch name {
        case "status", "ephemeralcontainers", "resize", "approval":
            if request.verb == .get { return .now(try get(request), form) }
            return .later(form) { await self.write(request) }
        case "scale":
            if request.verb == .get { return .now(try scale(request), form) }
            return .later(form) { await self.answer { () throws(Status) in try await self.writeScale(request) } }
        case "binding": return .later(form) { await self.answer { () throws(Status) in try await self.bind(request) } }
        case "finalize":
            return .later(form) { await self.answer { () throws(Status) in try await self.finalize(request) } }
        case "token":
            return .later(form) { await self.answer { () throws(Status) in try await self.issueToken(request) } }
        case "eviction":
            return .later(form) { await self.answer { () throws(Status) in try await self.evict(request) } }
        case "log": return .later(form) { await self.answer { () throws(Status) in try await self.log(request) } }
        case "exec", "attach", "portforward":
            // Who gets here has not asked for another protocol, or not for one that is known.
            _ = try streamPlan(request)
            throw .badRequest("Upgrade request required")
        default: throw .notImplemented("the subresource \(name)")
        }
    }

    func answer(_ body: () async throws(Status) -> Answer) async -> Answer {
        do throws(Status) { return try await body() } catch { return Answer(error) }
    }

    /// The body of a request for a subresource whose kind is not the resource's.
    func part(_ request: Request) throws(Status) -> (object: Value, warnings: [String]) {
        let catalogue = served.catalogue
        guard let subresource = request.resource.resource.subresource(request.route.subresource),
            let kind = catalogue.kind(
                group: subresource.group, version: subresource.version, kind: subresource.kind)
        else { throw .noSuchResource }
        let reader = BodyReader(resource: request.resource.resource, catalogue: catalogue)
        return try reader.decode(try reader.parse(request.incoming), as: kind, request.fieldValidation)
    }
}

// MARK: Binding, finalize

extension KubeAPI {
    /// Puts a pod on a node: what the scheduler does (core's BindingREST).
    func bind(_ request: Request) async throws(Status) -> Answer {
        let (binding, _) = try part(request)
        try KubeAPI.checkName(binding, request)
        let target = binding["target", "name"]?.string ?? ""
        guard !target.isEmpty else {
            throw .invalid(
                GroupVersionKind(group: "", version: "v1", kind: "Binding"), request.name,
                [FieldError(.required, "target.name")])
        }
        let now = self.now.description
        _ = try await revise(request.asUpdate) { old throws(Status) in
            var pod = old
            let node = old["spec", "nodeName"]?.string ?? ""
            guard node.isEmpty else {
                throw KubeAPI.bindingConflict(request, "pod \(old.name) is already assigned to node \"\(node)\"")
            }
            if old.isBeingDeleted {
                throw KubeAPI.bindingConflict(request, "pod \(old.name) is being deleted, cannot be assigned to a host")
            }
            pod["spec", "nodeName"] = .string(target)
            for (key, value) in binding.annotations.map({ ($0.key, $0.value) }) {
                pod["metadata", "annotations", key] = value
            }
            pod.setCondition("PodScheduled", "True", now: now)
            return Revised(object: pod, isOwn: true)
        }
        return Answer(.tree(KubeAPI.created), status: 201)
    }

    /// Binds the pod that a Binding names, which is sent to a collection of its own.
    func bind(pod name: String, _ request: Request) async throws(Status) -> Answer {
        var incoming = request.incoming
        incoming.path = "/api/v1/namespaces/\(request.namespace)/pods/\(name)/binding"
        guard let route = Route(incoming.path), route.subresource == "binding", route.name == name,
            let pods = served[route.group, route.version, route.resource]
        else { throw .badRequest("name must be provided") }
        return try await bind(try Request(incoming, route, .create, pods))
    }

    private static func bindingConflict(_ request: Request, _ why: String) -> Status {
        .conflict(
            GroupVersionResource(group: "", version: "v1", resource: "pods/binding"), request.name, why)
    }

    /// What upstream answers to a POST that leaves no object behind.
    static let created: Value = [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
    ]

    /// Sets the finalizers of a namespace's spec, and removes the namespace after the last of them.
    func finalize(_ request: Request) async throws(Status) -> Answer {
        let reader = BodyReader(resource: request.resource.resource, catalogue: served.catalogue)
        let parsed = try reader.parse(request.incoming)
        let (namespace, _) = try reader.decode(parsed, as: request.resource.resource.kind, request.fieldValidation)
        return try await revise(request) { old throws(Status) in
            var revised = old
            revised["spec", "finalizers"] = namespace["spec", "finalizers"]
            return Revised(object: revised, isOwn: true)
        }
    }
}

extension Request {
    /// The same request as an update of its object: what a write to a subresource is.
    var asUpdate: Request {
        get throws(Status) { try Request(incoming, route, .update, resource) }
    }
}

extension Value {
    /// Sets a pod's condition, keeping the time of its last transition while its status stays.
    fileprivate mutating func setCondition(_ type: String, _ status: String, now: String) {
        var conditions = self["status", "conditions"]?.array ?? []
        let condition: Value = [
            "type": .string(type), "status": .string(status), "lastProbeTime": .null,
            "lastTransitionTime": .string(now),
        ]
        if let index = conditions.firstIndex(where: { $0["type"]?.string == type }) {
            if conditions[index]["status"]?.string == status { return }
            conditions[index] = condition
        } else {
            conditions.append(condition)
        }
        self["status", "conditions"] = .array(conditions)
    }
}

// MARK: Logs

extension KubeAPI {
    /// A container's log, from the node that it runs on.
    func log(_ request: Request) async throws(Status) -> Answer {
        let pod = try request.resource.tree(try find(request))
        let container = try containerForLog(pod, request.query["container"])
        guard !(pod["spec", "nodeName"]?.string ?? "").isEmpty else {
            // The pod runs nowhere yet, so that there is no log.
            return Answer(.bytes([], type: ""), status: 204)
        }
        guard let node else { throw .notImplemented("reading logs without a node") }
        do {
            let stream = try await node.log(of: pod, LogOptions(request.query, container: container))
            return Answer(.stream(stream, type: "text/plain"))
        } catch let status as Status {
            throw status
        } catch {
            throw .internalError("\(error)")
        }
    }

    func containerForLog(_ pod: Value, _ wanted: String) throws(Status) -> String {
        func names(_ field: Text) -> [String] {
            pod["spec", field]?.array?.compactMap { $0["name"]?.string } ?? []
        }
        let all = names("containers") + names("initContainers") + names("ephemeralContainers")
        if !wanted.isEmpty {
            guard all.contains(wanted) else {
                throw .badRequest("container \(wanted) is not valid for pod \(pod.name)")
            }
            return wanted
        }
        let containers = names("containers")
        guard containers.count == 1 else {
            let inits = names("initContainers")
            let more = inits.isEmpty ? "" : " or one of the init containers: [\(inits.joined(separator: " "))]"
            throw .badRequest(
                "a container name must be specified for pod \(pod.name), choose one of: "
                    + "[\(containers.joined(separator: " "))]\(more)")
        }
        return containers[0]
    }
}
