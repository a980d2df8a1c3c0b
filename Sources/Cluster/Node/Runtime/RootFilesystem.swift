import CLinux
import Glibc
import OCI

/// The root file system of a container: an overlay of an image's layers and a folder that the container writes to.
struct RootFilesystem {
    let folder: ContainerFolder

    /// Mounts the overlay.
    ///
    /// - Parameter source: the name that the mount has in the kernel's table.
    func mount(_ image: Image, of store: ImageStore, source: String) throws {
        for name in ["rootfs", "upper", "work"] { try Files.makeFolder("\(folder.path)/\(name)") }
        try store.withLayers(of: image) { (layers) throws(ImageError) in
            let lower = layers.isEmpty ? "." : layers.joined(separator: ":")
            let options = "lowerdir=\(lower),upperdir=\(folder.path)/upper,workdir=\(folder.path)/work"
            guard helmctl_mount_overlay(store.layerFolder, source, folder.rootFilesystem, options) == 0 else {
                throw ImageError(.system, folder.rootFilesystem, "mount overlay: \(String(cString: strerror(errno)))")
            }
        }
    }

    func unmount() {
        guard Files.exists(folder.rootFilesystem) else { return }
        if helmctl_unmount(folder.rootFilesystem, 0) != 0 { helmctl_unmount(folder.rootFilesystem, 1) }
    }

    /// A small file of the container, with links followed inside of its root; nil where there is none.
    func read(_ path: String, limit: Int = 1 << 20) -> String? {
        let root = open(folder.rootFilesystem, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { return nil }
        defer { close(root) }
        // A pipe or device in an image must not make the node wait.
        let file = helmctl_open_in_root(root, path, O_RDONLY | O_NONBLOCK, 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Files.read(file, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }
}
