import CLinux
import Glibc

/// What the containers of a pod share: network, host name, message queues, shared memory and control group.
struct PodSandbox {
    let folder: PodFolder
    /// Whether the pod lives in the machine's own network.
    let usesHostNetwork: Bool
    /// What stays as the first of the processes that the containers share; nil where each has its own.
    let keeper: ShimProgram?

    private static let namespaceMagic = 0x6E73_6673

    /// Whether the namespaces of before are still held.
    var exists: Bool {
        helmctl_filesystem_type(folder.hostnameSpace) == PodSandbox.namespaceMagic
            && (keeper == nil || firstProcess != nil)
    }

    /// The keeper's process id while it lives.
    private var firstProcess: pid_t? {
        let words = (Files.text("\(folder.path)/\(PodSandbox.processFile)") ?? "").split(separator: " ")
        guard words.count == 2, let process = pid_t(words[0]), startTicks(of: process) == Int(words[1]) else {
            return nil
        }
        return process
    }

    private static let processFile = "processes"

    private func shareProcesses() async throws {
        guard let keeper else { return }
        let command = [keeper.path, "stay", folder.path, PodSandbox.processFile, "cluster=\(folder.cluster)"]
        guard try await ChildProcess.output(of: command).status == 0 else {
            throw NodeError(.machine, "the pod's containers cannot share their processes")
        }
    }

    /// Makes the namespaces and connects them; what an interrupted attempt has left is used or replaced.
    ///
    /// - Returns: the pod's address.
    func make(hostname: String, network: any PodNetwork, nodeAddress: String) async throws -> String {
        if exists, let address = Files.text(folder.address) { return address }
        remove()
        for path in [folder.networkSpace, folder.hostnameSpace, folder.processSpace] {
            try Files.write([], to: path, mode: 0o444)
        }
        let routes = helmctl_make_sandbox(folder.networkSpace, folder.hostnameSpace, folder.processSpace, hostname)
        guard routes >= 0 else { throw NodeError.system("make namespaces of", folder.uid) }
        defer { close(routes) }
        try Files.makeFolder(folder.sharedMemory)
        guard
            helmctl_mount(
                folder.mountName, folder.sharedMemory, "tmpfs",
                UInt(helmctl_mount_nosuid | helmctl_mount_nodev | helmctl_mount_noexec),
                "mode=1777,size=65536k") == 0
        else { throw NodeError.system("mount", folder.sharedMemory) }
        try await shareProcesses()
        let address =
            usesHostNetwork
            ? nodeAddress
            : try await network.attach(pod: folder.uid, namespace: folder.networkSpace, routes: routes)
        try Files.replace(folder.address, with: Array(address.utf8))
        return address
    }

    /// The namespaces that containers join.
    func namespaces(hostIPC: Bool) -> [(kind: String, path: String)] {
        var list = [(kind: "uts", path: folder.hostnameSpace)]
        if !usesHostNetwork { list.append(("network", folder.networkSpace)) }
        if let firstProcess { list.append(("pid", "/proc/\(firstProcess)/ns/pid")) }
        if !hostIPC { list.append(("ipc", folder.processSpace)) }
        return list
    }

    /// Lets go of everything that `make` made, but the network's address, which the caller gives back.
    func remove() {
        if let firstProcess { kill(firstProcess, SIGKILL) }
        for path in [folder.networkSpace, folder.hostnameSpace, folder.processSpace] where Files.exists(path) {
            helmctl_unmount(path, 1)
            unlink(path)
        }
        if Files.exists(folder.sharedMemory) { helmctl_unmount(folder.sharedMemory, 1) }
        unlink(folder.address)
    }
}
