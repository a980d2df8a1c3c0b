import CLinux
import Glibc
import OCI

/// What this machine offers to containers.
public struct HostProfile: Sendable {
    /// How the machine mounts control groups.
    public enum CGroups: Sendable, Hashable {
        /// One hierarchy per controller.
        case v1
        /// Controllers in v1, with an empty v2 hierarchy beside them: crun refuses such hosts unless it is hidden.
        case hybrid
        case v2
    }

    /// The path of crun or runc.
    public let runtime: String
    public let cgroups: CGroups

    static let cgroupRoot = "/sys/fs/cgroup"
    private static let cgroup2Magic = 0x6367_7270

    /// Looks at the machine.
    ///
    /// - Throws: ``NodeError`` with what to do when there is no OCI runtime or no right to use it.
    public static func detect() throws -> HostProfile {
        guard geteuid() == 0 else {
            throw NodeError(.machine, "the node needs root: start helmctl as root or with sudo, or with --no-node")
        }
        guard let runtime = find(["crun", "runc"]) else {
            throw NodeError(.machine, "neither crun nor runc is installed: apt-get install crun")
        }
        return HostProfile(runtime: runtime, cgroups: detectCGroups())
    }

    private static func detectCGroups() -> CGroups {
        if helmctl_filesystem_type(cgroupRoot) == cgroup2Magic { return .v2 }
        return helmctl_filesystem_type("\(cgroupRoot)/unified") == cgroup2Magic ? .hybrid : .v1
    }

    /// The first of these programs in the folders where system programs lie.
    static func find(_ names: [String]) -> String? {
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        for name in names {
            for folder in folders + ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
            where access("\(folder)/\(name)", X_OK) == 0 {
                return "\(folder)/\(name)"
            }
        }
        return nil
    }

    /// Whether programs that refuse hybrid hosts have to be shielded: crun does, runc does not.
    var needsShield: Bool { cgroups == .hybrid && runtime.hasSuffix("crun") }

    /// The folders in which a control group of that path appears.
    func folders(of group: String) -> [String] {
        guard cgroups != .v2 else { return ["\(HostProfile.cgroupRoot)\(group)"] }
        return FileAccess.names(in: HostProfile.cgroupRoot).map { "\(HostProfile.cgroupRoot)/\($0)\(group)" }
    }

    /// The file that counts how often the kernel killed for want of memory in that group.
    func memoryEvents(of group: String) -> String {
        cgroups == .v2
            ? "\(HostProfile.cgroupRoot)\(group)/memory.events"
            : "\(HostProfile.cgroupRoot)/memory\(group)/memory.oom_control"
    }
}
