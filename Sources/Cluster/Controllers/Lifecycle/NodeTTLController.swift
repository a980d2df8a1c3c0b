import API
import Client
import Document

/// Tells node agents by an annotation how long they may keep Secrets and ConfigMaps before they ask again: the more
/// nodes, the longer (`ttl_controller.go`).
struct NodeTTLController: Controller {
    static let name = "ttl-controller"
    static let workers = 1

    static let annotation: Text = "node.alpha.kubernetes.io/ttl"

    private let desk: Desk
    private let nodes: Informer

    init(_ desk: Desk) {
        self.desk = desk
        nodes = desk.informers[.nodes]
    }

    /// Their number matters when one comes or goes.
    var sources: [Source] {
        [
            Source(nodes) { [nodes] change in
                if case .updated(let old, let new) = change {
                    return old.annotation(Self.annotation) == new.annotation(Self.annotation) ? [] : [new.key]
                }
                return nodes.objects.map(\.key)
            }
        ]
    }

    /// The seconds for a number of nodes; upstream's steps overlap, so that a node more or less changes nothing.
    static func seconds(nodes: Int, before: Int?) -> Int {
        let steps = [(0, 0, 100), (15, 90, 500), (30, 450, 1000), (60, 900, 2000), (300, 1800, Int.max)]
        if let step = steps.first(where: { $0.0 == before }), (step.1...step.2).contains(nodes) { return step.0 }
        return (steps.first { nodes <= $0.2 } ?? steps[0]).0
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let node = nodes[key] else { return nil }
        let before = node.annotation(Self.annotation)
        let seconds = String(Self.seconds(nodes: nodes.objects.count, before: before.flatMap { Int($0) }))
        guard before != seconds else { return nil }
        let patch: Value = ["metadata": ["annotations": [Self.annotation: .string(seconds)]]]
        try await desk.writes.patch(.nodes, node, .merge(patch), for: key)
        return nil
    }
}
