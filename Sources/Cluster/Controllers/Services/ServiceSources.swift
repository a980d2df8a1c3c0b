import API
import Client
import Document

extension Source {
    /// The pods as they matter to services: those whose address, readiness or labels changed.
    static func endpoints(_ pods: Informer, of services: Informer) -> Source {
        Source(pods) { change in
            var affected = [change.object]
            if case .updated(let old, let new) = change {
                guard old.endpointFacts != new.endpointFacts else { return [] }
                if old.labels != new.labels { affected.append(old) }
            }
            let candidates = services.objects(in: change.object.namespace).filter(\.hasEndpoints)
            return candidates.filter { service in
                let selector = LabelSelector(matching: service["spec", "selector"]?.object ?? [:])
                return affected.contains { selector.matches($0.labels) }
            }.map(\.key)
        }
    }
}

extension Value {
    /// What an endpoint is made of; all else of a pod may change without services noticing.
    fileprivate var endpointFacts: [Value] {
        [
            self["metadata", "labels"] ?? .null, self["metadata", "deletionTimestamp"] ?? .null,
            self["status", "podIP"] ?? .null, self["status", "podIPs"] ?? .null, self["status", "phase"] ?? .null,
            self["spec", "nodeName"] ?? .null, .bool(isReady),
        ]
    }
}
