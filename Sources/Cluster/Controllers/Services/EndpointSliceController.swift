import API
import Client
import Document

/// Lists the pods behind each Service in EndpointSlices.
struct EndpointSliceController: Controller {
    static let name = "endpointslice-controller"

    private let desk: Desk
    private let services: Informer
    private let pods: Informer
    private let slices: Informer
    private let nodes: Informer
    private let times = TriggerTimes()

    init(_ desk: Desk) {
        self.desk = desk
        services = desk.informers[.services]
        pods = desk.informers[.pods]
        slices = desk.informers[.endpointSlices]
        nodes = desk.informers[.nodes]
    }

    var sources: [Source] {
        [
            .each(services), .endpoints(pods, of: services),
            Source(slices) { change in
                guard let key = change.object.sliceOwnerKey else { return [] }
                return [key]
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let service = services[key], !service.isBeingDeleted else {
            times.forget(key)
            return nil
        }
        guard service.hasEndpoints else { return nil }
        let there = slices.objects(in: service.namespace).filter { $0.sliceOwnerKey == key }
        let members = pods.objects(in: service.namespace)
        let selector = LabelSelector(matching: service["spec", "selector"]?.object ?? [:])
        let trigger = times.change(of: service, members.filter { selector.matches($0.labels) })
        let plan = SlicePlan(service, pods: members, slices: there, trigger: trigger) { [nodes] in
            nodes[$0]?.label("topology.kubernetes.io/zone")
        }
        try await write(plan, service, key)
        return nil
    }

    private func write(_ plan: SlicePlan, _ service: Value, _ key: String) async throws {
        do {
            for slice in plan.created { try await desk.writes.create(.endpointSlices, slice, for: key) }
        } catch let status as Status where status.saysNamespaceTerminates {
            return
        } catch {
            desk.events.warning(
                service, "FailedToUpdateEndpointSlices", "Error updating Endpoint Slices for Service \(key): \(error)")
            throw error
        }
        for slice in plan.updated { try await desk.writes.update(.endpointSlices, slice, for: key) }
        for slice in plan.deleted { try await desk.writes.delete(.endpointSlices, slice, for: key) }
    }
}

extension Value {
    /// The service of a slice that this controller made; nil for slices of others.
    fileprivate var sliceOwnerKey: String? {
        guard label(SlicePlan.managedBy) == SlicePlan.me, let name = label(SlicePlan.serviceName) else { return nil }
        return "\(namespace)/\(name)"
    }
}
