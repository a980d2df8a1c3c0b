import Document
import Glibc
import OCI

/// Where a pod lies on this machine.
struct PodFolder: Sendable {
    let path: String
    let uid: String
    let cluster: String

    init(_ pods: String, uid: String, cluster: String) {
        path = "\(pods)/\(uid)"
        self.uid = uid
        self.cluster = cluster
    }

    /// The pod as it was seen last.
    var object: String { "\(path)/pod.json" }
    var volumes: String { "\(path)/volumes" }
    func etc(_ name: String) -> String { "\(path)/etc/\(name)" }
    /// The pod's address, while it has one.
    var address: String { "\(path)/address" }
    var sharedMemory: String { "\(path)/shm" }
    var networkSpace: String { "/run/netns/helmctl-\(cluster)-\(uid)" }
    private var spaces: String { "/run/helmctl/\(cluster)/pods" }
    var hostnameSpace: String { "\(spaces)/\(uid).uts" }
    var processSpace: String { "\(spaces)/\(uid).ipc" }
    var group: String { "/helmctl-\(cluster)/pod\(uid)" }
    /// The name of mounts in the kernel's table.
    var mountName: String { "helmctl-\(cluster)" }

    func runs(of container: String) -> String { "\(path)/containers/\(container)" }
    func run(of container: String, _ attempt: Int) -> ContainerFolder {
        ContainerFolder(path: "\(runs(of: container))/\(attempt)")
    }
    func log(of container: String, _ attempt: Int) -> String { "\(path)/logs/\(container)/\(attempt).log" }

    /// The numbers of the runs that are still on disk, in order.
    func attempts(of container: String) -> [Int] {
        FileAccess.names(in: runs(of: container)).compactMap(Int.init).sorted()
    }

    func makeFolders() throws {
        for folder in [path, volumes, "\(path)/etc", spaces, "/run/netns"] { try Files.makeFolder(folder, mode: 0o755) }
    }

    func remember(_ pod: Value) throws { try Files.replace(object, with: JSON.write(pod)) }
}
