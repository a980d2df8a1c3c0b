import Glibc

/// Why the node could not do something, with the reason that Kubernetes' events and statuses have for it.
public struct NodeError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart.
    public enum Code: String, Sendable, Hashable {
        /// A call of the operating system failed.
        case system
        /// The machine lacks something that pods need.
        case machine
        /// A container could not be made or started by the OCI runtime.
        case runtime
        /// An image is missing or damaged.
        case image
        /// A ConfigMap, Secret, key or field that the pod names is missing, or the pod's own settings contradict.
        case configuration
        /// A volume could not be made.
        case volume
        /// Something that Kubernetes has and this node does not.
        case unsupported
        /// There is no such pod or container.
        case notFound
        /// It took too long.
        case timeout
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    /// The failure of a system call, from errno; made right after it.
    static func system(_ call: String, _ subject: String) -> NodeError {
        NodeError(.system, "\(call) \(subject): \(String(cString: strerror(errno)))")
    }
}
