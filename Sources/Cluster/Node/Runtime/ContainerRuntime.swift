import API
import CLinux
import Glibc

/// Runs containers by an OCI runtime, each with a shim that outlives this process.
struct ContainerRuntime: Sendable {
    let profile: HostProfile
    let shim: ShimProgram
    /// The cluster's id, which stands in the arguments of every process.
    let cluster: String
    /// Where the runtime keeps its states: a folder that a reboot empties.
    let root: String

    /// The largest file of a container's log before it is rotated (the kubelet's containerLogMaxSize).
    static let logLimit = 10 << 20

    init(profile: HostProfile, cluster: String, shims: String) throws {
        self.profile = profile
        self.cluster = cluster
        shim = try ShimProgram(in: shims)
        root = ContainerRuntime.root(cluster)
        try Files.makeFolder(root, mode: 0o700)
    }

    static func root(_ cluster: String) -> String { "/run/helmctl/\(cluster)/runtime" }

    /// Starts the container whose bundle lies in `folder`, and returns once its process runs.
    ///
    /// - Parameters:
    ///   - id: the container's id.
    ///   - log: the log file to which its output is appended.
    ///   - group: its control group.
    ///   - console: what it has for its input and output.
    func start(
        id: String, _ folder: ContainerFolder, log: String, group: String,
        _ console: ContainerConsole = .plain
    ) async throws {
        var report: [Int32] = [-1, -1]
        guard pipe(&report) == 0 else { throw NodeError.system("pipe", id) }
        defer { close(report[0]) }
        _ = fcntl(report[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(report[1], F_SETFD, FD_CLOEXEC)
        let child: ChildProcess
        do {
            child = try launch(id: id, folder, log: log, group: group, console, report: report[1])
        } catch {
            close(report[1])
            throw error
        }
        close(report[1])
        // Collects the shim whenever it ends, so that it does not stay as a zombie while this process lives.
        Task.detached { _ = try? await child.status() }
        try await DescriptorWatcher.shared.wait(for: report[0])
        let text = Files.read(report[0], limit: 1024).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard text == "started\n" else {
            let reason = folder.complaint ?? (text.isEmpty ? "the shim has ended" : text)
            throw NodeError(.runtime, "failed to start container: \(reason)")
        }
    }

    private func launch(
        id: String, _ folder: ContainerFolder, log: String, group: String, _ console: ContainerConsole, report: Int32
    ) throws -> ChildProcess {
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        return try ChildProcess.start(
            [
                shim.path, "run", "cluster=\(cluster)", "id=\(id)", "bundle=\(folder.path)",
                "runtime=\(profile.runtime)", "root=\(root)", "folder=\(folder.path)", "log=\(log)",
                "oom=\(profile.memoryEvents(of: group))", "limit=\(ContainerRuntime.logLimit)",
                "hybrid=\(profile.needsShield ? 1 : 0)",
            ] + console.words, descriptors: [nothing, nothing, nothing, report])
    }

    /// A call of the runtime, shielded from what it cannot bear.
    func command(_ arguments: [String]) -> [String] {
        (profile.needsShield ? [shim.path, "hybrid"] : []) + [profile.runtime, "--root", root] + arguments
    }

    /// Runs a program in a container to its end.
    func execute(
        _ program: [String], in id: String, _ folder: ContainerFolder
    ) async throws -> (status: Int32, text: String) {
        let process = try ProcessFile(program, in: folder, runtime: self)
        return try await ChildProcess.output(of: command(["exec", "--process", process.path, id]))
    }

    /// Removes what the runtime keeps of a container, killing it where it still runs.
    func remove(_ id: String) async {
        guard Files.exists("\(root)/\(id)") else { return }
        _ = try? await ChildProcess.output(of: command(["delete", "--force", id]))
    }
}
