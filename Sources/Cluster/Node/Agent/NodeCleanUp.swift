import CLinux
import Glibc
import OCI

/// Removes what a cluster's pods have left on this machine, whoever died: processes, mounts, namespaces and control
/// groups. What the kernel shows is asked, not what some record says.
public enum NodeCleanUp {
    /// Removes everything of the cluster; safe to call at any time when no node agent of it runs.
    ///
    /// - Parameters:
    ///   - cluster: the cluster's id.
    ///   - folder: where the node keeps its pods; everything mounted below it is unmounted, its files stay.
    public static func run(cluster: String, folder: String) {
        // Shims first: one that lives would only start to clean up by itself.
        killProcesses { $0.first?.hasSuffix("/helmctl-shim") == true && $0.contains("cluster=\(cluster)") }
        killGroups(cluster)
        unmount(below: ["\(folder)/", "/run/helmctl/\(cluster)/", "/run/netns/helmctl-\(cluster)-"])
        for name in FileAccess.names(in: "/run/netns") where name.hasPrefix("helmctl-\(cluster)-") {
            unlink("/run/netns/\(name)")
        }
        try? Files.removeTree("/run/helmctl/\(cluster)")
        rmdir("/run/helmctl")
        removeGroups(cluster)
    }

    /// The process ids of this machine.
    private static var processes: [pid_t] { FileAccess.names(in: "/proc").compactMap { pid_t($0) } }

    private static func killProcesses(where matches: ([String]) -> Bool) {
        for process in processes {
            guard let bytes = Files.read("/proc/\(process)/cmdline", limit: 8192), !bytes.isEmpty else { continue }
            let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            if matches(words) { kill(process, SIGKILL) }
        }
    }

    /// Kills whatever runs in the cluster's control groups, until nothing does.
    private static func killGroups(_ cluster: String) {
        // What they start while they are being killed is found in the next round.
        for _ in 0..<200 {
            let members = groups(cluster).flatMap { group in
                (Files.text("\(group)/cgroup.procs") ?? "").split(separator: "\n").compactMap { pid_t($0) }
            }
            if members.isEmpty { return }
            for pidfd in Set(members).map(helmctl_pidfd_open) where pidfd >= 0 {
                helmctl_pidfd_signal(pidfd, SIGKILL)
                var entry = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
                // One that the kernel holds in a call of its own ends when that does.
                poll(&entry, 1, 1000)
                close(pidfd)
            }
        }
    }

    /// The cluster's control groups in all hierarchies, the innermost first.
    private static func groups(_ cluster: String) -> [String] {
        let name = "helmctl-\(cluster)"
        let root = HostProfile.cgroupRoot
        let tops = ["\(root)/\(name)"] + FileAccess.names(in: root).map { "\(root)/\($0)/\(name)" }
        return tops.filter(Files.exists).flatMap(innermostFirst)
    }

    private static func innermostFirst(_ group: String) -> [String] {
        FileAccess.names(in: group).map { "\(group)/\($0)" }.filter(isFolder).flatMap(innermostFirst) + [group]
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func removeGroups(_ cluster: String) {
        for group in groups(cluster) { removeOne(group) }
    }

    /// Removes a control group with all below it.
    static func removeGroup(_ group: String) {
        guard Files.exists(group) else { return }
        for group in innermostFirst(group) { removeOne(group) }
    }

    private static func removeOne(_ group: String) {
        // A group is busy for a moment after its last process has gone, and nothing tells of that moment's end.
        for _ in 0..<100 {
            if rmdir(group) == 0 || errno != EBUSY { return }
            usleep(2000)
        }
    }

    /// Unmounts all that is mounted below these prefixes, the latest first.
    static func unmount(below prefixes: [String]) {
        for target in mountPoints.reversed() where prefixes.contains(where: target.hasPrefix) {
            if helmctl_unmount(target, 0) != 0 { helmctl_unmount(target, 1) }
        }
    }

    /// Where something is mounted, in the order in which it was (proc(5): mountinfo's fifth field, octal escapes).
    private static var mountPoints: [String] {
        (Files.text("/proc/self/mountinfo") ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 ? unescaped(fields[4]) : nil
        }
    }

    private static func unescaped(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = field.utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
