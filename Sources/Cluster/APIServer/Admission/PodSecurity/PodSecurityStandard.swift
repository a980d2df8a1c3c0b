import Document

/// What a level of the Pod Security Standards forbids.
enum PodSecurityLevel: String, Sendable {
    case privileged, baseline, restricted
}

/// Something that a pod has and a level does not allow.
struct PodSecurityFault: Sendable, Hashable {
    /// `host namespaces`
    let what: String
    /// `hostNetwork=true`
    let detail: String

    var text: String { detail.isEmpty ? what : "\(what) (\(detail))" }
}

/// Holds a pod's spec against the Pod Security Standards (Kubernetes documentation).
struct PodSecurityStandard {
    private let spec: Value
    private let annotations: Object
    private var faults: [PodSecurityFault] = []

    /// What the pod has that the level does not allow, in upstream's order.
    static func faults(of pod: Value, at level: PodSecurityLevel) -> [PodSecurityFault] {
        guard level != .privileged else { return [] }
        var standard = PodSecurityStandard(
            spec: pod["spec"] ?? [:], annotations: pod["metadata", "annotations"]?.object ?? [:])
        standard.baseline(isRestricted: level == .restricted)
        if level == .restricted { standard.restricted() }
        return standard.faults
    }

    private init(spec: Value, annotations: Object) {
        self.spec = spec
        self.annotations = annotations
    }

    private var containers: [Value] {
        ["initContainers", "containers", "ephemeralContainers"].flatMap { spec[$0]?.array ?? [] }
    }

    private func names(_ isBad: (Value) -> Bool) -> [String] {
        containers.filter(isBad).compactMap { $0["name"]?.string }
    }

    private mutating func add(_ what: String, _ detail: String = "") {
        faults.append(PodSecurityFault(what: what, detail: detail))
    }

    /// `container "a"` or `containers "a", "b"`
    private static func list(_ names: [String], _ word: String = "container") -> String {
        "\(word)\(names.count == 1 ? "" : "s") " + quoted(names)
    }

    private static func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

    // MARK: Baseline

    private mutating func baseline(isRestricted: Bool) {
        let hosts = ["hostNetwork", "hostPID", "hostIPC"].filter { spec[Text($0)]?.bool == true }
        if !hosts.isEmpty { add("host namespaces", hosts.map { "\($0)=true" }.joined(separator: ", ")) }
        let privileged = names { $0["securityContext", "privileged"]?.bool == true }
        if !privileged.isEmpty {
            add("privileged", "\(Self.list(privileged)) must not set securityContext.privileged=true")
        }
        if !isRestricted { capabilities() }
        volumes(isRestricted: isRestricted)
        ports()
        appArmor()
        seLinux()
        procMounts()
        sysctls()
        if !isRestricted { seccomp() }
    }

    private static let capabilities: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
        "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]

    private func added(_ container: Value) -> [String] {
        (container["securityContext", "capabilities", "add"]?.array ?? []).compactMap(\.string)
    }

    private mutating func capabilities() {
        let bad = names { added($0).contains { !Self.capabilities.contains($0) } }
        guard !bad.isEmpty else { return }
        let what = Set(containers.flatMap(added).filter { !Self.capabilities.contains($0) }).sorted()
        add(
            "non-default capabilities",
            "\(Self.list(bad)) must not include \(Self.quoted(what)) in securityContext.capabilities.add")
    }

    private static let restrictedVolumes: Set<Text> = [
        "configMap", "downwardAPI", "emptyDir", "projected", "secret", "csi", "persistentVolumeClaim", "ephemeral",
        "image",
    ]

