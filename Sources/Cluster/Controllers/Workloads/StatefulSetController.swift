import API
import Client
import Document

/// Keeps pods that have names and volumes of their own ("StatefulSets").
struct StatefulSetController: Controller {
    static let name = "statefulset-controller"

    private let desk: Desk
    private let sets: Informer
    private let claims: Claims
    private let revisions: Revisions
    private let volumeClaims: Informer

    init(_ desk: Desk) {
        self.desk = desk
        sets = desk.informers[.statefulSets]
        claims = Claims(desk: desk, resource: .pods, owners: .statefulSets)
        volumeClaims = desk.informers[.persistentVolumeClaims]
        revisions = Revisions(desk: desk, hashLabel: "controller.kubernetes.io/hash")
    }

    var sources: [Source] {
        [
            .each(sets, settles: true), .owned(desk.informers[.pods], by: "StatefulSet", in: sets),
            .owned(desk.informers[.controllerRevisions], by: "StatefulSet", in: sets),
            Source(volumeClaims) { _ in [] },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let set = sets[key] else { return nil }
        let pods = try await claims.claim(for: set, key: key)
        guard !set.isBeingDeleted else { return nil }
        let known = revisions.all(of: set)
        let update = try await revisions.current(of: set, among: known, key: key)
        let current = set["status", "currentRevision"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? update.name
        var plan = StatefulSetPlan(set, pods: pods, current: current, update: update.name, now: desk.now)
        plan.decide()
        try await write(plan, set, key)
        for pod in pods { try await settleClaims(of: pod, isSurplus: plan.isSurplus(pod), set, key) }
        for step in plan.steps {
            switch step {
            case .create(let ordinal, let name):
                let revision = (known + [update]).last { $0.name == name } ?? update
                try await create(ordinal, revision, set, key)
            case .delete(let pod): try await delete(pod, set, key)
            }
        }
        let used = Set(pods.map(\.revisionHash) + [current, update.name])
        let limit = set["spec", "revisionHistoryLimit"]?.int ?? 10
        try await revisions.truncate(known, keeping: used, limit: limit, key: key)
        return plan.nextLook
    }

    private func write(_ plan: StatefulSetPlan, _ set: Value, _ key: String) async throws {
        var changed = set
        changed["status"] = plan.status(over: set["status"])
        guard changed != set else { return }
        try await desk.writes.update(.statefulSets, changed, subresource: "status", for: key)
    }

    private func create(_ ordinal: Int, _ revision: Value, _ set: Value, _ key: String) async throws {
        let pod = StatefulPod.pod(ordinal, of: set, revision: revision)
        do {
            for claim in StatefulPod.claims(ordinal, of: set) { try await ensure(claim, pod, set, key) }
            try await desk.writes.create(.pods, pod, for: key)
            desk.events.normal(
                set, "SuccessfulCreate", "create Pod \(pod.name) in StatefulSet \(set.name) successful")
        } catch let status as Status where status.saysNamespaceTerminates {
            return
        } catch {
            desk.events.warning(
                set, "FailedCreate", "create Pod \(pod.name) in StatefulSet \(set.name) failed error: \(error)")
            throw error
        }
    }

    /// A claim that is there already is the pod's own from before.
    private func ensure(_ claim: Value, _ pod: Value, _ set: Value, _ key: String) async throws {
        do {
            try await desk.writes.create(.persistentVolumeClaims, claim, for: key)
            desk.events.normal(
                set, "SuccessfulCreate",
                "create Claim \(claim.name) Pod \(pod.name) in StatefulSet \(set.name) success")
        } catch let status as Status where status.reason == .alreadyExists {
            return
        }
    }

    private func settleClaims(of pod: Value, isSurplus: Bool, _ set: Value, _ key: String) async throws {
        guard let ordinal = pod.ordinal(in: set) else { return }
        let retention = ClaimRetention(set)
        for wanted in StatefulPod.claims(ordinal, of: set) {
            guard let claim = volumeClaims[wanted.key], !claim.isBeingDeleted,
                let changed = retention.change(of: claim, pod: pod, isSurplus: isSurplus)
            else { continue }
            try await desk.writes.update(.persistentVolumeClaims, changed, for: key)
        }
    }

    private func delete(_ pod: Value, _ set: Value, _ key: String) async throws {
        guard try await desk.writes.delete(.pods, pod, for: key) else { return }
        desk.events.normal(set, "SuccessfulDelete", "delete Pod \(pod.name) in StatefulSet \(set.name) successful")
    }
}

/// The pods and volume claims of a StatefulSet by their ordinals.
enum StatefulPod {
    static func pod(_ ordinal: Int, of set: Value, revision: Value) -> Value {
        let name = "\(set.name)-\(ordinal)"
        var pod = PodTemplate.pod(from: Revisions.template(of: revision) ?? set.template, owner: set)
        pod.name = name
        for (label, value) in [
            ("statefulset.kubernetes.io/pod-name", name), ("apps.kubernetes.io/pod-index", String(ordinal)),
            ("controller-revision-hash", revision.name),
        ] {
            pod["metadata", "labels", Text(label)] = .string(value)
        }
        pod["spec", "hostname"] = .string(name)
        pod["spec", "subdomain"] = set["spec", "serviceName"]
        let templates = set["spec", "volumeClaimTemplates"]?.array ?? []
        guard !templates.isEmpty else { return pod }
        let names = templates.map(\.name)
        let others = (pod["spec", "volumes"]?.array ?? []).filter { !names.contains($0["name"]?.string ?? "") }
        let own = names.map { volume -> Value in
            ["name": .string(volume), "persistentVolumeClaim": ["claimName": .string("\(volume)-\(name)")]]
        }
        pod["spec", "volumes"] = .array(own + others)
        return pod
    }

    static func claims(_ ordinal: Int, of set: Value) -> [Value] {
        (set["spec", "volumeClaimTemplates"]?.array ?? []).map { template in
            var claim: Value = [
                "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "metadata": [
                    "name": .string("\(template.name)-\(set.name)-\(ordinal)"), "namespace": .string(set.namespace),
                ],
                "spec": template["spec"] ?? [:],
            ]
            var labels = template["metadata", "labels"] ?? [:]
            for member in set["spec", "selector", "matchLabels"]?.object ?? [:] { labels[member.key] = member.value }
            claim["metadata", "labels"] = labels
            claim["metadata", "annotations"] = template["metadata", "annotations"]
            return claim
        }
    }
}
