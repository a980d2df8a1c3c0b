import API
import CLinux
import Glibc

/// What makes the service range known to the machine: its route, and the address of the DNS server on the loopback.
struct ServiceRange {
    let configuration: NetworkConfiguration

    init(_ configuration: NetworkConfiguration) { self.configuration = configuration }

    private static let loopback: Int32 = 1

    /// The route's metric tells whose it is.
    private static func metric(_ cluster: String) -> UInt32 {
        UInt32(NetworkConfiguration.interfacePrefix(cluster).dropFirst(4).dropLast(), radix: 16) ?? 0
    }

    /// The label of the cluster's address on the loopback.
    private static func label(_ cluster: String) -> String {
        "lo:\(NetworkConfiguration.interfacePrefix(cluster).dropLast())"
    }

    /// Without a route the machine's own connections to services would fail before any rule sees them.
    func connect() throws(NetworkError) {
        ServiceRange.removeAll(of: configuration.cluster)
        let socket = try NetlinkSocket()
        let dns = Links.addAddress(
            configuration.dnsAddress, to: ServiceRange.loopback, label: ServiceRange.label(configuration.cluster))
        try socket.send([dns], tolerating: [EEXIST], "give the DNS server its address")
        let route = Links.addRoute(
            to: configuration.serviceRange, over: ServiceRange.loopback, isLink: true,
            source: configuration.nodeAddress, metric: ServiceRange.metric(configuration.cluster))
        try socket.send([route], tolerating: [EEXIST], "route the service range \(configuration.serviceRange)")
    }

    static func removeAll(of cluster: String) {
        guard let socket = try? NetlinkSocket() else { return }
        for address in addresses(labelled: label(cluster)) {
            try? socket.send([Links.removeAddress(address, from: loopback)], "remove the DNS server's address")
        }
        // Columns of /proc/net/route: interface, destination, gateway, flags, two counters, metric, mask.
        for line in Sysctl.lines(of: "/proc/net/route") {
            let fields = line.split(separator: "\t").map { $0.filter { $0 != " " } }
            guard fields.count > 7, fields[0] == "lo", UInt32(fields[6]) == metric(cluster),
                let base = UInt32(fields[1], radix: 16), let mask = UInt32(fields[7], radix: 16),
                case let range = IPv4Range(around: IPv4Address(value: base.byteSwapped), prefix: mask.nonzeroBitCount)
            else { continue }
            try? socket.send([Links.removeRoute(to: range, over: loopback, metric: metric(cluster))], "remove a route")
        }
    }

    private static func addresses(labelled label: String) -> [IPv4Address] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [IPv4Address] = []
        var entry = list
        while let current = entry?.pointee {
            entry = current.ifa_next
            guard String(cString: current.ifa_name) == label, let address = current.ifa_addr,
                address.pointee.sa_family == AF_INET
            else { continue }
            // The address stands behind family and port; the fields' names belong to another module's headers.
            found.append(
                IPv4Address(value: UnsafeRawPointer(address).load(fromByteOffset: 4, as: UInt32.self).byteSwapped))
        }
        return found
    }
}
