import CLinux
import Glibc

/// A part of a volume that is mounted by itself.
///
/// A container that writes to the volume could put a link in the place of the part: it is resolved as if the volume
/// were the root of the file system, so that nothing outside can be reached (CVE-2017-1002101).
struct SubPath {
    let volume: String
    let path: String

    init(_ volume: String, _ path: String) {
        self.volume = volume
        self.path = path
    }

    /// Makes the part where it is missing, as a folder, and returns where it really lies.
    func prepare() throws -> String {
        guard !path.split(separator: "/").contains("..") else {
            throw NodeError(.configuration, "subPath \"\(path)\" must not contain '..'")
        }
        let root = open(volume, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw NodeError.system("open", volume) }
        defer { close(root) }
        if let found = resolve(root) { return found }
        // Whoever may write to the volume may write to its parts (the kubelet's SafeMakeDir).
        var status = stat()
        guard fstat(root, &status) == 0 else { throw NodeError.system("stat", volume) }
        let mode = status.st_mode & 0o2777
        var made = ""
        for part in path.split(separator: "/") {
            let parent = made.isEmpty ? "." : made
            made += made.isEmpty ? "\(part)" : "/\(part)"
            let folder = helmctl_open_in_root(root, parent, O_RDONLY | O_DIRECTORY, 0)
            guard folder >= 0 else { throw NodeError.system("open", "\(volume)/\(parent)") }
            defer { close(folder) }
            if mkdirat(folder, String(part), mode) == 0 {
                try grant(mode, root, made)
            } else if errno != EEXIST {
                throw NodeError.system("mkdir", "\(volume)/\(made)")
            }
        }
        guard let found = resolve(root) else { throw NodeError.system("open", "\(volume)/\(path)") }
        return found
    }

    /// Gives a new folder its permissions, of which the process's mask may have taken some.
    private func grant(_ mode: mode_t, _ root: Int32, _ path: String) throws {
        let folder = helmctl_open_in_root(root, path, O_RDONLY | O_DIRECTORY, 0)
        guard folder >= 0 else { throw NodeError.system("open", "\(volume)/\(path)") }
        defer { close(folder) }
        guard fchmod(folder, mode) == 0 else { throw NodeError.system("chmod", "\(volume)/\(path)") }
    }

    private func resolve(_ root: Int32) -> String? {
        let file = helmctl_open_in_root(root, path, helmctl_o_path, 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { readlink("/proc/self/fd/\(file)", $0, buffer.count) } ?? -1
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
