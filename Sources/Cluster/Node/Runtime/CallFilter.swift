import Document

/// The system calls that a container with the seccomp profile `RuntimeDefault` may not make: those that Docker's and
/// containerd's default profiles keep back ("Seccomp security profiles for Docker", significant system calls blocked).
struct CallFilter {
    /// The capabilities that the container holds: some calls are allowed to those who hold the right one.
    let capabilities: [String]

    var value: Value {
        var refused = CallFilter.always
        for (capability, calls) in CallFilter.byCapability where !capabilities.contains(capability) { refused += calls }
        var rules: [Value] = [
            ["names": .array(refused.sorted().map { .string($0) }), "action": "SCMP_ACT_ERRNO", "errnoRet": 1]
        ]
        // libc falls back to clone, whose flags a filter can see; clone3's lie in memory.
        if !capabilities.contains("CAP_SYS_ADMIN") {
            rules.append(["names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38])
            rules.append(
                contentsOf: CallFilter.namespaceFlags.map { flag in
                    [
                        "names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
                        "args": [
                            [
                                "index": 0, "value": .int(flag), "valueTwo": .int(flag), "op": "SCMP_CMP_MASKED_EQ",
                            ]
                        ],
                    ]
                })
        }
        return ["defaultAction": "SCMP_ACT_ALLOW", "syscalls": .array(rules)]
    }

    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
    private static let namespaceFlags = [
        0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]

    private static let always = [
        "add_key", "get_mempolicy", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mbind",
        "migrate_pages", "move_pages", "request_key", "set_mempolicy", "userfaultfd", "uselib", "ustat", "sysfs",
        "nfsservctl", "io_uring_setup", "io_uring_enter", "io_uring_register",
    ]

    private static let byCapability = [
        "CAP_SYS_ADMIN": [
            "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount",
            "open_tree", "pivot_root", "quotactl", "setdomainname", "sethostname", "setns", "swapoff", "swapon",
            "umount", "umount2", "unshare",
        ],
        "CAP_SYS_BOOT": ["reboot"],
        "CAP_SYS_MODULE": ["create_module", "delete_module", "finit_module", "init_module", "query_module"],
        "CAP_SYS_PACCT": ["acct"],
        "CAP_SYS_PTRACE": ["kcmp", "process_vm_readv", "process_vm_writev"],
        "CAP_SYS_RAWIO": ["iopl", "ioperm"],
        "CAP_SYS_TIME": ["settimeofday", "stime", "clock_settime", "clock_adjtime"],
        "CAP_SYSLOG": ["syslog"],
        "CAP_BPF": ["bpf"],
        "CAP_PERFMON": ["perf_event_open"],
        "CAP_DAC_READ_SEARCH": ["open_by_handle_at", "name_to_handle_at"],
    ]
}
