public import Glibc

/// A bundled cluster of a test's own, started by the real binary and taken down with the value, also when the test
/// fails.
public final class TestCluster: Sendable {
    /// Everything of the cluster lies in here.
    public let folder: ScratchFolder
    /// The kubeconfig that `cluster up` wrote.
    public let kubeconfig: String
    /// What `cluster up` printed.
    public let greeting: String

    /// The data folder.
    public let data: String
    private let start: [String]

    /// - Parameters:
    ///   - flags: further flags of `cluster up`.
    ///   - data: the data folder; one inside of `folder` where nil.
    public init(_ name: String = #function, _ flags: [String] = [], data: String? = nil) throws {
        folder = try ScratchFolder(name)
        self.data = data ?? "\(folder.path)/data"
        kubeconfig = "\(folder.path)/kubeconfig"
        start =
            [
                "cluster", "up", "--data-dir", self.data, "--listen", "127.0.0.1:\(try Ports.free())",
                "--write-kubeconfig", kubeconfig,
            ] + flags
        let up = try Command(Machine.helmctl, start).run()
        greeting = up.output
        guard up.status == 0 else {
            throw CommandFailed(description: "cluster up: \(up.errors)\n\(try log())")
        }
    }

    deinit { _ = try? down() }

    /// Starts the cluster again, with the flags that it had.
    public func up() throws -> Command.Outcome { try Command(Machine.helmctl, start).run() }

    /// Takes the cluster down; a second time does nothing.
    @discardableResult
    public func down() throws -> Command.Outcome {
        try Command(Machine.helmctl, ["cluster", "down", "--data-dir", data]).run()
    }

    /// What the daemon wrote to its log.
    public func log() throws -> String {
        String(decoding: (try? readFile("\(data)/helmctl.log")) ?? [], as: UTF8.self)
    }

    /// The daemon's process.
    public func process() throws -> pid_t {
        let text = String(decoding: try readFile("\(data)/helmctl.pid"), as: UTF8.self)
        guard let process = pid_t(text.filter(\.isNumber)) else { throw CommandFailed(description: "no pid: \(text)") }
        return process
    }

    /// The port that the API server listens on.
    public func port() throws -> String {
        let server = String(decoding: try readFile("\(data)/server"), as: UTF8.self)
        return String(server.split(separator: ":").last?.filter(\.isNumber) ?? "")
    }

    /// The administrator's certificate and key in one file, as Python's module ssl takes them.
    public func adminPair() throws -> String {
        let both = try readFile("\(data)/pki/admin.crt") + readFile("\(data)/pki/admin.key")
        return try folder.write(String(decoding: both, as: UTF8.self), to: "admin.pem")
    }

    /// Runs helmctl against this cluster.
    public func helmctl(_ arguments: [String]) throws -> Command.Outcome {
        try Command(Machine.helmctl, arguments, environment: ["KUBECONFIG": kubeconfig]).run()
    }

    /// Runs a real kubectl against this cluster.
    ///
    /// - Parameter more: further variables of its environment.
    public func kubectl(
        _ arguments: [String], input: String = "", _ more: [String: String] = [:]
    ) throws -> Command.Outcome {
        guard let kubectl = Machine.kubectl else { throw CommandFailed(description: "no kubectl at hand") }
        return try Command(kubectl, arguments, environment: environment.merging(more) { $1 }).run(input: input)
    }

    /// What tells kubectl of this cluster.
    public var environment: [String: String] {
        ["KUBECONFIG": kubeconfig, "KUBECACHEDIR": "\(folder.path)/kubectl-cache"]
    }
}

/// A command that a test cannot go on without.
public struct CommandFailed: Error, CustomStringConvertible {
    public let description: String

    /// - Parameter description: what failed, with what it printed.
    public init(description: String) { self.description = description }
}

/// TCP ports of loopback.
public enum Ports {
    /// A port that nobody listens on.
    public static func free() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw SystemFailure("socket") }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 ? getsockname(socket, $0, &size) : -1
            }
        }
        guard bound == 0 else { throw SystemFailure("bind") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
