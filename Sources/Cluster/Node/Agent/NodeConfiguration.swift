/// What a node agent is told when it starts.
public struct NodeConfiguration: Sendable {
    /// The cluster's id, which stands in every name that the kernel shows.
    public var cluster: String
    public var nodeName: String
    /// The machine's address, at which others reach it.
    public var address: String
    /// Where the node keeps its pods.
    public var folder: String
    /// The name under which services and pods are found.
    public var domain: String
    /// The range of the pods' addresses, for the Node object.
    public var podRange: String
    /// The Kubernetes version that the node claims to be of, such as `v1.36.0`.
    public var version: String

    public init(
        cluster: String, nodeName: String, address: String, folder: String, domain: String = "cluster.local",
        podRange: String = "", version: String = "v1.36.0"
    ) {
        self.cluster = cluster
        self.nodeName = nodeName
        self.address = address
        self.folder = folder
        self.domain = domain
        self.podRange = podRange
        self.version = version
    }

    var pods: String { "\(folder)/pods" }
}
