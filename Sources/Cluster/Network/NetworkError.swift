import API
import Glibc

/// Why the pod network could not do something.
public struct NetworkError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart.
    public enum Code: String, Sendable, Hashable {
        /// A call of the operating system failed.
        case system
        /// The kernel refused a netlink message.
        case netlink
        /// nft refused the rules.
        case rules
        /// A text that is no IPv4 range or address, or a range that is too small.
        case range
        /// Every address of the range is taken.
        case exhausted
        /// The machine lacks something that the network needs.
        case machine
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    /// The failure of a system call, from errno; made right after it.
    static func system(_ call: String, _ subject: String) -> NetworkError {
        NetworkError(.system, "\(call) \(subject): \(String(cString: strerror(errno)))")
    }
}
