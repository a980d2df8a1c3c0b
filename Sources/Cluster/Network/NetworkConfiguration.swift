public import API

/// The ranges and names of a cluster's network.
public struct NetworkConfiguration: Sendable {
    /// The cluster's id, which stands in every name that the kernel shows.
    public var cluster: String
    /// The node whose pods are here; empty where all are.
    public var nodeName: String
    public var podRange: IPv4Range
    public var serviceRange: IPv4Range
    /// The name under which services and pods are found, without dots at its ends.
    public var domain: String
    /// The machine's own address, at which pods and the outside reach it.
    public var nodeAddress: IPv4Address
    /// Where connections to the API server's published endpoint really go: a server that listens on the machine's
    /// loopback alone cannot be named in an EndpointSlice. Nil where they are the same.
    public var apiServer: Redirection?
    /// Where what has to be remembered is written.
    public var folder: String

    /// An endpoint that stands for another.
    public struct Redirection: Sendable, Hashable {
        public var published: Endpoint
        public var actual: Endpoint

        public init(published: Endpoint, actual: Endpoint) {
            self.published = published
            self.actual = actual
        }
    }

    /// An address with a port.
    public struct Endpoint: Sendable, Hashable {
        public var address: IPv4Address
        public var port: Int

        public init(address: IPv4Address, port: Int) {
            self.address = address
            self.port = port
        }
    }

    public init(
        cluster: String, nodeName: String = "", podRange: IPv4Range, serviceRange: IPv4Range,
        domain: String = "cluster.local",
        nodeAddress: IPv4Address, apiServer: Redirection? = nil, folder: String
    ) {
        self.cluster = cluster
        self.nodeName = nodeName
        self.podRange = podRange
        self.serviceRange = serviceRange
        self.domain = domain
        self.nodeAddress = nodeAddress
        self.apiServer = apiServer
        self.folder = folder
    }

    /// The tenth address of the service range, where clusters have their DNS by custom.
    public var dnsAddress: IPv4Address { serviceRange[10] }

    /// The name of the cluster's nftables table.
    var table: String { "helmctl-\(cluster)" }

    /// What the names of the cluster's interfaces begin with: they have room for 15 bytes, so that the id is hashed.
    var interfacePrefix: String { NetworkConfiguration.interfacePrefix(cluster) }

    static func interfacePrefix(_ cluster: String) -> String {
        var hash: UInt32 = 0x811C_9DC5  // FNV-1a
        for byte in cluster.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String((hash ^ hash >> 20) & 0xFFFFF, radix: 16)
        return "hctl\(String(repeating: "0", count: 5 - digits.count))\(digits)."
    }

    /// The name of the interface that leads to a pod's address; the prefix is 10 bytes and a range has 5 digits or less.
    func interface(for address: IPv4Address) -> String {
        interfacePrefix + String((address.value - podRange.base.value) & 0xFFFFF, radix: 16)
    }
}
