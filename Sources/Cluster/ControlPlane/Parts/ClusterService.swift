public import API
public import APIServer
public import Client
import Networking
import Node

/// A part of the control plane that works for as long as the cluster runs: controllers, scheduler, node agent, DNS.
public protocol ClusterService: Sendable {
    /// For the log: `controllers`, `scheduler` …
    var name: String { get }

    /// Works until its task is cancelled, and puts its things in order before it returns.
    func run() async throws
}

/// What the parts of a cluster may know of it.
public struct ClusterContext: Sendable {
    public let settings: ClusterSettings
    public let folder: DataFolder
    let ranges: AddressRanges
    /// The API of this process.
    public let api: KubeAPI
    /// The cluster's certificate authority; PEM.
    public let authority: String
    /// Where time comes from.
    public let clock: any TimeSource

    /// A client for a component of this process.
    ///
    /// - Parameters:
    ///   - component: under which name authorization sees it.
    ///   - manager: under which name managedFields do.
    public func client(component: String, groups: [String] = [], manager: String) -> APIClient {
        APIClient(
            DirectTransport(api, component: component, groups: groups, manager: manager), fieldManager: manager)
    }
}

/// Where the parts are put together. The one place to add another.
enum ClusterParts {
    /// The services that run beside the API, in order of their start; they are ended in the opposite order.
    static func services(_ context: ClusterContext) -> [any ClusterService] {
        let loops = ControlLoops(context: context, clock: context.clock)
        return context.settings.hasNode ? [loops, MachineNode(context: context)] : [loops]
    }

    /// How the API reaches what runs on nodes; nil where nothing does.
    static func node(_ settings: ClusterSettings, _ folder: DataFolder) -> (any NodeConnection)? {
        settings.hasNode ? MachineConnection(folder) : nil
    }

    /// Looks whether this machine can do what the settings ask for.
    static func check(_ settings: ClusterSettings) throws(ClusterFailure) {
        guard settings.hasNode else { return }
        do { try NodeAgent.check() } catch { throw ClusterFailure(.badSettings, "\(error)") }
    }

    /// Removes what a cluster that was killed has left on the machine: processes, mounts, interfaces, tables, cgroups.
    static func removeRemains(_ folder: DataFolder) async throws {
        NodeAgent.cleanUp(cluster: folder.id, folder: folder.node)
        ClusterNetwork.cleanUp(cluster: folder.id)
    }
}
