import Networking
import PKI

/// The ranges of a cluster's addresses: as its flags say, else as it had them before, else the first free pair.
struct AddressRanges: Sendable, Hashable {
    var pods: String
    var services: String

    /// The pairs that are tried one after the other; the second range tells of the first, which may have no pod yet.
    static let candidates = (0..<12).map {
        AddressRanges(pods: "10.\(244 + $0).0.0/16", services: "10.\(96 + $0).0.0/16")
    }

    /// Decides which ranges a cluster takes.
    ///
    /// - Parameters:
    ///   - routes: the machine's own destinations, which no cluster may cover.
    ///   - others: what the other clusters of this machine hold.
    static func choose(
        _ settings: ClusterSettings, kept: AddressRanges?, routes: [String], others: [MachineClaims.Claim]
    ) throws(ClusterFailure) -> AddressRanges {
        let free = candidates.first { pair in
            let mine = [pair.pods, pair.services]
            let theirs = routes + others.flatMap { [$0.pods, $0.services] }
            return !mine.contains { own in theirs.contains { overlap(own, $0) } }
        }
        let first = kept ?? free ?? candidates[0]
        let chosen = AddressRanges(
            pods: settings.podRange ?? first.pods, services: settings.serviceRange ?? first.services)
        for (flag, range) in [("--pod-cidr", chosen.pods), ("--service-cidr", chosen.services)] {
            guard (try? IPv4Range(range)) != nil else {
                throw ClusterFailure(
                    .badSettings, "\(flag) \(range) is no range of IPv4 addresses such as 10.96.0.0/16")
            }
            for other in others where overlap(range, other.pods) || overlap(range, other.services) {
                throw ClusterFailure(
                    .badSettings,
                    "the range \(range) overlaps with those of the cluster in \(other.folder) (\(other.pods), "
                        + "\(other.services)); stop that one, or give this one another with \(flag)")
            }
        }
        guard !overlap(chosen.pods, chosen.services) else {
            throw ClusterFailure(
                .badSettings,
                "the ranges of pods (\(chosen.pods)) and Services (\(chosen.services)) overlap; "
                    + "change one with --pod-cidr or --service-cidr")
        }
        return chosen
    }

    private static func overlap(_ a: String, _ b: String) -> Bool {
        guard let a = try? IPv4Range(a), let b = try? IPv4Range(b) else { return false }
        return a.contains(b.base) || b.contains(a.base)
    }

    /// Where this machine's routes lead, the default one left out. Columns of /proc/net/route: interface, destination,
    /// gateway, flags, two counters, metric, mask.
    static func routesOfMachine() -> [String] {
        let text = String(decoding: FolderListing.contents(of: "/proc/net/route") ?? [], as: UTF8.self)
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t").map { $0.filter { $0 != " " } }
            guard fields.count > 7, let base = UInt32(fields[1], radix: 16), let mask = UInt32(fields[7], radix: 16),
                mask != 0
            else { return nil }
            return "\(IPv4Address(value: base.byteSwapped))/\(mask.nonzeroBitCount)"
        }
    }

    /// What the cluster had before; nil where it is new.
    static func kept(in folder: DataFolder) throws(PKIFailure) -> AddressRanges? {
        let lines = (try PrivateFile.read(folder.ranges) ?? "").split(separator: "\n").map(String.init)
        return lines.count == 2 ? AddressRanges(pods: lines[0], services: lines[1]) : nil
    }

    func keep(in folder: DataFolder) throws(PKIFailure) {
        try PrivateFile.write("\(pods)\n\(services)\n", to: folder.ranges)
    }
}
