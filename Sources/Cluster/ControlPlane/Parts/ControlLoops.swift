import API
import Client
import Controllers
import Scheduler
import Schema

/// Controllers and scheduler, over caches that they share.
struct ControlLoops: ClusterService {
    let context: ClusterContext
    let clock: any TimeSource

    var name: String { "controllers" }

    func run() async throws {
        let informers = InformerSet(
            context.client(
                component: "system:kube-controller-manager", groups: ["system:masters"],
                manager: "kube-controller-manager"), clock: clock)
        let suite = ControllerSuite(
            clients: { [context] in context.client(component: $0, manager: "kube-controller-manager") },
            informers: informers, clock: clock,
            options: .init(
                rootCA: context.authority, settling: .usual, templateText: { GoText.ofPodTemplate($0) }))
        let scheduler = Scheduler(
            client: context.client(component: "system:kube-scheduler", manager: "kube-scheduler"),
            informers: informers, clock: clock)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await informers.run() }
            group.addTask { await suite.run() }
            group.addTask { await scheduler.run() }
        }
    }
}
