import API
import Client
import Document

/// Keeps a pod on every node that a DaemonSet belongs on.
struct DaemonSetController: Controller {
    static let name = "daemonset-controller"
    static let workers = 2

    private let desk: Desk
    private let sets: Informer
    private let nodes: Informer
    private let claims: Claims
    private let revisions: Revisions
    private let control: PodControl

    init(_ desk: Desk) {
        self.desk = desk
        sets = desk.informers[.daemonSets]
        nodes = desk.informers[.nodes]
        claims = Claims(desk: desk, resource: .pods, owners: .daemonSets)
        revisions = Revisions(desk: desk, hashLabel: "controller-revision-hash")
        control = PodControl(desk: desk)
    }

    var sources: [Source] {
        [
            .each(sets, settles: true), .owned(desk.informers[.pods], by: "DaemonSet", in: sets),
            .owned(desk.informers[.controllerRevisions], by: "DaemonSet", in: sets),
            Source(nodes) { [sets] change in
                if case .updated(let old, let new) = change, Self.facts(old) == Self.facts(new) { return [] }
                return sets.objects.map(\.key)
            },
        ]
    }

    /// What of a node decides who belongs on it; its heartbeats do not.
    private static func facts(_ node: Value) -> [Value?] { [node["metadata", "labels"], node["spec", "taints"]] }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let set = sets[key] else { return nil }
        let pods = try await claims.claim(for: set, key: key)
        guard !set.isBeingDeleted else { return nil }
        let known = revisions.all(of: set)
        let revision = try await revisions.current(of: set, among: known, key: key)
        let hash = revision.revisionHash
        let plan = DaemonSetPlan(set, pods: pods, nodes: nodes.objects, hash: hash, now: desk.now)
        for pod in plan.failed {
            desk.events.warning(
                set, "FailedDaemonPod",
                "Found failed daemon pod \(pod.key) on node \(pod.nodeName), will try to kill it")
        }
        try await control.delete(plan.surplus + plan.failed, owner: set, key: key)
        try await control.createAll(plan.missing.map { DaemonPod.pod(on: $0, of: set, hash: hash) }, set, key)
        try await write(plan, set, key)
        let used = Set(known.filter { old in pods.contains { $0.revisionHash == old.revisionHash } }.map(\.name))
        let limit = set["spec", "revisionHistoryLimit"]?.int ?? 10
        try await revisions.truncate(known, keeping: used.union([revision.name]), limit: limit, key: key)
        return plan.nextLook
    }

    private func write(_ plan: DaemonSetPlan, _ set: Value, _ key: String) async throws {
        var changed = set
        changed["status"] = plan.status(over: set["status"])
        guard changed != set else { return }
        try await desk.writes.update(.daemonSets, changed, subresource: "status", for: key)
    }
}
