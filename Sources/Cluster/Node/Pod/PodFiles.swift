import API
import Document

/// The texts of the files that every container of a pod finds in /etc.
struct PodFiles {
    var pod: Value
    var hostname: String
    /// Empty for pods in the machine's own network.
    var address: String
    var dnsAddress: String
    var domain: String
    /// The machine's own /etc/resolv.conf and /etc/hosts.
    var machineResolver: String
    var machineHosts: String

    private var usesHostNetwork: Bool { pod["spec", "hostNetwork"]?.bool ?? false }

    /// The pod's own full name, where it has a subdomain.
    private var fullName: String? {
        pod["spec", "subdomain"]?.string.map { "\(hostname).\($0).\(pod.namespace).svc.\(domain)" }
    }

    /// /etc/hosts (kubelet: `managedHostsFileContent`).
    var hosts: String {
        var text: String
        if usesHostNetwork {
            text = "# Kubernetes-managed hosts file (host network).\n" + machineHosts
        } else {
            text = """
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                \(address)\t\(fullName.map { "\($0)\t" } ?? "")\(hostname)

                """
        }
        let aliases = pod["spec", "hostAliases"]?.array ?? []
        guard !aliases.isEmpty else { return text }
        text += "\n# Entries added by HostAliases.\n"
        for alias in aliases {
            let names = (alias["hostnames"]?.array ?? []).compactMap(\.string)
            text += "\(alias["ip"]?.string ?? "")\t\(names.joined(separator: "\t"))\n"
        }
        return text
    }

    /// /etc/resolv.conf by the pod's `dnsPolicy` and `dnsConfig` ("DNS for Services and Pods").
    var resolver: String {
        var (servers, searches, options) = policy
        let config = pod["spec", "dnsConfig"]
        servers = merged(servers, (config?["nameservers"]?.array ?? []).compactMap(\.string))
        searches = merged(searches, (config?["searches"]?.array ?? []).compactMap(\.string))
        for option in config?["options"]?.array ?? [] {
            guard let name = option["name"]?.string else { continue }
            options.removeAll { $0 == name || $0.hasPrefix("\(name):") }
            options.append(option["value"]?.string.map { "\(name):\($0)" } ?? name)
        }
        var text = ""
        if !searches.isEmpty { text += "search \(searches.joined(separator: " "))\n" }
        // The C library asks three servers at most.
        for server in servers.prefix(3) { text += "nameserver \(server)\n" }
        if !options.isEmpty { text += "options \(options.joined(separator: " "))\n" }
        return text
    }

    private func merged(_ first: [String], _ second: [String]) -> [String] {
        first + second.filter { !first.contains($0) }
    }

    private var policy: (servers: [String], searches: [String], options: [String]) {
        let machine = machineSettings
        let cluster = (
            [dnsAddress], ["\(pod.namespace).svc.\(domain)", "svc.\(domain)", domain] + machine.searches, ["ndots:5"]
        )
        switch pod["spec", "dnsPolicy"]?.string ?? "ClusterFirst" {
        case "None": return ([], [], [])
        case "Default": return machine
        case "ClusterFirstWithHostNet": return cluster
        default: return usesHostNetwork ? machine : cluster
        }
    }

    private var machineSettings: (servers: [String], searches: [String], options: [String]) {
        var result: (servers: [String], searches: [String], options: [String]) = ([], [], [])
        for line in machineResolver.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            switch words.first {
            case "nameserver": result.servers += words.dropFirst().prefix(1)
            case "search": result.searches = Array(words.dropFirst())
            case "options": result.options += words.dropFirst()
            default: break
            }
        }
        return result
    }
}
