import API
import CLinux
import Document
import Glibc

/// The volumes of a pod on this machine.
struct PodVolumes {
    let pod: Value
    /// The folder of the pod's volumes.
    let folder: String
    let files: VolumeFiles
    /// The name that mounts have in the kernel's table.
    let source: String
    /// The PersistentVolume of a claim.
    let volume: @Sendable (_ claim: String) async throws -> Value

    private var group: UInt32? { pod["spec", "securityContext", "fsGroup"]?.int.map(UInt32.init(clamping:)) }

    /// Makes all volumes; called again, renews those that are made of objects.
    ///
    /// - Returns: the path of each volume by its name.
    func prepare() async throws -> [String: String] {
        var paths: [String: String] = [:]
        for volume in pod["spec", "volumes"]?.array ?? [] {
            let name = volume["name"]?.string ?? ""
            do {
                paths[name] = try await prepare(volume, name)
            } catch let error as NodeError {
                throw NodeError(error.code, "MountVolume.SetUp failed for volume \"\(name)\" : \(error.message)")
            }
        }
        return paths
    }

    private func prepare(_ volume: Value, _ name: String) async throws -> String {
        let path = "\(folder)/\(name)"
        if let host = volume["hostPath"] { return try HostPath(host).prepare() }
        if let empty = volume["emptyDir"] {
            try makeEmpty(path, empty)
            return path
        }
        if let claim = volume["persistentVolumeClaim", "claimName"]?.string {
            return try PodVolumes.path(of: try await self.volume(claim))
        }
        if volume["ephemeral"] != nil {
            return try PodVolumes.path(of: try await self.volume("\(pod.name)-\(name)"))
        }
        guard let tree = try await files.files(of: volume) else {
            let kind = (volume.object?.keys).map { $0.first { $0 != "name" } ?? "" } ?? ""
            throw NodeError(.unsupported, "volumes of the kind \(kind.string) are not supported yet")
        }
        try Files.makeFolder(path)
        try AtomicFolder(path: path).write(tree, group: group)
        return path
    }

    /// Where a PersistentVolume lies on this machine.
    private static func path(of volume: Value) throws -> String {
        guard volume.volumeMode == "Filesystem" else {
            throw NodeError(.unsupported, "block volumes are not supported yet")
        }
        if let host = volume["spec", "hostPath"] { return try HostPath(host).prepare() }
        if let path = volume["spec", "local", "path"]?.string {
            return try HostPath(["path": .string(path), "type": "Directory"]).prepare()
        }
        throw NodeError(
            .unsupported,
            "PersistentVolume \(volume.name) is of a kind that is not supported yet: only hostPath and local")
    }

    private func makeEmpty(_ path: String, _ empty: Value) throws {
        let isNew = !Files.exists(path)
        try Files.makeFolder(path)
        if empty["medium"]?.string == "Memory", helmctl_filesystem_type(path) != 0x0102_1994 {
            let size = empty["sizeLimit"]?.quantity.map { ",size=\($0.value)" } ?? ""
            guard helmctl_mount(source, path, "tmpfs", 0, "mode=0777\(size)") == 0 else {
                throw NodeError.system("mount tmpfs", path)
            }
        }
        guard isNew else { return }
        // Everybody may write, whatever user the containers run as; with a group, what is made inside belongs to it.
        if let group, chown(path, UInt32.max, group) != 0 { throw NodeError.system("chown", path) }
        guard chmod(path, group == nil ? 0o777 : 0o2777) == 0 else { throw NodeError.system("chmod", path) }
    }
}

/// A path of the machine that a pod asks for, checked by its type ("hostPath volume types").
struct HostPath {
    let path: String
    let type: String

    init(_ value: Value) {
        path = value["path"]?.string ?? ""
        type = value["type"]?.string ?? ""
    }

    func prepare() throws -> String {
        var status = stat()
        let exists = stat(path, &status) == 0
        let kind = status.st_mode & S_IFMT
        switch type {
        case "": if !exists { try Files.makeFolder(path) }
        case "DirectoryOrCreate":
            if !exists { try Files.makeFolder(path) } else { try check(kind == S_IFDIR, "directory") }
        case "FileOrCreate":
            if !exists { try Files.write([], to: path) } else { try check(kind == S_IFREG, "file") }
        case "Directory": try check(exists && kind == S_IFDIR, "directory")
        case "File": try check(exists && kind == S_IFREG, "file")
        case "Socket": try check(exists && kind == S_IFSOCK, "socket")
        case "CharDevice": try check(exists && kind == S_IFCHR, "character device")
        case "BlockDevice": try check(exists && kind == S_IFBLK, "block device")
        default: throw NodeError(.unsupported, "hostPath type \(type) is not known")
        }
        return path
    }

    private func check(_ holds: Bool, _ name: String) throws {
        guard holds else { throw NodeError(.volume, "hostPath type check failed: \(path) is not a \(name)") }
    }
}
