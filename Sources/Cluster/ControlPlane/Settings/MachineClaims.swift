import API
import APIServer
import Document
import Glibc
import OCI
import PKI
import Synchronization

/// What the clusters of this machine hold of what they share: ranges of addresses, and node ports.
///
/// Each says so in a file of its own below /run/helmctl, which `cluster down` removes and a reboot empties.
final class MachineClaims: NodePortNeighbours {
    /// What one cluster holds.
    struct Claim: Sendable, Hashable {
        /// Its data folder, by which users know it.
        var folder: String
        var ranges: AddressRanges
        var ports: Set<Int> = []
    }

    private static let root = "/run/helmctl"
    private let id: String
    /// The ranges that this cluster has taken.
    let ranges: AddressRanges
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
        ranges = try choose(MachineClaims.others(than: folder.id))
        id = folder.id
        own = Mutex(Claim(folder: folder.path, ranges: ranges))
        do throws(PKIFailure) {
            try write(own.withLock { $0 })
        } catch {
            throw ClusterFailure(.badFolder, "\(error); a node needs a writable /run")
        }
    }

    private var path: String { "\(MachineClaims.root)/\(id)/claims.json" }

    private func write(_ claim: Claim) throws(PKIFailure) {
        for folder in [MachineClaims.root, "\(MachineClaims.root)/\(id)"] { mkdir(folder, 0o700) }
        let value: Value = [
            "folder": .string(claim.folder), "pods": .string(claim.ranges.pods.description),
            "services": .string(claim.ranges.services.description),
            "ports": .array(claim.ports.sorted().map { .int($0) }),
        ]
        try PrivateFile.write(String(decoding: JSON.write(value), as: UTF8.self), to: path)
    }

    /// What the other clusters hold.
    static func others(than id: String) -> [Claim] {
        FileAccess.names(in: root).filter { $0 != id }.compactMap { name in
            guard let text = try? PrivateFile.read("\(root)/\(name)/claims.json"),
                let value = try? JSON.parse(Array(text.utf8)),
                let pods = value["pods"]?.string.flatMap({ IPv4Range($0) }),
                let services = value["services"]?.string.flatMap({ IPv4Range($0) })
            else { return nil }
            return Claim(
                folder: value["folder"]?.string ?? name, ranges: AddressRanges(pods: pods, services: services),
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

    func publish(_ ports: () -> Set<Int>) {
        own.withLock { own in
            let ports = ports()
            guard own.ports != ports else { return }
            own.ports = ports
            // A claim that cannot be written is no reason to refuse a Service; the next publication tries again.
            do throws(PKIFailure) { try write(own) } catch { own.ports = [] }
        }
    }
}
