public import API
public import Client
import Document

/// Gives every pod a node ("Kubernetes Scheduler"): filters, scores, and binds.
///
/// It acts on changes as they come: no polling, and a pod that fits is bound within one round through the API. Make it
/// before the shared informers run.
public final class Scheduler: Sendable {
    private enum Message: Sendable {
        case node(Informer.Change)
        case pod(Informer.Change)
        case claim
        case bindingFailed(PodFacts)
        case pauseOver
    }

    private let client: APIClient
    private let clock: any TimeSource
    private let events: EventRecorder
    private let nodes: Informer
    private let pods: Informer
    private let claims: Informer
    private let volumes: Informer
    private let classes: Informer
    private let namespaces: Informer
    private let mailbox: AsyncStream<Message>
    private let inbox: AsyncStream<Message>.Continuation

    /// - Parameters:
    ///   - client: with the identity `system:kube-scheduler`.
    ///   - informers: the shared caches, which the caller runs once everyone is made.
    ///   - host: the name of this machine, for events.
    public init(client: APIClient, informers: InformerSet, clock: any TimeSource, host: String = "localhost") {
        var client = client
        client.fieldManager = "kube-scheduler"
        self.client = client
        self.clock = clock
        events = EventRecorder(
            client, component: SchedulerCore.schedulerName,
            style: .timed(instance: "\(SchedulerCore.schedulerName)-\(host)"), clock: clock)
        nodes = informers[.nodes]
        pods = informers[.pods]
        claims = informers[.persistentVolumeClaims]
        volumes = informers[.persistentVolumes]
        classes = informers[.storageClasses]
        namespaces = informers[.namespaces]
        (mailbox, inbox) = AsyncStream.makeStream()
    }

    /// Schedules until the task is cancelled.
    public func run() async {
        for informer in [nodes, pods, claims, volumes, classes, namespaces] { await informer.synced() }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.events.run() }
            follow(nodes, &group) { .node($0) }
            follow(pods, &group) { .pod($0) }
            for informer in [claims, volumes, classes] { follow(informer, &group) { _ in .claim } }
            await think(&group)
        }
    }

    private func follow(
        _ informer: Informer, _ group: inout DiscardingTaskGroup,
        _ message: @escaping @Sendable (Informer.Change) -> Message
    ) {
        let changes = informer.changes()
        group.addTask {
            for await change in changes { self.inbox.yield(message(change)) }
        }
    }

    /// The one task that owns the state; what waits for the API runs beside it.
    private func think(_ group: inout DiscardingTaskGroup) async {
        var core = SchedulerCore(
            namespaceLabels: { [namespaces] in namespaces[$0]?.labels ?? [:] },
            volumes: PodClaims.Sources(
                claim: { [claims] in claims[$0] }, volume: { [volumes] in volumes[$0] },
                volumes: { [volumes] in volumes.objects }, storageClass: { [classes] in classes[$0] }))
        // All that is there counts before the first decision.
        for node in nodes.objects { core.node(.added(node), now: clock.now) }
        for pod in pods.objects { core.pod(.added(pod), now: clock.now) }
        var wake: Time?
        for await message in mailbox {
            take(message, &core)
            if case .pauseOver = message { wake = nil }
            let next = core.expirePauses(now: clock.now)
            while let decision = core.decide(now: clock.now) { carryOut(decision, &group) }
            if let next, next < wake ?? next + .seconds(1) {
                wake = next
                let pause = next - clock.now
                group.addTask {
                    guard (try? await self.clock.sleep(for: pause)) != nil else { return }
                    self.inbox.yield(.pauseOver)
                }
            }
        }
    }

    private func take(_ message: Message, _ core: inout SchedulerCore) {
        let now = clock.now
        switch message {
        case .node(let change): core.node(change, now: now)
        case .pod(let change): core.pod(change, now: now)
        case .claim: core.claimChanged(now: now)
        case .bindingFailed(let pod): core.bindingFailed(pod, now: now)
        case .pauseOver: break
        }
    }

    private func carryOut(_ decision: SchedulerCore.Decision, _ group: inout DiscardingTaskGroup) {
        switch decision {
        case .bind(let pod, let node): group.addTask { await self.bind(pod, to: node) }
        case .report(let pod, let message): group.addTask { await self.report(pod.pod, message) }
        case .choose(let claims, let node): group.addTask { await self.choose(node, for: claims) }
        }
    }

    private func bind(_ pod: PodFacts, to node: String) async {
        let object = pod.pod
        let binding: Value = [
            "apiVersion": "v1", "kind": "Binding",
            "metadata": [
                "name": .string(object.name), "namespace": .string(object.namespace), "uid": .string(object.uid),
            ],
            "target": ["kind": "Node", "name": .string(node)],
        ]
        do {
            _ = try await client.create(.pods, binding, subresource: ("binding", object.name))
            events.normal(
                object, "Scheduled", action: "Binding",
                "Successfully assigned \(object.namespace)/\(object.name) to \(node)")
        } catch let status as Status where status.reason == .notFound {
            // Deleted meanwhile: its deletion takes it out of the state.
            return
        } catch {
            events.warning(object, "FailedScheduling", action: "Binding", "binding rejected: \(error)")
            inbox.yield(.bindingFailed(pod))
        }
    }

    /// Tells those who bind and make volumes for which node they are; their answer is a change of the claims.
    private func choose(_ node: String, for claims: [Value]) async {
        let patch: Value = ["metadata": ["annotations": [VolumeNote.node: .string(node)]]]
        for claim in claims {
            // A claim that cannot be written now keeps its pod waiting until one of them changes.
            _ = try? await client.patch(
                .persistentVolumeClaims, namespace: claim.namespace, name: claim.name, .merge(patch))
        }
    }

    private func report(_ pod: Value, _ message: String) async {
        events.warning(pod, "FailedScheduling", action: "Scheduling", message)
        let old = pod["status", "conditions"]?.array?.first { $0["type"]?.string == "PodScheduled" }
        let isSame = old?["status"]?.string == "False" && old?["message"]?.string == message
        guard !isSame else { return }
        let since = old?["status"]?.string == "False" ? old?["lastTransitionTime"]?.string : nil
        var condition: Value = [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": .string(message),
            "lastProbeTime": .null, "lastTransitionTime": .string(since ?? clock.now.description),
        ]
        if pod.generation > 0 { condition["observedGeneration"] = .int(pod.generation) }
        let patch: Value = ["metadata": ["uid": .string(pod.uid)], "status": ["conditions": [condition]]]
        // A pod that went meanwhile, or cannot be written now, is told about at the next try.
        _ = try? await client.patch(
            .pods, namespace: pod.namespace, name: pod.name, .strategic(patch), subresource: "status")
    }
}
