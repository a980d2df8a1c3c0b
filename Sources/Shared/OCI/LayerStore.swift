import Archive
import Glibc
import PKI

/// Layers of images unpacked for overlayfs, each in a folder named by its chain id.
struct LayerStore: Sendable {
    let folder: String

    init(_ folder: String) { self.folder = folder }

    /// Half of the digest: overlayfs' options have to fit a page of memory, and 64 bits are enough to tell layers apart.
    static func name(_ chain: Digest) -> String { String(chain.hexadecimal.prefix(16)) }

    /// Unpacks what is not unpacked yet, and returns the names of the layers' folders, the topmost first.
    func prepare(_ image: Image, _ content: ContentStore) throws(ImageError) -> [String] {
        var below: [String] = []
        let chain = try image.configuration.chain
        for (index, chain) in chain.enumerated() {
            let name = LayerStore.name(chain)
            if !FileAccess.exists("\(folder)/\(name)") {
                try unpack(
                    content.path(of: image.blobs[index]), image.configuration.layers[index], as: name, below: below)
            }
            below.insert(name, at: 0)
        }
        return below
    }

    private func unpack(
        _ blob: String, _ expected: Digest, as name: String, below: [String]
    ) throws(ImageError) {
        let temporary = "\(folder)/.\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        try FileAccess.makeFolder(temporary)
        do throws(ImageError) {
            try wrapping("layer \(expected)") { () throws(ArchiveError) in
                try unpack(blob, into: temporary, below: below, expected)
            }
            guard rename(temporary, "\(folder)/\(name)") == 0 else { throw FileAccess.failure("rename", temporary) }
        } catch {
            try? FileAccess.removeTree(temporary)
            throw error
        }
    }

    private func unpack(
        _ blob: String, into temporary: String, below: [String], _ expected: Digest
    ) throws(ArchiveError) {
        let limits = ArchiveLimits(totalBytes: 1 << 40, entryBytes: 1 << 40, entries: 5_000_000, depth: 256)
        let digest = Digesting()
        let reader = try ArchiveReader(file: blob, limits: limits, rules: .layer) { digest.digester.update($0) }
        let unpacker = try FolderUnpacker(
            into: temporary, below: below.map { "\(folder)/\($0)" },
            whiteouts: geteuid() == 0 ? .overlay : .ignored)
        try unpacker.unpack(reader)
        let actual = digest.digester.hexadecimal
        guard actual == expected.hexadecimal else {
            throw ArchiveError(.damaged, "the layer has the digest sha256:\(actual)")
        }
    }

    private final class Digesting { var digester = SHA256Digester() }

    /// Removes the layers that `keep` does not hold, but for those that a mounted root file system stands on.
    func removeAll(except keep: Set<String>) throws(ImageError) {
        let mounts = (try FileAccess.read("/proc/self/mountinfo", limit: 256 << 20)) ?? []
        let text = String(decoding: mounts, as: UTF8.self)
        for name in FileAccess.names(in: folder) where !keep.contains(name) {
            if !name.hasPrefix("."), text.contains(name) { continue }
            try FileAccess.removeTree("\(folder)/\(name)")
        }
    }
}

extension ImageStore {
    /// Where the layers' folders lie.
    public var layerFolder: String { "\(folder)/layers" }

    /// Unpacks an image's layers where that has not been done, and calls `body` with their folders' names, the topmost
    /// first, while no other process can remove them: it mounts them, which keeps them from then on.
    public func withLayers<Result>(
        of image: Image, _ body: ([String]) throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        try locked { () throws(ImageError) in
            try body(try LayerStore(layerFolder).prepare(image, content))
        }
    }
}
