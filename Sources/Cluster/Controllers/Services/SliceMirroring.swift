import API
import Client
import Document

/// Shows the addresses that somebody lists in an Endpoints object by hand as EndpointSlices too, which is all that
/// service rules and DNS look at ("EndpointSlices: mirroring").
struct SliceMirroring: Controller {
    static let name = "endpointslicemirroring-controller"

    private static let me = "endpointslicemirroring-controller.k8s.io"
    /// More of a subset are left out, as upstream does.
    private static let most = 1000
    /// What says something of the Endpoints object alone.
    private static let unwanted: Set<Text> = [
        "kubectl.kubernetes.io/last-applied-configuration", "endpoints.kubernetes.io/last-change-trigger-time",
        "control-plane.alpha.kubernetes.io/leader",
    ]

    private let desk: Desk
    private let endpoints: Informer
    private let services: Informer
    private let slices: Informer

    init(_ desk: Desk) {
        self.desk = desk
        endpoints = desk.informers[.endpoints]
        services = desk.informers[.services]
        slices = desk.informers[.endpointSlices]
    }

    var sources: [Source] {
        [
            .each(endpoints), .each(services),
            Source(slices) { change in
                change.object.label(SlicePlan.managedBy) == Self.me
                    ? ["\(change.object.namespace)/\(change.object.label(SlicePlan.serviceName) ?? "")"] : []
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        let source = endpoints[key].flatMap { isMirrored($0, services[key]) ? $0 : nil }
        let namespace = String(key.prefix { $0 != "/" })
        var left = slices.objects(in: namespace).filter {
            $0.label(SlicePlan.managedBy) == Self.me && "\(namespace)/\($0.label(SlicePlan.serviceName) ?? "")" == key
        }
        for wanted in source.map(Self.slices) ?? [] {
            if let index = left.firstIndex(where: { Self.isSameKind($0, wanted) }) {
                try await update(left.remove(at: index), to: wanted, key)
            } else {
                try await create(wanted, key)
            }
        }
        for slice in left { try await desk.writes.delete(.endpointSlices, slice, for: key) }
        return nil
    }

    /// Those of a service without a selector; with one they are made here, and have their slices.
    private func isMirrored(_ endpoints: Value, _ service: Value?) -> Bool {
        guard let service, !endpoints.isBeingDeleted, !service.isBeingDeleted else { return false }
        return service["spec", "selector"]?.object?.isEmpty ?? true
            && endpoints.label("endpointslice.kubernetes.io/skip-mirror") != "true"
            && endpoints.annotation("control-plane.alpha.kubernetes.io/leader") == nil
    }

    private static func isSameKind(_ a: Value, _ b: Value) -> Bool {
        a["addressType"] == b["addressType"] && (a["ports"] ?? []) == (b["ports"] ?? [])
    }

    private func create(_ slice: Value, _ key: String) async throws {
        do {
            try await desk.writes.create(.endpointSlices, slice, for: key)
        } catch let status as Status where status.saysNamespaceTerminates {
            return
        }
    }

    private func update(_ slice: Value, to wanted: Value, _ key: String) async throws {
        var changed = slice
        changed["endpoints"] = wanted["endpoints"]
        changed["metadata", "labels"] = wanted["metadata", "labels"]
        changed["metadata", "annotations"] = wanted["metadata", "annotations"]
        if changed != slice { try await desk.writes.update(.endpointSlices, changed, for: key) }
    }

    /// One slice for each subset and family of addresses.
    private static func slices(of endpoints: Value) -> [Value] {
        (endpoints["subsets"]?.array ?? []).flatMap { subset in
            ["IPv4", "IPv6"].compactMap { family in slice(of: subset, family, endpoints) }
        }
    }

    private static func slice(of subset: Value, _ family: String, _ endpoints: Value) -> Value? {
        let members = [("addresses", true), ("notReadyAddresses", false)].flatMap { list, isReady in
            (subset[Text(list)]?.array ?? []).filter { ($0["ip"]?.string ?? "").contains(":") == (family == "IPv6") }
                .map { endpoint($0, isReady: isReady) }
        }
        guard !members.isEmpty else { return nil }
        var labels = Value.object(endpoints.labels)
        labels[SlicePlan.serviceName] = .string(endpoints.name)
        labels[SlicePlan.managedBy] = .string(me)
        var notes: Value = [:]
        for note in endpoints.annotations where !unwanted.contains(note.key) { notes[note.key] = note.value }
        var slice: Value = [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": .string(family),
            "metadata": [
                "generateName": .string("\(endpoints.name)-"), "namespace": .string(endpoints.namespace),
                "labels": labels,
                "ownerReferences": [OwnerReference(controller: endpoints).value],
            ],
            "endpoints": .array(Array(members.prefix(most))), "ports": .array(ports(of: subset)),
        ]
        if notes != [:] { slice["metadata", "annotations"] = notes }
        return slice
    }

    private static func ports(of subset: Value) -> [Value] {
        (subset["ports"]?.array ?? []).map { port in
            var port = port
            if port["name"] == nil { port["name"] = "" }
            return port
        }
    }

    private static func endpoint(_ address: Value, isReady: Bool) -> Value {
        var value: Value = [
            "addresses": .array([address["ip"] ?? ""]), "conditions": ["ready": .bool(isReady)],
        ]
        for field: Text in ["nodeName", "hostname", "targetRef"] { value[field] = address[field] }
        return value
    }
}
