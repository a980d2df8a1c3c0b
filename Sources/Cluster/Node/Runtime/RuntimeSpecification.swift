import API
import Document

/// The config.json of an OCI bundle ("OCI runtime spec"), with the defaults that containerd gives to Kubernetes' pods.
struct RuntimeSpecification {
    /// A file or folder of the machine that appears in the container.
    struct Mount: Sendable, Hashable {
        var source: String
        var destination: String
        var isReadOnly: Bool
        /// `rprivate`, `rslave` or `rshared`.
        var propagation = "rprivate"
    }

    var arguments: [String]
    var environment: [String]
    var workingFolder: String
    var user: ContainerUser
    var mounts: [Mount]
    var group: String
    var resources: ContainerResources
    var security: ContainerSecurity
    /// Paths of the pod's namespaces by kind; a kind without a path is the machine's own.
    var namespaces: [(kind: String, path: String)]
    var annotations: [String: String] = [:]
    var usesCGroup2: Bool
    var hasTerminal = false

    var value: Value {
        var process: Value = [
            "terminal": .bool(hasTerminal), "cwd": .string(workingFolder), "args": strings(arguments),
            "env": strings(environment),
            "user": userValue, "capabilities": capabilities, "noNewPrivileges": .bool(!security.allowsEscalation),
        ]
        if let score = resources.outOfMemoryScore { process["oomScoreAdj"] = .int(score) }
        var linux: Value = [
            "cgroupsPath": .string(group), "namespaces": namespaceValue, "resources": resources.value(security),
            "rootfsPropagation": "private",
        ]
        if !security.isPrivileged {
            linux["maskedPaths"] = strings(RuntimeSpecification.maskedPaths)
            linux["readonlyPaths"] = strings(RuntimeSpecification.readOnlyPaths)
        }
        if security.filtersCalls { linux["seccomp"] = CallFilter(capabilities: security.capabilities).value }
        if !security.sysctls.isEmpty {
            linux["sysctl"] = .object(Object(security.sysctls.map { (Text($0.key), .string($0.value)) }))
        }
        return [
            "ociVersion": "1.0.2", "process": process, "linux": linux, "mounts": .array(standardMounts + ownMounts),
            "root": ["path": "rootfs", "readonly": .bool(security.hasReadOnlyRoot)],
            "annotations": .object(Object(annotations.map { (Text($0.key), .string($0.value)) })),
        ]
    }

    private func strings(_ list: [String]) -> Value { .array(list.map { .string($0) }) }

    private var userValue: Value {
        var value: Value = ["uid": .int(user.user), "gid": .int(user.group)]
        if !user.further.isEmpty { value["additionalGids"] = .array(user.further.map { .int($0) }) }
        return value
    }

    private var capabilities: Value {
        let held = strings(security.capabilities)
        // A process of another user gets none but keeps the bounding set, as with containerd.
        let effective = user.user == 0 ? held : .array([])
        return ["bounding": held, "effective": effective, "permitted": effective]
    }

    private var namespaceValue: Value {
        var list: [Value] = [["type": "mount"]]
        if !security.usesHostProcesses, !namespaces.contains(where: { $0.kind == "pid" }) {
            list.append(["type": "pid"])
        }
        if usesCGroup2, !security.isPrivileged { list.append(["type": "cgroup"]) }
        return .array(list + namespaces.map { ["type": .string($0.kind), "path": .string($0.path)] })
    }

    private var standardMounts: [Value] {
        func mount(_ destination: Text, _ type: Text, _ options: [Value]) -> Value {
            [
                "destination": .string(destination), "type": .string(type), "source": .string(type),
                "options": .array(options),
            ]
        }
        let access: Value = security.isPrivileged ? "rw" : "ro"
        return [
            mount("/proc", "proc", ["nosuid", "noexec", "nodev"]),
            mount("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            mount("/dev/pts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            mount("/dev/mqueue", "mqueue", ["nosuid", "noexec", "nodev"]),
            mount("/sys", "sysfs", ["nosuid", "noexec", "nodev", access]),
            mount("/sys/fs/cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", access]),
        ]
    }

    /// In the order of their depth, so that none hides what another has put inside it.
    private var ownMounts: [Value] {
        let depth = { (path: String) in path.split(separator: "/").count }
        return mounts.sorted { depth($0.destination) < depth($1.destination) }.map { mount in
            [
                "destination": .string(mount.destination), "type": "bind", "source": .string(mount.source),
                "options": ["rbind", .string(mount.propagation), mount.isReadOnly ? "ro" : "rw"],
            ]
        }
    }

    // What containerd hides of /proc and /sys.
    private static let maskedPaths = [
        "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ]
    private static let readOnlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]
}
