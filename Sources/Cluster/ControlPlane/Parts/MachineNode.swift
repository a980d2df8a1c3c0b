import API
import APIServer
import Client
import Document
import Glibc
public import Networking
public import Node
import OCI
import PKI

extension ClusterNetwork: PodNetwork {}

/// The node of this machine with its network.
struct MachineNode: ClusterService {
    let context: ClusterContext

    var name: String { "node" }

    func run() async throws {
        let name = Machine.name
        let network = try ClusterNetwork(
            try networkConfiguration, client: client("system:kube-proxy", "kube-proxy"), clock: context.clock)
        let agent = try NodeAgent(
            NodeConfiguration(
                cluster: context.folder.id, nodeName: name, address: Machine.address, folder: context.folder.node,
                podRange: context.ranges.pods.description),
            client: client("system:node:\(name)", "kubelet"), images: try ImageStore(context.folder.images),
            network: network, clock: context.clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await network.run() }
            group.addTask { await agent.run() }
            // One that fails takes the other along, and both are started again.
            try await group.next()
            group.cancelAll()
        }
    }

    private func client(_ component: String, _ manager: String) -> APIClient {
        context.client(component: component, groups: ["system:masters"], manager: manager)
    }

    private var networkConfiguration: NetworkConfiguration {
        get throws {
            guard let address = IPv4Address(Machine.address) else {
                throw ClusterFailure(.startFailed, "the machine's address \(Machine.address) is no IPv4 address")
            }
            return NetworkConfiguration(
                cluster: context.folder.id, nodeName: Machine.name, podRange: context.ranges.pods,
                serviceRange: context.ranges.services, nodeAddress: address,
                apiServer: try redirection(address), folder: context.folder.network)
        }
    }

    /// A server that listens on the loopback alone is reached by pods through the rules.
    private func redirection(_ address: IPv4Address) throws -> NetworkConfiguration.Redirection? {
        let url = (try PrivateFile.read(context.folder.server)) ?? ""
        guard context.settings.podAddress == nil, let host = IPv4Address(context.settings.host),
            host != address, host.value != 0,
            let port = url.split(separator: ":").last.flatMap({ Int($0.prefix { $0.isNumber }) })
        else { return nil }
        return NetworkConfiguration.Redirection(
            published: .init(address: address, port: port), actual: .init(address: host, port: port))
    }
}
