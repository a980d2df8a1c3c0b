public import API
import CLinux
public import Client
public import Document
import Glibc
import Synchronization

/// Runs programs in the containers of this machine's pods, and connects to their ports (`kubectl exec`, `cp`,
/// `port-forward`).
public struct PodPrograms: Sendable {
    /// What a program has for its descriptors 0, 1 and 2.
    public struct Streams: Sendable {
        /// Takes bytes, and returns once they are on their way.
        public typealias Writer = @Sendable ([UInt8]) async throws -> Void

        /// Nil for an input that is at its end.
        public var input: HandOver<[UInt8]>?
        /// Nil where nobody looks.
        public var output: Writer?
        public var errors: Writer?
        /// Rows and columns as they change; nil for no terminal.
        public var sizes: HandOver<(rows: UInt16, columns: UInt16)>?

        public init(
            input: HandOver<[UInt8]>?, output: Writer?, errors: Writer?,
            sizes: HandOver<(rows: UInt16, columns: UInt16)>?
        ) {
            self.input = input
            self.output = output
            self.errors = errors
            self.sizes = sizes
        }
    }

    private let cluster: String
    private let folder: String
    private let machine = MachineRuntime()

    /// - Parameters:
    ///   - cluster: the cluster's id.
    ///   - folder: the node's folder, as in ``NodeConfiguration``.
    public init(cluster: String, folder: String) {
        self.cluster = cluster
        self.folder = folder
    }

    /// Runs a program in a container to its end.
    ///
    /// - Parameter pod: the whole Pod.
    /// - Returns: the exit status, 128 + signal where a signal ended it.
    /// - Throws: ``NodeError`` where the container does not run, or the program cannot be started.
    public func execute(
        _ program: [String], in container: String, of pod: Value, _ streams: Streams
    ) async throws -> Int32 {
        guard let id = PodPrograms.runningContainer(container, of: pod), let run = run(of: container, pod) else {
            throw NodeError(.notFound, "container not found (\"\(container)\")")
        }
        let runtime = try machine.runtime(cluster: cluster, shims: "\(folder)/shims")
        return try await ProgramRun(runtime: runtime, id: id, folder: run, streams: streams).run(program)
    }

    /// Connects to the streams of a container's first process, until its output ends.
    ///
    /// - Parameter pod: the whole Pod.
    /// - Throws: ``NodeError`` where the container does not run.
    public func attach(to container: String, of pod: Value, _ streams: Streams) async throws {
        guard PodPrograms.runningContainer(container, of: pod) != nil, let run = run(of: container, pod),
            let console = ConsoleConnection(run)
        else { throw NodeError(.notFound, "container \(container) not found in pod \(pod.name)_\(pod.namespace)") }
        try await console.run(streams)
    }

    /// The newest run of a container.
    private func run(of container: String, _ pod: Value) -> ContainerFolder? {
        let place = PodFolder("\(folder)/pods", uid: pod.uid, cluster: cluster)
        return place.attempts(of: container).last.map { place.run(of: container, $0) }
    }

    /// The id of a container that runs now, as its status has it (`helmctl://ID`).
    private static func runningContainer(_ name: String, of pod: Value) -> String? {
        let lists: [Text] = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]
        let all = lists.flatMap { pod["status", $0]?.array ?? [] }
        let status = all.first { $0["name"]?.string == name && $0["state", "running"] != nil }
        return status?["containerID"]?.string.map { String($0.dropFirst("helmctl://".count)) }
    }

    /// Connects to a port from within the pod, and copies both ways until both have ended.
    ///
    /// - Parameter address: the pod's own, or its loopback.
    /// - Throws: ``NodeError`` where nobody listens there.
    public func forward(
        port: Int, at address: IPv4Address, of pod: Value, input: HandOver<[UInt8]>, output: @escaping Streams.Writer
    ) async throws {
        let wire = Pipe(try socket(of: pod))
        try await PodPrograms.connect(wire, address, port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while let bytes = await input.take() { guard try await wire.write(bytes) else { return } }
                shutdown(wire.descriptor, Int32(SHUT_WR))
            }
            group.addTask {
                while case let bytes = try await wire.read(), !bytes.isEmpty { try await output(bytes) }
                // The client is told by the end of its stream, and need not say anything more itself.
                input.finish()
            }
            try await group.waitForAll()
        }
    }

    private func socket(of pod: Value) throws -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let space = PodFolder("", uid: pod.uid, cluster: cluster).networkSpace
        let isOwn = pod["spec", "hostNetwork"]?.bool != true
        let made = isOwn ? helmctl_socket_in(space, AF_INET, kind, 0) : Glibc.socket(AF_INET, kind, 0)
        guard made >= 0 else { throw NodeError.system("enter the network of", "pod \(pod.name)") }
        return made
    }

    private static func connect(_ wire: Pipe, _ address: IPv4Address, _ port: Int) async throws {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        place.sin_addr.s_addr = address.value.bigEndian
        let result = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(wire.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0, errno == EINPROGRESS {
            try await DescriptorWatcher.shared.wait(for: wire.descriptor, .writable)
            var code: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(wire.descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
            errno = code
            if code == 0 { return }
        } else if result == 0 {
            return
        }
        // In the words of Go's net.OpError, which clients know.
        throw NodeError(
            .system, "dial tcp \(address):\(port): connect: \(String(cString: strerror(errno)).lowercased())")
    }
}

/// The runtime of this machine: looked for once it is needed, and then known.
private final class MachineRuntime: Sendable {
    private let known = Mutex<ContainerRuntime?>(nil)

    func runtime(cluster: String, shims: String) throws -> ContainerRuntime {
        try known.withLock { known in
            if let known { return known }
            let found = try ContainerRuntime(profile: try HostProfile.detect(), cluster: cluster, shims: shims)
            known = found
            return found
        }
    }
}
