/// What the node needs of the pod network: the room Network has it, and others may come.
public protocol PodNetwork: Sendable {
    /// The address at which pods reach the cluster's DNS server.
    var dnsAddress: String { get }

    /// Connects a pod's network namespace and returns the pod's address.
    ///
    /// May be called again for the same pod after a restart: the pod keeps its address.
    ///
    /// - Parameters:
    ///   - pod: the pod's uid.
    ///   - namespace: the path that holds the namespace.
    ///   - routes: a netlink route socket inside of the namespace, which the caller closes; -1 where the namespace has
    ///     been connected before.
    func attach(pod: String, namespace: String, routes: Int32) async throws -> String

    /// Gives the pod's address and interface back; does nothing for a pod that has none.
    func detach(pod: String) async

    /// Returns once no service sends new connections to this address any more. Callers set the deadline, by
    /// cancelling.
    func withdrawn(_ address: String) async
}