    private mutating func volumes(isRestricted: Bool) {
        let volumes = spec["volumes"]?.array ?? []
        func named(_ list: [Value]) -> String {
            let names = list.compactMap { $0["name"]?.string }
            return "volume\(names.count == 1 ? "" : "s") \(Self.quoted(names))"
        }
        let paths = volumes.filter { $0["hostPath"] != nil }
        if !paths.isEmpty { add("hostPath volumes", named(paths)) }
        guard isRestricted else { return }
        let bad = volumes.filter { volume in
            (volume.object ?? [:]).contains { $0.key != "name" && !Self.restrictedVolumes.contains($0.key) }
        }
        guard !bad.isEmpty else { return }
        let kinds = Set(bad.flatMap { ($0.object ?? [:]).map(\.key) }.filter { $0 != "name" }.map(\.string)).sorted()
        add(
            "restricted volume types",
            "\(named(bad)) \(bad.count == 1 ? "uses" : "use") restricted volume "
                + "type\(kinds.count == 1 ? "" : "s") \(Self.quoted(kinds))")
    }

    private mutating func ports() {
        func hostPorts(_ container: Value) -> [Int] {
            (container["ports"]?.array ?? []).compactMap { $0["hostPort"]?.int }.filter { $0 != 0 }
        }
        let bad = names { !hostPorts($0).isEmpty }
        guard !bad.isEmpty else { return }
        let all = Set(containers.flatMap(hostPorts)).sorted().map(String.init)
        add(
            "hostPort",
            "\(Self.list(bad)) \(bad.count == 1 ? "uses" : "use") hostPort\(all.count == 1 ? "" : "s") \(all.joined(separator: ", "))"
        )
    }

    private mutating func appArmor() {
        let bad = annotations.filter { member in
            member.key.string.hasPrefix("container.apparmor.security.beta.kubernetes.io/")
                && !["", "runtime/default"].contains(member.value.string ?? "")
                && !(member.value.string ?? "").hasPrefix("localhost/")
        }
        let isUnconfined = names { $0["securityContext", "appArmorProfile", "type"] == "Unconfined" }
        if !bad.isEmpty || !isUnconfined.isEmpty || spec["securityContext", "appArmorProfile", "type"] == "Unconfined" {
            let words = bad.map { "\($0.key.string)=\"\($0.value.string ?? "")\"" }.sorted()
            let detail =
                words.isEmpty ? "must not set AppArmor profile type to \"Unconfined\"" : words.joined(separator: ", ")
            add("forbidden AppArmor profile\(words.count > 1 ? "s" : "")", detail)
        }
    }

