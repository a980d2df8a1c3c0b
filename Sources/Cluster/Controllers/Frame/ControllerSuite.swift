public import API
public import Client
public import Document

/// All controllers of a cluster, as kube-controller-manager runs them.
///
/// Make the suite (and whoever else follows the informers) first, then run the informers and the suite side by side.
public struct ControllerSuite: Sendable {
    /// What a cluster decides about its controllers.
    public struct Options: Sendable {
        /// The certificate authority that every namespace gets as `kube-root-ca.crt`; PEM, none where empty.
        public var rootCA: String
        /// How many ended pods may lie about before the oldest are removed (`--terminated-pod-gc-threshold`).
        public var endedPods: Int
        /// How long a node may be silent before it counts as gone (`--node-monitor-grace-period`).
        public var nodeGracePeriod: Duration
        /// How long an object that a user has changed rests before its controller looks at it.
        public var settling: Settling
        /// What the hash of a pod template is made of: upstream's print of its structs, or the JSON text where nobody knows it.
        public var templateText: @Sendable (Value) -> [UInt8]

        public init(
            rootCA: String = "", endedPods: Int = 12500, nodeGracePeriod: Duration = .seconds(50),
            settling: Settling = .none,
            templateText: @escaping @Sendable (Value) -> [UInt8] = { JSON.write($0) }
        ) {
            self.rootCA = rootCA
            self.endedPods = endedPods
            self.nodeGracePeriod = nodeGracePeriod
            self.settling = settling
            self.templateText = templateText
        }
    }

    private let runners: [ControllerRunner]

    /// - Parameters:
    ///   - clients: a client for an identity; each controller has its own, such as
    ///     `system:serviceaccount:kube-system:deployment-controller`.
    ///   - informers: the caches that all share; the caller runs them once everyone is made.
    public init(
        clients: @Sendable (String) -> APIClient, informers: InformerSet, clock: any TimeSource,
        options: Options = Options()
    ) {
        runners = Self.all.map { type in
            var client = clients(type.user)
            client.fieldManager = "kube-controller-manager"
            let desk = Desk(
                informers: informers, writes: Writes(client, informers),
                events: EventRecorder(client, component: type.name, clock: clock), queue: WorkQueue(clock: clock),
                clock: clock, options: options)
            return ControllerRunner(type, desk)
        }
    }

    /// Works until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for runner in runners { group.addTask { await runner.run() } }
        }
    }

    static let all: [any Controller.Type] = [
        DeploymentController.self, ReplicaController<ReplicaSetKind>.self,
        ReplicaController<ReplicationControllerKind>.self,
        EndpointSliceController.self, EndpointsController.self, SliceMirroring.self,
        StatefulSetController.self, DaemonSetController.self, JobController.self, CronJobController.self,
        NodeLifecycleController.self, NodeTTLController.self, PodGarbageCollector.self, GarbageCollector.self,
        NamespaceController.self, ServiceAccountController.self, TokenSecretController.self, RootCAPublisher.self,
        DisruptionController.self, PodAutoscaler.self,
        VolumeBinder.self, InUseProtection<ClaimProtection>.self, InUseProtection<VolumeProtection>.self,
        EphemeralVolumeController.self,
    ]
}
