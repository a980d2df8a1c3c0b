import API
import Client
import Document
import OCI

/// The node's own object and its lease: that it is there, what it has, and that it is alive.
struct NodeRegistration: Sendable {
    private let configuration: NodeConfiguration
    private let client: APIClient
    private let machine: MachineFacts
    private let images: ImageStore
    private let clock: any TimeSource

    /// Seconds for which a lease holds; it is renewed four times as often (kubelet: nodeLeaseDurationSeconds).
    private static let leaseSeconds = 40
    /// How often the status is written though nothing has changed (kubelet: nodeStatusReportFrequency).
    private static let reportPause = Duration.seconds(300)

    init(
        _ configuration: NodeConfiguration, client: APIClient, machine: MachineFacts, images: ImageStore,
        clock: any TimeSource
    ) {
        self.configuration = configuration
        self.client = client
        self.machine = machine
        self.images = images
        self.clock = clock
    }

    /// Registers the node and keeps its lease until the task is cancelled.
    func run() async {
        var reported: Time?
        while !Task.isCancelled {
            do {
                if reported.map({ clock.now - $0 >= NodeRegistration.reportPause }) ?? true {
                    try await register()
                    reported = clock.now
                }
                try await renew()
                try await clock.sleep(for: .seconds(NodeRegistration.leaseSeconds / 4))
            } catch is CancellationError {
                return
            } catch {
                guard (try? await clock.sleep(for: .milliseconds(200))) != nil else { return }
            }
        }
    }

    private var name: String { configuration.nodeName }

    private func register() async throws {
        let known = try await client.find(.nodes, name: name)
        if known == nil { _ = try await client.create(.nodes, object) }
        _ = try await client.patch(
            .nodes, name: name, .strategic(["status": status(after: known)]), subresource: "status")
    }

    private var object: Value {
        let labels: Value = [
            "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux", "beta.kubernetes.io/os": "linux",
            "kubernetes.io/arch": .string(MachineFacts.architecture),
            "beta.kubernetes.io/arch": .string(MachineFacts.architecture),
        ]
        var object: Value = [
            "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name), "labels": labels], "spec": [:],
        ]
        if !configuration.podRange.isEmpty {
            object["spec"] = [
                "podCIDR": .string(configuration.podRange), "podCIDRs": [.string(configuration.podRange)],
            ]
        }
        return object
    }

    /// - Parameter known: the Node as it stands.
    private func status(after known: Value?) -> Value {
        let amounts = Value.object(
            Object(machine.capacity.map { (Text($0.key), .string($0.value.description)) }))
        return [
            "addresses": [
                ["type": "InternalIP", "address": .string(configuration.address)],
                ["type": "Hostname", "address": .string(name)],
            ],
            "capacity": amounts, "allocatable": amounts, "nodeInfo": machine.info,
            "conditions": conditions(after: known),
            "images": .array(imageList),
        ]
    }

    private func conditions(after known: Value?) -> Value {
        let now = Value.string(clock.now.description)
        func condition(_ type: Value, _ status: Value, _ reason: Value, _ message: Value) -> Value {
            let before = known?["status", "conditions"]?.array?.first { $0["type"] == type && $0["status"] == status }
            return [
                "type": type, "status": status, "reason": reason, "message": message, "lastHeartbeatTime": now,
                "lastTransitionTime": before?["lastTransitionTime"] ?? now,
            ]
        }
        return [
            condition(
                "MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ]
    }

    private var imageList: [Value] {
        let entries = (try? images.list()) ?? []
        return entries.prefix(50).compactMap { entry in
            guard let image = try? images.image(entry.reference) else { return nil }
            let names = ["\(entry.reference.repository)@\(entry.digest)", entry.reference.description]
            return ["names": .array(names.map { .string($0) }), "sizeBytes": .int(image.size)]
        }
    }

    private func renew() async throws {
        let resource = GroupVersionResource.leases
        let now = clock.now
        let spec: Value = [
            "holderIdentity": .string(name), "leaseDurationSeconds": .int(NodeRegistration.leaseSeconds),
            "renewTime": .string(now.micro),
        ]
        if try await client.find(resource, namespace: "kube-node-lease", name: name) == nil {
            let lease: Value = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": ["name": .string(name), "namespace": "kube-node-lease"], "spec": spec,
            ]
            _ = try await client.create(resource, lease)
        } else {
            _ = try await client.patch(resource, namespace: "kube-node-lease", name: name, .merge(["spec": spec]))
        }
    }
}