    private mutating func seLinux() {
        let all =
            [spec["securityContext", "seLinuxOptions"]] + containers.map { $0["securityContext", "seLinuxOptions"] }
        let allowed = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]
        var words: [String] = []
        for options in all.compactMap({ $0 }) {
            if let type = options["type"]?.string, !allowed.contains(type) { words.append("type \"\(type)\"") }
            for key: Text in ["user", "role"] {
                if let value = options[key]?.string, !value.isEmpty { words.append("\(key.string) may not be set") }
            }
        }
        if !words.isEmpty { add("seLinuxOptions", Set(words).sorted().joined(separator: "; ")) }
    }

    private mutating func procMounts() {
        func mount(_ container: Value) -> String { container["securityContext", "procMount"]?.string ?? "Default" }
        let bad = names { mount($0) != "Default" }
        guard !bad.isEmpty, spec["hostUsers"]?.bool != false else { return }
        let kinds = Set(containers.map(mount).filter { $0 != "Default" }).sorted()
        add("procMount", "\(Self.list(bad)) must not set securityContext.procMount to \(Self.quoted(kinds))")
    }

    private static let sysctls: Set<String> = [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ]

    private mutating func sysctls() {
        let bad = (spec["securityContext", "sysctls"]?.array ?? []).compactMap { $0["name"]?.string }
            .filter { !Self.sysctls.contains($0) }
        if !bad.isEmpty { add("forbidden sysctls", bad.joined(separator: ", ")) }
    }

    private mutating func seccomp() {
        var words: [String] = []
        if spec["securityContext", "seccompProfile", "type"] == "Unconfined" {
            words.append("pod must not set securityContext.seccompProfile.type to \"Unconfined\"")
        }
        let bad = names { $0["securityContext", "seccompProfile", "type"] == "Unconfined" }
        if !bad.isEmpty {
            words.append("\(Self.list(bad)) must not set securityContext.seccompProfile.type to \"Unconfined\"")
        }
        if !words.isEmpty { add("seccompProfile", words.joined(separator: " and ")) }
    }

    // MARK: Restricted

    private mutating func restricted() {
        let escalating = names { $0["securityContext", "allowPrivilegeEscalation"]?.bool != false }
        if !escalating.isEmpty {
            add(
                "allowPrivilegeEscalation != false",
                "\(Self.list(escalating)) must set securityContext.allowPrivilegeEscalation=false")
        }
        restrictedCapabilities()
        runAsNonRoot()
        runAsUser()
        restrictedSeccomp()
    }

    private mutating func restrictedCapabilities() {
        var words: [String] = []
        let undropped = names { container in
            !(container["securityContext", "capabilities", "drop"]?.array ?? []).contains("ALL")
        }
        if !undropped.isEmpty {
            words.append("\(Self.list(undropped)) must set securityContext.capabilities.drop=[\"ALL\"]")
        }
        let adding = names { added($0).contains { $0 != "NET_BIND_SERVICE" } }
        if !adding.isEmpty {
            let what = Set(containers.flatMap(added).filter { $0 != "NET_BIND_SERVICE" }).sorted()
            words.append(
                "\(Self.list(adding)) must not include \(Self.quoted(what)) in securityContext.capabilities.add")
        }
        if !words.isEmpty { add("unrestricted capabilities", words.joined(separator: "; ")) }
    }

    private mutating func runAsNonRoot() {
        let ofPod = spec["securityContext", "runAsNonRoot"]?.bool
        var words: [String] = []
        if ofPod == false { words.append("pod must not set securityContext.runAsNonRoot=false") }
        let explicit = names { $0["securityContext", "runAsNonRoot"]?.bool == false }
        if !explicit.isEmpty { words.append("\(Self.list(explicit)) must not set securityContext.runAsNonRoot=false") }
        if words.isEmpty, ofPod != true {
            let implicit = names { $0["securityContext", "runAsNonRoot"] == nil }
            if !implicit.isEmpty {
                words.append("pod or \(Self.list(implicit)) must set securityContext.runAsNonRoot=true")
            }
        }
        if !words.isEmpty { add("runAsNonRoot != true", words.joined(separator: " and ")) }
    }

    private mutating func runAsUser() {
        var words: [String] = []
        if spec["securityContext", "runAsUser"]?.int == 0 { words.append("pod must not set runAsUser=0") }
        let bad = names { $0["securityContext", "runAsUser"]?.int == 0 }
        if !bad.isEmpty { words.append("\(Self.list(bad)) must not set runAsUser=0") }
        if !words.isEmpty { add("runAsUser=0", words.joined(separator: " and ")) }
    }

    private mutating func restrictedSeccomp() {
        func isGood(_ type: Value?) -> Bool { type == "RuntimeDefault" || type == "Localhost" }
        let ofPod = spec["securityContext", "seccompProfile", "type"]
        var words: [String] = []
        if let ofPod, !isGood(ofPod) {
            words.append("pod must not set securityContext.seccompProfile.type to \"\(ofPod.string ?? "")\"")
        }
        let bad = containers.filter { container in
            container["securityContext", "seccompProfile", "type"].map { !isGood($0) } ?? false
        }
        if !bad.isEmpty {
            let kinds = Set(bad.compactMap { $0["securityContext", "seccompProfile", "type"]?.string }).sorted()
            words.append(
                "\(Self.list(bad.compactMap { $0["name"]?.string })) must not set securityContext.seccompProfile.type to "
                    + Self.quoted(kinds))
        }
        if words.isEmpty, ofPod == nil {
            let implicit = names { $0["securityContext", "seccompProfile", "type"] == nil }
            if !implicit.isEmpty {
                words.append(
                    "pod or \(Self.list(implicit)) must set securityContext.seccompProfile.type to \"RuntimeDefault\" or "
                        + "\"Localhost\"")
            }
        }
        if !words.isEmpty { add("seccompProfile", words.joined(separator: " and ")) }
    }
}
