import API
import PKI

/// The ranges of a cluster's addresses: as its flags say, else as it had them before, else the first free pair.
struct AddressRanges: Sendable, Hashable {
    var pods: IPv4Range
    var services: IPv4Range

    private var both: [IPv4Range] { [pods, services] }

    /// The pairs that are tried one after the other; the second range tells of the first, which may have no pod yet.
    static let candidates: [AddressRanges] = (UInt32(0)..<12).map { step in
        func tens(_ octet: UInt32) -> IPv4Range {
            IPv4Range(around: IPv4Address(value: 10 << 24 | octet << 16), prefix: 16)
        }
        return AddressRanges(pods: tens(244 + step), services: tens(96 + step))
    }

    /// Decides which ranges a cluster takes.
    ///
    /// - Parameters:
    ///   - kept: what the cluster had before; nil where it is new.
    ///   - routes: the machine's own destinations, which no cluster may cover unless told to.
    ///   - others: what the other clusters of this machine hold.
    static func choose(
        _ settings: ClusterSettings, kept: AddressRanges?, routes: [IPv4Range], others: [MachineClaims.Claim]
    ) throws(ClusterFailure) -> AddressRanges {
        let theirs = routes + others.flatMap(\.ranges.both)
        let free = candidates.first { pair in
            !pair.both.contains { own in theirs.contains { own.overlaps($0) } }
        }
        let first = kept ?? free ?? candidates[0]
        let chosen = AddressRanges(
            pods: try read(settings.podRange, "--pod-cidr") ?? first.pods,
            services: try read(settings.serviceRange, "--service-cidr") ?? first.services)
        try chosen.check(others)
        return chosen
    }

    private static func read(_ text: String?, _ flag: String) throws(ClusterFailure) -> IPv4Range? {
        guard let text else { return nil }
        if let range = IPv4Range(text) { return range }
        throw ClusterFailure(.badSettings, "\(flag) \(text) is no range of IPv4 addresses such as 10.96.0.0/16")
    }

    private func check(_ others: [MachineClaims.Claim]) throws(ClusterFailure) {
        for (flag, range) in [("--pod-cidr", pods), ("--service-cidr", services)] {
            for other in others where other.ranges.both.contains(where: range.overlaps) {
                throw ClusterFailure(
                    .badSettings,
                    "the range \(range) overlaps with those of the cluster in \(other.folder) (\(other.ranges.pods), "
                        + "\(other.ranges.services)); stop that one, or give this one another with \(flag)")
            }
        }
        guard !pods.overlaps(services) else {
            throw ClusterFailure(
                .badSettings,
                "the ranges of pods (\(pods)) and Services (\(services)) overlap; "
                    + "change one with --pod-cidr or --service-cidr")
        }
    }

    /// Where this machine's routes lead, the default one left out. Columns of /proc/net/route: interface, destination,
    /// gateway, flags, two counters, metric, mask.
    static func routesOfMachine() -> [IPv4Range] {
        let text = (try? PrivateFile.read("/proc/net/route")) ?? ""
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t").map { $0.filter { $0 != " " } }
            guard fields.count > 7, let base = UInt32(fields[1], radix: 16), let mask = UInt32(fields[7], radix: 16),
                mask != 0
            else { return nil }
            return IPv4Range(around: IPv4Address(value: base.byteSwapped), prefix: mask.nonzeroBitCount)
        }
    }

    /// What the cluster had before; nil where it is new.
    static func kept(in folder: DataFolder) throws(PKIFailure) -> AddressRanges? {
        let ranges = (try PrivateFile.read(folder.ranges) ?? "").split(separator: "\n").map { IPv4Range($0) }
        guard ranges.count == 2, let pods = ranges[0], let services = ranges[1] else { return nil }
        return AddressRanges(pods: pods, services: services)
    }

    func keep(in folder: DataFolder) throws(PKIFailure) {
        try PrivateFile.write("\(pods)\n\(services)\n", to: folder.ranges)
    }
}
