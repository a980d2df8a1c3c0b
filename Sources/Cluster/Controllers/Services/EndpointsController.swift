import API
import Client
import Document

/// Lists the pods behind each Service in an Endpoints object, for clients that do not know EndpointSlices.
struct EndpointsController: Controller {
    static let name = "endpoint-controller"

    private let desk: Desk
    private let services: Informer
    private let pods: Informer
    private let endpoints: Informer
    private let times = TriggerTimes()

    init(_ desk: Desk) {
        self.desk = desk
        services = desk.informers[.services]
        pods = desk.informers[.pods]
        endpoints = desk.informers[.endpoints]
    }

    var sources: [Source] {
        [
            .each(services), .endpoints(pods, of: services),
            Source(endpoints) { change in
                if case .deleted(let object) = change { return [object.key] }
                return []
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let service = services[key] else { return try await remove(key) }
        guard service.hasEndpoints, !service.isBeingDeleted else { return nil }
        let members = pods.objects(in: service.namespace)
        let there = endpoints[key]
        var wanted = EndpointsPlan.object(for: service, pods: members, over: there)
        if let there, EndpointsPlan.isSame(wanted, there) { return nil }
        let selector = LabelSelector(matching: service["spec", "selector"]?.object ?? [:])
        let trigger = times.change(of: service, members.filter { selector.matches($0.labels) })
        wanted["metadata", "annotations", TriggerTimes.annotation] = trigger.map { .string($0.nano) }
        if wanted.annotations.isEmpty { wanted["metadata", "annotations"] = nil }
        do {
            if there == nil {
                try await desk.writes.create(.endpoints, wanted, for: key)
            } else {
                try await desk.writes.update(.endpoints, wanted, for: key)
            }
        } catch let status as Status where status.saysNamespaceTerminates {
            return nil
        }
        return nil
    }

    /// Endpoints have no owner reference: they go by their service's name.
    private func remove(_ key: String) async throws -> Duration? {
        times.forget(key)
        guard let there = endpoints[key], there.label(EndpointsPlan.managedBy) == EndpointsPlan.me else { return nil }
        try await desk.writes.delete(.endpoints, there, for: key)
        return nil
    }
}

/// The Endpoints object that a Service should have.
enum EndpointsPlan {
    static let managedBy: Text = "endpoints.kubernetes.io/managed-by"
    static let me = "endpoint-controller"
    static let overCapacity: Text = "endpoints.kubernetes.io/over-capacity"
    static let most = 1000

    static func object(for service: Value, pods: [Value], over there: Value?) -> Value {
        let family = service.addressFamilies[0]
        let all = ServiceEndpoint.all(of: service, pods: pods, family: family).filter {
            !$0.isTerminating || $0.isReady
        }
        let kept = truncated(all)
        var object: Value =
            there ?? [
                "apiVersion": "v1", "kind": "Endpoints",
                "metadata": ["name": .string(service.name), "namespace": .string(service.namespace)],
            ]
        var labels = Value.object(service.labels)
        labels[SlicePlan.headless] = service.isHeadless ? "" : nil
        labels[managedBy] = .string(me)
        object["metadata", "labels"] = labels
        object["metadata", "annotations", overCapacity] = kept.count < all.count ? "truncated" : nil
        let subsets = subsets(kept, service)
        object["subsets"] = subsets.isEmpty ? nil : .array(subsets)
        return object
    }

    static func isSame(_ a: Value, _ b: Value) -> Bool {
        a["subsets"] == b["subsets"] && a["metadata", "labels"] == b["metadata", "labels"]
            && a.annotation(overCapacity) == b.annotation(overCapacity)
    }

    /// Ready ones are kept first.
    private static func truncated(_ all: [ServiceEndpoint]) -> [ServiceEndpoint] {
        guard all.count > most else { return all }
        return Array((all.filter(\.isReady) + all.filter { !$0.isReady }).prefix(most))
    }

    /// Addresses that have the same ports share a subset (`RepackSubsets`).
    private static func subsets(_ endpoints: [ServiceEndpoint], _ service: Value) -> [Value] {
        Dictionary(grouping: endpoints, by: \.ports).map { ports, members in
            let sorted = members.sorted { $0.address < $1.address }
            var subset: Value = [:]
            let ready = sorted.filter(\.isReady).map { address($0, service) }
            let others = sorted.filter { !$0.isReady }.map { address($0, service) }
            if !ready.isEmpty { subset["addresses"] = .array(ready) }
            if !others.isEmpty { subset["notReadyAddresses"] = .array(others) }
            if !ports.isEmpty { subset["ports"] = .array(ports.map(port)) }
            return (sorted.first?.address ?? "", subset)
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func address(_ endpoint: ServiceEndpoint, _ service: Value) -> Value {
        var value: Value = ["ip": .string(endpoint.address), "targetRef": endpoint.targetReference]
        if !endpoint.pod.nodeName.isEmpty { value["nodeName"] = .string(endpoint.pod.nodeName) }
        value["hostname"] = endpoint.hostname(in: service).map { .string($0) }
        return value
    }

    private static func port(_ port: ServiceEndpoint.Port) -> Value {
        var value: Value = ["port": .int(port.number), "protocol": .string(port.protocol)]
        if !port.name.isEmpty { value["name"] = .string(port.name) }
        value["appProtocol"] = port.appProtocol.map { .string($0) }
        return value
    }
}
