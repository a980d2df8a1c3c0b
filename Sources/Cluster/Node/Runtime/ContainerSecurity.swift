import API
import Document

/// The rights of a container, from the security contexts of its pod and its own, which goes first.
struct ContainerSecurity: Sendable, Hashable {
    var isPrivileged: Bool
    var allowsEscalation: Bool
    var hasReadOnlyRoot: Bool
    var usesHostProcesses: Bool
    /// The capabilities that it holds, sorted.
    var capabilities: [String]
    var sysctls: [String: String]
    var runAsUser: Int?
    var runAsGroup: Int?
    var mustBeNonRoot: Bool
    var furtherGroups: [UInt32]
    /// Whether the node's own filter of system calls holds.
    var filtersCalls: Bool

    /// - Throws: ``NodeError`` of code `unsupported` for a seccomp profile of the pod's own.
    init(_ container: Value, of pod: Value) throws {
        let own = container["securityContext"]
        let shared = pod["spec", "securityContext"]
        isPrivileged = own?["privileged"]?.bool ?? false
        allowsEscalation = isPrivileged || own?["allowPrivilegeEscalation"]?.bool ?? true
        hasReadOnlyRoot = own?["readOnlyRootFilesystem"]?.bool ?? false
        usesHostProcesses = pod["spec", "hostPID"]?.bool ?? false
        runAsUser = own?["runAsUser"]?.int ?? shared?["runAsUser"]?.int
        runAsGroup = own?["runAsGroup"]?.int ?? shared?["runAsGroup"]?.int
        mustBeNonRoot = own?["runAsNonRoot"]?.bool ?? shared?["runAsNonRoot"]?.bool ?? false
        furtherGroups = (shared?["supplementalGroups"]?.array ?? []).compactMap { $0.int.map(UInt32.init(clamping:)) }
        if let group = shared?["fsGroup"]?.int { furtherGroups.append(UInt32(clamping: group)) }
        var sysctls: [String: String] = [:]
        for entry in shared?["sysctls"]?.array ?? [] {
            if let name = entry["name"]?.string, let value = entry["value"]?.string { sysctls[name] = value }
        }
        self.sysctls = sysctls
        capabilities = ContainerSecurity.capabilities(own?["capabilities"], all: isPrivileged)
        let profile = own?["seccompProfile"] ?? shared?["seccompProfile"]
        switch profile?["type"]?.string ?? "Unconfined" {
        case "Unconfined": filtersCalls = false
        // A privileged container has no filter, whatever it asks for (kubelet: `getSeccompProfile`).
        case "RuntimeDefault": filtersCalls = !isPrivileged
        default:
            let name = profile?["localhostProfile"]?.string ?? ""
            throw NodeError(.unsupported, "the seccomp profile \(name) of the node is not supported yet by this node")
        }
    }

    private static func capabilities(_ change: Value?, all: Bool) -> [String] {
        func names(_ key: Text) -> [String] {
            (change?[key]?.array ?? []).compactMap(\.string).map { name in
                let upper = name.uppercased()
                return upper == "ALL" || upper.hasPrefix("CAP_") ? upper : "CAP_\(upper)"
            }
        }
        let (added, dropped) = (names("add"), names("drop"))
        var held = Set(all || added.contains("ALL") ? every : standard)
        if dropped.contains("ALL") { held = [] }
        return held.union(added).subtracting(["ALL"]).subtracting(dropped).sorted()
    }

    /// The user that the process runs as: the pod's choice over the image's.
    func user(_ image: String, passwd: String, groups: String, container: String) throws -> ContainerUser {
        var user = try ContainerUser(runAsUser.map(String.init) ?? image, passwd: passwd, groups: groups)
        if let runAsGroup { user.group = UInt32(clamping: runAsGroup) }
        for group in furtherGroups where !user.further.contains(group) { user.further.append(group) }
        if mustBeNonRoot, user.user == 0 {
            throw NodeError(
                .configuration,
                runAsUser == 0
                    ? "container's runAsUser breaks non-root policy (container: \(container))"
                    : "container has runAsNonRoot and image will run as root (container: \(container))")
        }
        return user
    }

    // Docker's and containerd's standard set.
    private static let standard = [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
        "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
        "CAP_SYS_CHROOT",
    ]

    private static let every =
        standard + [
            "CAP_AUDIT_CONTROL", "CAP_AUDIT_READ", "CAP_BLOCK_SUSPEND", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
            "CAP_DAC_READ_SEARCH", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_LEASE", "CAP_LINUX_IMMUTABLE",
            "CAP_MAC_ADMIN", "CAP_MAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_NET_BROADCAST", "CAP_PERFMON",
            "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_MODULE", "CAP_SYS_NICE", "CAP_SYS_PACCT", "CAP_SYS_PTRACE",
            "CAP_SYS_RAWIO", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
        ]
}
