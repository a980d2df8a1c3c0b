public import API
public import Client
import CLinux
import Glibc

/// The network of a cluster on this machine: addresses and interfaces of pods, services, and DNS.
public final class ClusterNetwork: Sendable {
    public let configuration: NetworkConfiguration
    private let links: PodLinks
    private let services: Informer
    private let slices: Informer
    private let pods: Informer
    private let proxy: ServiceProxy
    private let dns: DNSServer

    /// Sets up what the kernel needs to know before the first pod comes; needs root.
    public init(
        _ configuration: NetworkConfiguration, client: APIClient, clock: any TimeSource = SystemTime()
    ) throws {
        self.configuration = configuration
        guard mkdir(configuration.folder, 0o700) == 0 || errno == EEXIST else {
            throw NetworkError.system("mkdir", configuration.folder)
        }
        links = try PodLinks(configuration)
        services = Informer(
            client, GroupVersionResource(group: "", version: "v1", resource: "services"), clock: clock)
        slices = Informer(
            client, GroupVersionResource(group: "discovery.k8s.io", version: "v1", resource: "endpointslices"),
            clock: clock)
        let mine = configuration.nodeName.isEmpty ? "" : "spec.nodeName=\(configuration.nodeName)"
        pods = Informer(client, .pods, ListOptions(fieldSelector: mine), clock: clock, keep: ServicePort.portsOnly)
        proxy = try ServiceProxy(configuration, services: services, slices: slices, pods: pods, clock: clock)
        let zone = DNSZone(
            zone: DNSName(configuration.domain), source: DNSZone.Source(services: services, slices: slices))
        dns = DNSServer(address: configuration.dnsAddress, zone: zone)
        try ServiceRange(configuration).connect()
    }

    /// Follows services, and answers for their names, until the task is cancelled.
    ///
    /// - Throws: when the address of the DNS server cannot be listened on.
    public func run() async throws {
        _ = try await dns.start()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.services.run() }
            group.addTask { await self.slices.run() }
            group.addTask { await self.pods.run() }
            group.addTask { await self.proxy.run() }
        }
        await dns.stop()
    }

    /// The address at which pods reach the cluster's DNS server.
    public var dnsAddress: String { configuration.dnsAddress.description }

    /// Connects a pod's network namespace and returns the pod's address; see Node's `PodNetwork`.
    public func attach(pod: String, namespace: String, routes: Int32) async throws -> String {
        try links.attach(pod: pod, namespace: namespace, routes: routes).description
    }

    /// Gives the pod's address and interface back.
    public func detach(pod: String) async { links.detach(pod: pod) }

    /// Returns once no service sends new connections to this address any more, or the task is cancelled.
    public func withdrawn(_ address: String) async { await proxy.withdrawn(address) }

    /// Removes everything that a cluster's network has left on this machine; safe to call at any time when none runs.
    public static func cleanUp(cluster: String) {
        PodLinks.removeAll(of: cluster)
        ServiceRange.removeAll(of: cluster)
        guard let loader = try? RuleLoader() else { return }
        let table = "inet helmctl-\(cluster)"
        try? loader.applyNow("add table \(table)\ndelete table \(table)\n")
    }
}
