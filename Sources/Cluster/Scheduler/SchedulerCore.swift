import API
import Client
import Document

/// The scheduler's mind: takes in what happens, and says which pods go where. It waits for nobody, so that one task
/// owns it without a lock.
struct SchedulerCore {
    /// Something to be done about a pod.
    enum Decision {
        case bind(PodFacts, node: String)
        case report(PodFacts, String)
        /// The pod is placed once the claims have volumes there.
        case choose([Value], node: String)
    }

    static let schedulerName = "default-scheduler"

    private var state = ClusterState()
    private(set) var queue = SchedulingQueue()
    /// What was assumed and is not yet seen to be so.
    private var assumed: Set<String> = []
    private let namespaceLabels: @Sendable (String) -> Object
    private let volumes: PodClaims.Sources

    /// - Parameters:
    ///   - namespaceLabels: the labels of a namespace.
    ///   - volumes: where pods' claims and their volumes are found.
    init(namespaceLabels: @escaping @Sendable (String) -> Object, volumes: PodClaims.Sources) {
        self.namespaceLabels = namespaceLabels
        self.volumes = volumes
    }

    // MARK: What happens

    mutating func node(_ change: Informer.Change, now: Time) {
        switch change {
        case .added(let node): state.put(node)
        case .updated(let old, let new):
            state.put(new)
            // The node agent's heartbeats change nothing that matters here.
            guard Self.facts(old) != Self.facts(new) else { return }
        case .deleted(let node): return state.remove(node: node.name)
        }
        queue.wake(refusedBy: Set(FilterKind.allCases), now: now)
    }

    private static func facts(_ node: Value) -> [Value?] {
        [
            node["spec", "taints"], node["spec", "unschedulable"], node["metadata", "labels"],
            node["status", "allocatable"],
        ]
    }

    mutating func pod(_ change: Informer.Change, now: Time) {
        let pod = change.object
        if case .deleted = change { return leave(pod, now: now) }
        if pod.isTerminal { return leave(pod, now: now) }
        guard pod.nodeName.isEmpty else { return arrive(pod, change, now: now) }
        guard pod["spec", "schedulerName"]?.string ?? Self.schedulerName == Self.schedulerName else { return }
        let isGated = pod["spec", "schedulingGates"]?.array?.isEmpty == false
        if pod.isBeingDeleted || isGated {
            queue.remove(pod.uid)
        } else {
            queue.put(PodFacts(pod), now: now)
        }
    }

    private mutating func arrive(_ pod: Value, _ change: Informer.Change, now: Time) {
        queue.remove(pod.uid)
        let wasAssumed = assumed.remove(pod.uid) != nil
        if case .updated(let old, let new) = change, !wasAssumed, old.nodeName == new.nodeName {
            guard old["spec"] != new["spec"] || old.labels != new.labels || old.isBeingDeleted != new.isBeingDeleted
            else { return }
        }
        state.place(PodFacts(pod), on: pod.nodeName)
        queue.wake(refusedBy: [.interPodAffinity, .podTopologySpread], now: now)
    }

    private mutating func leave(_ pod: Value, now: Time) {
        queue.remove(pod.uid)
        assumed.remove(pod.uid)
        guard state.place(of: pod.uid) != nil else { return }
        state.remove(pod: pod.uid)
        queue.wake(
            refusedBy: [.nodeResourcesFit, .nodePorts, .interPodAffinity, .podTopologySpread], now: now)
    }

    mutating func claimChanged(now: Time) { queue.wake(refusedBy: [.volumeBinding], now: now) }

    /// The binding was refused: the pod is not there, and is tried again.
    mutating func bindingFailed(_ pod: PodFacts, now: Time) {
        guard assumed.remove(pod.uid) != nil else { return }
        state.remove(pod: pod.uid)
        queue.retry(pod.uid, now: now)
    }

    /// Makes pods ready whose pause is over; tells when the next one's is.
    mutating func expirePauses(now: Time) -> Time? { queue.expirePauses(now: now) }

    // MARK: What is done

    /// Decides about the next pod that is ready; nil where none is.
    mutating func decide(now: Time) -> Decision? {
        while let pod = queue.next(now: now) {
            if let decision = decide(about: pod) { return decision }
        }
        return nil
    }

    /// - Returns: nil where the pod has only to wait.
    private mutating func decide(about pod: PodFacts) -> Decision? {
        let claims = PodClaims(pod, volumes)
        switch Verdict.of(pod, in: state, claims: claims, namespaceLabels: namespaceLabels) {
        case .node(let node) where claims.open.isEmpty:
            // It stays in the queue, handed out, until it is seen on its node.
            assumed.insert(pod.uid)
            state.place(pod, on: node)
            return .bind(pod, node: node)
        case .node(let node):
            queue.park(pod.uid, refusers: [.volumeBinding])
            return claims.isChosen ? nil : .choose(claims.open, node: node)
        case .none(let failure):
            queue.park(pod.uid, refusers: failure.refusers)
            return .report(pod, failure.message)
        }
    }
}
