import API
import CLinux
import Glibc

/// Connects pods to the machine: a veth pair for each, a route to its one address, and no bridge.
///
/// In the pod the gateway is 169.254.1.1, which nobody has: a fixed neighbour entry leads there to the machine's end.
/// Everything that pods send is then routed, so that services work without bridge filters.
final class PodLinks: Sendable {
    private static let gateway = IPv4Address(value: 169 << 24 | 254 << 16 | 1 << 8 | 1)

    private let configuration: NetworkConfiguration
    private let addresses: AddressPool
    private let mtu: Int

    init(_ configuration: NetworkConfiguration) throws(NetworkError) {
        self.configuration = configuration
        addresses = try AddressPool(configuration.podRange, file: "\(configuration.folder)/addresses.json")
        mtu = PodLinks.machineMTU
        try Sysctl.set("net/ipv4/ip_forward", "1")
    }

    /// What the interface of the default route can carry at once.
    private static var machineMTU: Int {
        for line in Sysctl.lines(of: "/proc/net/route").dropFirst() {
            let fields = line.split(separator: "\t")
            guard fields.count > 7, fields[1] == "00000000" else { continue }
            if let text = Sysctl.lines(of: "/sys/class/net/\(fields[0])/mtu").first, let mtu = Int(text) { return mtu }
        }
        return 1500
    }

    func attach(pod: String, namespace: String, routes: Int32) throws(NetworkError) -> IPv4Address {
        let address = try addresses.take(for: pod)
        let name = configuration.interface(for: address)
        if routes < 0, if_nametoindex(name) != 0 { return address }
        do throws(NetworkError) {
            try connect(name, address, pod, namespace, routes)
            return address
        } catch {
            detach(pod: pod)
            throw error
        }
    }

    private func connect(
        _ name: String, _ address: IPv4Address, _ pod: String, _ namespace: String, _ routes: Int32
    ) throws(NetworkError) {
        let machine = try NetlinkSocket()
        let space = open(namespace, O_RDONLY | O_CLOEXEC)
        guard space >= 0 else { throw NetworkError.system("open", namespace) }
        defer { close(space) }
        let opened =
            routes < 0 ? helmctl_socket_in(namespace, AF_NETLINK, Int32(SOCK_RAW.rawValue), NETLINK_ROUTE) : routes
        guard opened >= 0 else { throw NetworkError.system("enter", namespace) }
        defer { if routes < 0 { close(opened) } }
        let inside = NetlinkSocket(borrowing: opened)
        // A pair of a process that was killed half-way is in the way.
        try machine.send([Links.remove(name)], tolerating: [ENODEV, EINVAL, EOPNOTSUPP], "remove \(name)")
        try machine.send([Links.makePair(name, peer: "eth0", in: space, mtu: mtu)], "make interface \(name)")
        let outer = try hardware(of: name)
        let inner = try configure(inside, address, outer.hardware)
        let alone = IPv4Range(around: address, prefix: 32)
        try machine.send(
            [
                Links.addNeighbour(address, hardware: inner, on: outer.index),
                Links.addRoute(to: alone, over: outer.index, isLink: true),
                Links.addName("helmctl-\(configuration.cluster)-\(pod)", to: name),
            ], tolerating: [EEXIST], "set up \(name)")
        // Connections to a NodePort at 127.0.0.1 leave with that source; the rules keep others from using it.
        try Sysctl.set("net/ipv4/conf/\(name)/route_localnet", "1")
    }

    private func hardware(of name: String) throws(NetworkError) -> (index: Int32, hardware: [UInt8]) {
        let index = if_nametoindex(name)
        let text = Sysctl.lines(of: "/sys/class/net/\(name)/address").first ?? ""
        let hardware = text.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        guard index != 0, hardware.count == 6 else { throw NetworkError(.system, "the interface \(name) has vanished") }
        return (Int32(index), hardware)
    }

    /// Sets up the pod's side and returns the hardware address of its interface.
    private func configure(
        _ socket: NetlinkSocket, _ address: IPv4Address, _ outer: [UInt8]
    ) throws(NetworkError) -> [UInt8] {
        let links = try Links.list(socket)
        guard let loopback = links.first(where: { $0.name == "lo" }),
            let link = links.first(where: { $0.name == "eth0" })
        else { throw NetworkError(.system, "the pod's namespace has no eth0") }
        let gateway = PodLinks.gateway
        try socket.send(
            [
                Links.up(loopback.index), Links.addAddress(address, to: link.index), Links.up(link.index),
                Links.addNeighbour(gateway, hardware: outer, on: link.index),
                Links.addRoute(to: IPv4Range(around: gateway, prefix: 32), over: link.index, isLink: true),
                Links.addRoute(to: .all, over: link.index, gateway: gateway, isLink: false),
            ], tolerating: [EEXIST], "set up a pod's interface")
        return link.hardware
    }

    func detach(pod: String) {
        guard let address = addresses.address(of: pod) else { return }
        let name = configuration.interface(for: address)
        if if_nametoindex(name) != 0, let machine = try? NetlinkSocket() {
            try? machine.send([Links.remove(name)], tolerating: [ENODEV], "remove \(name)")
        }
        try? addresses.release(pod)
    }

    /// Removes every interface of a cluster.
    static func removeAll(of cluster: String) {
        let prefix = NetworkConfiguration.interfacePrefix(cluster)
        guard let machine = try? NetlinkSocket(), let links = try? Links.list(machine) else { return }
        for link in links where link.name.hasPrefix(prefix) {
            try? machine.send([Links.remove(link.name)], tolerating: [ENODEV], "remove \(link.name)")
        }
    }
}
