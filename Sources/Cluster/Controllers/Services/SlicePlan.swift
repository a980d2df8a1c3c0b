import API
import Document

/// Which EndpointSlices a Service needs, and what that changes of those that are there.
struct SlicePlan {
    static let managedBy: Text = "endpointslice.kubernetes.io/managed-by"
    static let me = "endpointslice-controller.k8s.io"
    static let serviceName: Text = "kubernetes.io/service-name"
    static let headless: Text = "service.kubernetes.io/headless"
    /// `--max-endpoints-per-slice`.
    static let most = 100

    private(set) var created: [Value] = []
    private(set) var updated: [Value] = []
    private(set) var deleted: [Value] = []
    private let service: Value
    private let trigger: Time?
    private let zone: (String) -> String?

    /// - Parameter zone: the zone of a node, by its name.
    init(_ service: Value, pods: [Value], slices: [Value], trigger: Time?, zone: @escaping (String) -> String?) {
        self.service = service
        self.trigger = trigger
        self.zone = zone
        let families = service.addressFamilies
        deleted = slices.filter { !families.contains($0["addressType"]?.string ?? "") }
        for family in families {
            let endpoints = ServiceEndpoint.all(of: service, pods: pods, family: family)
            let mine = slices.filter { $0["addressType"]?.string == family }
            plan(endpoints, mine, family)
        }
    }

    /// Pods whose named ports have different numbers stand in different slices.
    private mutating func plan(_ endpoints: [ServiceEndpoint], _ slices: [Value], _ family: String) {
        var groups = Dictionary(grouping: endpoints, by: \.ports)
        if groups.isEmpty { groups[[]] = [] }
        var unused = slices
        for (ports, members) in groups.sorted(by: {
            ($0.value.first?.pod.name ?? "") < ($1.value.first?.pod.name ?? "")
        }) {
            let portList = value(of: ports)
            let fitting = unused.filter { ($0["ports"] ?? .null) == portList }
            unused.removeAll { ($0["ports"] ?? .null) == portList }
            for (chunk, slice) in spread(members, over: fitting) {
                if chunk.isEmpty, let slice, !members.isEmpty || slice != fitting[0] {
                    deleted.append(slice)
                } else {
                    put(chunk, portList, slice ?? (unused.isEmpty ? nil : unused.removeFirst()), family)
                }
            }
        }
        deleted += unused
    }

    /// Endpoints stay in the slice that they are in, so that one pod's change rewrites one slice; new ones fill up what
    /// room there is.
    private func spread(
        _ members: [ServiceEndpoint], over slices: [Value]
    ) -> [(members: [ServiceEndpoint], slice: Value?)] {
        let places = Dictionary(
            slices.enumerated().flatMap { index, slice in
                (slice["endpoints"]?.array ?? []).compactMap { $0["targetRef", "uid"]?.string }.map { ($0, index) }
            }, uniquingKeysWith: { first, _ in first })
        var chunks: [(members: [ServiceEndpoint], slice: Value?)] = slices.map { ([], $0) }
        var new: [ServiceEndpoint] = []
        for member in members {
            if let place = places[member.pod.uid] { chunks[place].members.append(member) } else { new.append(member) }
        }
        for index in chunks.indices where chunks[index].members.count < Self.most {
            let room = Self.most - chunks[index].members.count
            chunks[index].members += new.prefix(room)
            new.removeFirst(min(room, new.count))
        }
        // One slice says that there is nobody.
        while !new.isEmpty || chunks.isEmpty {
            chunks.append((Array(new.prefix(Self.most)), nil))
            new.removeFirst(min(Self.most, new.count))
        }
        return chunks
    }

    private mutating func put(_ members: [ServiceEndpoint], _ ports: Value, _ slice: Value?, _ family: String) {
        var result: Value = slice ?? blank(family)
        result["endpoints"] = members.isEmpty ? .null : .array(members.map(value))
        result["ports"] = ports
        result["metadata", "labels"] = labels(keeping: slice)
        if let slice, (slice["endpoints"] ?? .null) == (result["endpoints"] ?? .null),
            (slice["ports"] ?? .null) == (result["ports"] ?? .null),
            slice["metadata", "labels"] == result["metadata", "labels"]
        {
            return
        }
        result["metadata", "annotations", TriggerTimes.annotation] = trigger.map { .string($0.nano) }
        if result.annotations.isEmpty { result["metadata", "annotations"] = nil }
        if slice == nil { created.append(result) } else { updated.append(result) }
    }

    private func blank(_ family: String) -> Value {
        [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": .string(family),
            "metadata": [
                "generateName": .string("\(service.name)-"), "namespace": .string(service.namespace),
                "ownerReferences": [OwnerReference(controller: service).value],
            ],
        ]
    }

    /// The service's labels and those that say whose the slice is.
    private func labels(keeping slice: Value?) -> Value {
        var labels = Value.object(service.labels)
        labels[Self.headless] = service.isHeadless ? "" : nil
        labels[Self.serviceName] = .string(service.name)
        labels[Self.managedBy] = .string(Self.me)
        return labels
    }

    private func value(of ports: [ServiceEndpoint.Port]) -> Value {
        guard !ports.isEmpty else { return .null }
        return .array(
            ports.map { port in
                var value: Value = [
                    "name": .string(port.name), "port": .int(port.number), "protocol": .string(port.protocol),
                ]
                value["appProtocol"] = port.appProtocol.map { .string($0) }
                return value
            })
    }

    private func value(of endpoint: ServiceEndpoint) -> Value {
        var value: Value = [
            "addresses": [.string(endpoint.address)],
            "conditions": [
                "ready": .bool(endpoint.isReady), "serving": .bool(endpoint.isServing),
                "terminating": .bool(endpoint.isTerminating),
            ],
            "targetRef": endpoint.targetReference,
        ]
        let node = endpoint.pod.nodeName
        if !node.isEmpty { value["nodeName"] = .string(node) }
        value["hostname"] = endpoint.hostname(in: service).map { .string($0) }
        value["zone"] = node.isEmpty ? nil : zone(node).map { .string($0) }
        return value
    }
}
