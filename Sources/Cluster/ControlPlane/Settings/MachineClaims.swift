import APIServer
import Document
import Glibc
import Synchronization

/// What the clusters of this machine hold of what they share: ranges of addresses, and node ports.
///
/// Each says so in a file of its own below /run/helmctl, which `cluster down` removes and a reboot empties.
final class MachineClaims: NodePortNeighbours {
    /// What one cluster holds.
    struct Claim: Sendable, Hashable {
        /// Its data folder, by which users know it.
        var folder: String
        var pods: String
        var services: String
        var ports: Set<Int> = []
    }

    private static let root = "/run/helmctl"
    private let id: String
    private let own: Mutex<Claim>

    /// Takes ranges for a cluster, or makes sure that those it has are nobody else's.
    ///
    /// - Parameters:
    ///   - choose: given what the others hold, which ranges this cluster takes.
    /// - Throws: what `choose` does, or that the claim cannot be written.
    init(
        _ folder: DataFolder, choose: ([Claim]) throws(ClusterFailure) -> AddressRanges
    ) throws(ClusterFailure) {
        // Two clusters that start at the same moment must not choose the same: one after the other, under a lock that
        // leaves nothing behind.
        let lock = open("/run", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(lock) }
        flock(lock, LOCK_EX)
        let ranges = try choose(MachineClaims.others(than: folder.id))
        id = folder.id
        own = Mutex(Claim(folder: folder.path, pods: ranges.pods, services: ranges.services))
        guard write(own.withLock { $0 }) else {
            throw ClusterFailure(
                .badFolder, "cannot write \(path): \(String(cString: strerror(errno))); a node needs a writable /run")
        }
    }

    private var path: String { "\(MachineClaims.root)/\(id)/claims.json" }

    private func write(_ claim: Claim) -> Bool {
        for folder in [MachineClaims.root, "\(MachineClaims.root)/\(id)"] where mkdir(folder, 0o700) != 0 {
            if errno != EEXIST { return false }
        }
        let value: Value = [
            "folder": .string(claim.folder), "pods": .string(claim.pods), "services": .string(claim.services),
            "ports": .array(claim.ports.sorted().map { .int($0) }),
        ]
        let bytes = JSON.write(value)
        let file = open("\(path).new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        return count == bytes.count && rename("\(path).new", path) == 0
    }

    /// What the other clusters hold.
    static func others(than id: String) -> [Claim] {
        FolderListing.names(in: root).filter { $0 != id }.compactMap { name in
            guard let bytes = FolderListing.contents(of: "\(root)/\(name)/claims.json"),
                let value = try? JSON.parse(bytes)
            else { return nil }
            return Claim(
                folder: value["folder"]?.string ?? name, pods: value["pods"]?.string ?? "",
                services: value["services"]?.string ?? "",
                ports: Set((value["ports"]?.array ?? []).compactMap(\.int)))
        }
    }

    // MARK: Node ports

    var taken: [Int: String] {
        var taken: [Int: String] = [:]
        for claim in MachineClaims.others(than: id) {
            for port in claim.ports { taken[port] = "the cluster in \(claim.folder)" }
        }
        return taken
    }

    func publish(_ ports: Set<Int>) {
        own.withLock { own in
            guard own.ports != ports else { return }
            own.ports = ports
            _ = write(own)
        }
    }
}

/// The two calls on folders that claims need.
enum FolderListing {
    /// The names in a folder, sorted; none where there is no folder.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let item = readdir(stream) {
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// A small file; nil where it cannot be read.
    static func contents(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = read(file, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}
