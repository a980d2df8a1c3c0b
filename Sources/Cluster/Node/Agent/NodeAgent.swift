public import API
public import Client
import Document
public import OCI
import Synchronization

/// Runs the pods that are bound to this machine, as the kubelet does.
///
/// When its task is cancelled the containers go on: the next agent of the same folder adopts them.
public final class NodeAgent: Sendable {
    private let services: NodeServices
    private let registration: NodeRegistration
    private let pods: Informer
    private let workers = Mutex<[String: (worker: PodWorker, task: Task<Void, Never>)]>([:])

    /// Looks at the machine and makes what pods need; needs root.
    ///
    /// - Parameters:
    ///   - client: speaks for the node (`system:node:NAME`).
    ///   - images: where the images of containers lie.
    ///   - network: connects pods.
    /// - Throws: ``NodeError`` with what to do where the machine lacks something.
    public init(
        _ configuration: NodeConfiguration, client: APIClient, images: ImageStore, network: any PodNetwork,
        clock: any TimeSource = SystemTime()
    ) throws {
        try Files.makeFolder(configuration.pods, mode: 0o700)
        let profile = try HostProfile.detect()
        let runtime = try ContainerRuntime(
            profile: profile, cluster: configuration.cluster, shims: "\(configuration.folder)/shims")
        let machine = MachineFacts(version: configuration.version, runtime: profile.runtime)
        services = NodeServices(
            configuration: configuration, client: client, images: images, network: network, runtime: runtime,
            events: EventRecorder(client, component: "kubelet", host: configuration.nodeName, clock: clock),
            clock: clock,
            services: Informer(client, .services, clock: clock), machine: machine)
        registration = NodeRegistration(configuration, client: client, machine: machine, images: images, clock: clock)
        pods = Informer(
            client, .pods, ListOptions(fieldSelector: "spec.nodeName=\(configuration.nodeName)"), clock: clock)
    }

    /// Works until the task is cancelled.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.registration.run() }
            group.addTask { await self.services.events.run() }
            group.addTask { await self.services.services.run() }
            group.addTask { await self.pods.run() }
            group.addTask { await self.follow() }
        }
        for (_, task) in workers.withLock({ Array($0.values) }) { task.cancel() }
    }

    private func follow() async {
        let changes = pods.changes()
        await services.services.synced()
        await pods.synced()
        await endOrphans()
        for await change in changes {
            switch change {
            case .added(let pod): await take(pod)
            case .updated(_, let pod): await take(pod)
            case .deleted(let pod): await worker(of: pod.uid)?.objectIsGone()
            }
        }
    }

    private func worker(of uid: String) -> PodWorker? { workers.withLock { $0[uid]?.worker } }

    private func take(_ pod: Value) async {
        if let worker = worker(of: pod.uid) { return await worker.update(pod) }
        start(pod)
    }

    @discardableResult
    private func start(_ pod: Value) -> PodWorker {
        let worker = PodWorker(pod, services)
        let uid = pod.uid
        // A worker says when it is done; whoever comes later with the same uid begins anew.
        let task = Task {
            await worker.run()
            if !Task.isCancelled { self.workers.withLock { _ = $0.removeValue(forKey: uid) } }
        }
        workers.withLock { $0[uid] = (worker, task) }
        return worker
    }

    /// Pods of a former agent that the API does not know any more.
    private func endOrphans() async {
        let known = Set(pods.objects.map(\.uid))
        for uid in FileAccess.names(in: services.configuration.pods) where !known.contains(uid) {
            let folder = PodFolder(services.configuration.pods, uid: uid, cluster: services.configuration.cluster)
            guard let pod = Files.read(folder.object).flatMap({ try? JSON.parse($0) }) else {
                try? Files.removeTree(folder.path)
                continue
            }
            await start(pod).objectIsGone()
        }
    }

    /// Looks whether this machine can run pods at all.
    ///
    /// - Throws: ``NodeError`` with what to do where it cannot.
    public static func check() throws {
        _ = try HostProfile.detect()
        guard ShimProgram.isEmbedded else { throw ShimProgram.missing }
    }

    /// Removes everything that a cluster's pods have left on this machine; safe to call at any time when none runs.
    ///
    /// - Parameters:
    ///   - cluster: the cluster's id.
    ///   - folder: the node's folder, as in ``NodeConfiguration``.
    public static func cleanUp(cluster: String, folder: String) {
        NodeCleanUp.run(cluster: cluster, folder: "\(folder)/pods")
        try? Files.removeTree("\(folder)/pods")
    }
}
