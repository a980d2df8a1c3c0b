import API
import Document

extension PodSpecValidation {
    /// The rules of a container's security context (ValidateSecurityContext).
    mutating func checkSecurity(_ context: Value?, _ path: String) {
        guard let context, !context.isNull else { return }
        for key: Text in ["runAsUser", "runAsGroup"] { checkID(context[key], "\(path).\(key)") }
        if context.has("procMount") {
            faults.check(context["procMount"], in: ["Default", "Unmasked"], "\(path).procMount")
            if context["procMount"] == "Unmasked", spec["hostUsers"] != false {
                faults.invalid("\(path).procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`")
            }
        }
        checkSeccomp(context["seccompProfile"], "\(path).seccompProfile")
        if context["allowPrivilegeEscalation"] == false {
            checkEscalation(context, path)
        }
        checkAppArmor(context["appArmorProfile"], "\(path).appArmorProfile")
    }

    /// What gives the right that was denied.
    private mutating func checkEscalation(_ context: Value, _ path: String) {
        let shown = GoDump.shown("SecurityContext", context)
        if context["privileged"] == true {
            faults.invalid(
                path, shown: shown, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
        }
        for capability in context["capabilities", "add"]?.array ?? [] where capability == "CAP_SYS_ADMIN" {
            faults.invalid(
                path, shown: shown,
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
        }
    }

    private mutating func checkID(_ id: Value?, _ path: String) {
        faults.checkRange(id, 0...Int(Int32.max), path)
    }

    private mutating func checkSeccomp(_ profile: Value?, _ path: String) {
        guard let profile, !profile.isNull else { return }
        if (profile["type"]?.string ?? "").isEmpty {
            faults.required("\(path).type", "type is required when seccompProfile is set")
        } else {
            faults.check(profile["type"], in: ["Localhost", "RuntimeDefault", "Unconfined"], "\(path).type")
        }
        let file = profile["localhostProfile"] ?? .null
        if profile["type"] == "Localhost" {
            if file.isNull {
                faults.required("\(path).localhostProfile", "must be set when seccomp type is Localhost")
            } else {
                faults.checkDescendingPath(file, "\(path).localhostProfile")
            }
        } else if !file.isNull {
            faults.invalid(
                "\(path).localhostProfile", shown: GoDump.shown("SeccompProfile", profile),
                "can only be set when seccomp type is Localhost")
        }
    }

    private mutating func checkAppArmor(_ profile: Value?, _ path: String) {
        guard let profile, !profile.isNull else { return }
        let file = profile["localhostProfile"] ?? .null
        switch profile["type"]?.string ?? "" {
        case "": faults.required("\(path).type", "type is required when appArmorProfile is set")
        case "Localhost":
            let name = file.string ?? ""
            if name != name.trimmed {
                faults.invalid("\(path).localhostProfile", file, "must not be padded with whitespace")
            } else if name.isEmpty {
                faults.required("\(path).localhostProfile", "must be set when AppArmor type is Localhost")
            }
            if name.utf8.count > 4095 {
                faults.add(.tooLong, "\(path).localhostProfile", .null, "may not be more than 4095 bytes")
            }
        case "RuntimeDefault", "Unconfined":
            if !file.isNull {
                faults.invalid(
                    "\(path).localhostProfile", file, "can only be set when AppArmor type is Localhost")
            }
        default:
            faults.check(profile["type"], in: ["Localhost", "RuntimeDefault", "Unconfined"], "\(path).type")
        }
    }

    // MARK: The pod's

    /// The rules of a pod's security context (validatePodSpecSecurityContext).
    mutating func checkPodSecurity(_ context: Value?, _ path: String) {
        guard let context, !context.isNull else { return }
        for key: Text in ["fsGroup", "runAsUser", "runAsGroup"] { checkID(context[key], "\(path).\(key)") }
        for (index, group) in (context["supplementalGroups"]?.array ?? []).enumerated() {
            checkID(group, "\(path).supplementalGroups[\(index)]")
        }
        if spec["shareProcessNamespace"] == true, spec["hostPID"] == true {
            faults.invalid(
                "\(path).shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled")
        }
        checkSysctls(context["sysctls"], "\(path).sysctls")
        if context.has("fsGroupChangePolicy") {
            faults.check(
                context["fsGroupChangePolicy"], in: ["Always", "OnRootMismatch"], "\(path).fsGroupChangePolicy")
        }
        checkSeccomp(context["seccompProfile"], "\(path).seccompProfile")
        checkAppArmor(context["appArmorProfile"], "\(path).appArmorProfile")
        if context.has("supplementalGroupsPolicy") {
            faults.check(
                context["supplementalGroupsPolicy"], in: ["Merge", "Strict"], "\(path).supplementalGroupsPolicy")
        }
    }

    private static let sysctlPattern = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"

    private mutating func checkSysctls(_ list: Value?, _ path: String) {
        var names: Set<Value> = []
        for (index, sysctl) in (list?.array ?? []).enumerated() {
            let field = "\(path)[\(index)].name"
            let name = sysctl["name"]?.string ?? ""
            if name.isEmpty {
                faults.required(field)
            } else if !Names.isSysctl(name) {
                faults.invalid(
                    field, .string(name),
                    "must have at most 253 characters and match regex \(PodSpecValidation.sysctlPattern)")
            } else if names.contains(.string(name)) {
                faults.duplicate(field, .string(name))
            }
            checkHostSysctl(name, field)
            names.insert(.string(name))
        }
    }

    /// What is set in a namespace that is the host's would be set for the host (ValidateHostSysctl).
    private mutating func checkHostSysctl(_ name: String, _ path: String) {
        let dotted = String(name.map { $0 == "/" ? "." : $0 })
        let isShared = ["kernel.shm", "kernel.msg", "fs.mqueue."].contains(where: dotted.hasPrefix)
        if spec["hostNetwork"] == true, dotted.hasPrefix("net.") {
            faults.invalid(path, .string(name), "may not be specified when 'hostNetwork' is true")
        } else if spec["hostIPC"] == true, isShared || dotted == "kernel.sem" {
            faults.invalid(path, .string(name), "may not be specified when 'hostIPC' is true")
        }
    }
}
