import Glibc
import OCI

/// A folder of small files that change all at once: what is visible are links through `..data`, which leads to one
/// generation of the files (the kubelet's AtomicWriter).
struct AtomicFolder {
    /// A file's contents and its permissions.
    struct File: Sendable, Hashable {
        var bytes: [UInt8]
        var mode: mode_t
        /// Nil for the node's own user.
        var owner: uid_t?
    }

    let path: String

    /// Writes the files, unless the folder has just these.
    ///
    /// - Parameters:
    ///   - files: by path relative to the folder; no part is `..`.
    ///   - group: the group that may read the files (fsGroup); nil for nobody further.
    func write(_ files: [String: File], group: UInt32?) throws {
        let before = (try? target("\(path)/..data")).map { "\(path)/\($0)" }
        if let before, holds(before, files) { return }
        let name = "..\(UInt64.random(in: 0...UInt64.max))"
        try Files.makeFolder("\(path)/\(name)")
        for (file, contents) in files {
            let whole = "\(path)/\(name)/\(file)"
            if let slash = whole.lastIndex(of: "/") { try Files.makeFolder(String(whole[..<slash])) }
            try Files.write(contents.bytes, to: whole, mode: contents.mode)
            if let owner = contents.owner, chown(whole, owner, UInt32.max) != 0 {
                throw NodeError.system("chown", whole)
            }
        }
        if let group { try share("\(path)/\(name)", with: group) }
        try link("..data", to: name)
        try show(files)
        if let before { try Files.removeTree(before) }
    }

    /// Lets a group read a folder and all that is in it (the kubelet's SetVolumeOwnership for read-only volumes).
    private func share(_ folder: String, with group: UInt32) throws {
        for name in FileAccess.names(in: folder) {
            let inner = "\(folder)/\(name)"
            var status = stat()
            guard lstat(inner, &status) == 0 else { throw NodeError.system("stat", inner) }
            if status.st_mode & S_IFMT == S_IFDIR {
                try share(inner, with: group)
            } else {
                try grant(inner, status.st_mode | 0o440, group)
            }
        }
        try grant(folder, 0o2755, group)
    }

    private func grant(_ path: String, _ mode: mode_t, _ group: UInt32) throws {
        guard chown(path, UInt32.max, group) == 0 else { throw NodeError.system("chown", path) }
        guard chmod(path, mode & 0o7777) == 0 else { throw NodeError.system("chmod", path) }
    }

    private func target(_ link: String) throws -> String {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { readlink(link, $0, buffer.count) } ?? -1
        }
        guard count >= 0 else { throw NodeError.system("readlink", link) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func holds(_ folder: String, _ files: [String: File]) -> Bool {
        let top = Set(files.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
        guard Set(FileAccess.names(in: folder)) == top else { return false }
        return files.allSatisfy { Files.read("\(folder)/\($0.key)") == $0.value.bytes }
    }

    private func link(_ name: String, to target: String) throws {
        let temporary = "\(path)/..new"
        unlink(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, "\(path)/\(name)") == 0 else {
            throw NodeError.system("link", "\(path)/\(name)")
        }
    }

    /// Makes a visible link for each top name, and removes those of names that are gone.
    private func show(_ files: [String: File]) throws {
        let top = Set(files.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
        for name in top where (try? target("\(path)/\(name)")) != "..data/\(name)" {
            try link(name, to: "..data/\(name)")
        }
        for name in FileAccess.names(in: path) where !name.hasPrefix("..") && !top.contains(name) {
            unlink("\(path)/\(name)")
        }
    }
}
