import API

/// The nftables table of a cluster as text for `nft -f -`: one transaction that replaces the table as a whole.
///
/// Connections that exist keep the endpoint that they have: the kernel's connection tracking remembers it, and only the
/// first packet of a connection passes the chains of type nat.
struct RuleText {
    let configuration: NetworkConfiguration
    let ports: [ServicePort]

    private var pods: IPv4Range { configuration.podRange }

    var description: String {
        let live = ports.filter { !$0.endpoints.isEmpty }
        let chains = live.enumerated().map { index, port in chain("service-\(index)", port) }
        var text = "add table inet \(configuration.table)\ndelete table inet \(configuration.table)\n"
        text += "table inet \(configuration.table) {\n"
        text += services(live) + nodePorts(live) + hairpins(live)
        text += chains.joined() + hooks
        return text + "}\n"
    }

    private func elements(_ list: [String]) -> String {
        list.isEmpty ? "" : "  elements = { \(list.joined(separator: ", ")) }\n"
    }

    private func services(_ live: [ServicePort]) -> String {
        // Two services may ask for one external address: the first one gets it, for the kernel refuses both.
        var seen: Set<String> = []
        let list = live.enumerated().flatMap { index, port in
            port.addresses.compactMap { address -> String? in
                let key = "\(address) . \(port.transport) . \(port.port)"
                return seen.insert(key).inserted ? "\(key) : goto service-\(index)" : nil
            }
        }
        return " map services {\n  type ipv4_addr . inet_proto . inet_service : verdict\n\(elements(list)) }\n"
    }

    private func nodePorts(_ live: [ServicePort]) -> String {
        var seen: Set<String> = []
        let list = live.enumerated().compactMap { index, port -> String? in
            guard let number = port.nodePort else { return nil }
            let key = "\(port.transport) . \(number)"
            return seen.insert(key).inserted ? "\(key) : goto service-\(index)" : nil
        }
        return " map node-ports {\n  type inet_proto . inet_service : verdict\n\(elements(list)) }\n"
    }

    /// A pod that reaches itself through a service has to see another source, or it would answer itself directly.
    private func hairpins(_ live: [ServicePort]) -> String {
        let addresses = Set(live.flatMap { $0.endpoints.map(\.address) }).sorted()
        let list = elements(addresses.map { "\($0) . \($0)" })
        return " set hairpins {\n  type ipv4_addr . ipv4_addr\n\(list) }\n"
    }

    private func chain(_ name: String, _ port: ServicePort) -> String {
        let ends = port.endpoints.map { end in
            let actual = end == configuration.apiServer?.published ? configuration.apiServer?.actual ?? end : end
            return "\(actual.address) . \(actual.port)"
        }
        let choice = port.isSticky ? "jhash ip saddr" : "numgen random"
        let target =
            ends.count == 1
            ? ends[0].split(separator: " . ").joined(separator: ":")
            : "\(choice) mod \(ends.count) map { "
                + ends.enumerated().map { "\($0.offset) : \($0.element)" }.joined(separator: ", ") + " }"
        return """
             chain \(name) { # \(port.name)
              meta l4proto \(port.transport) dnat ip to \(target)
             }

            """
    }

    private var hooks: String {
        """
         chain dispatch {
          ip daddr . meta l4proto . th dport vmap @services
          fib daddr type local meta l4proto . th dport vmap @node-ports
         }
         chain prerouting {
          type nat hook prerouting priority dstnat; policy accept;
          meta nfproto ipv4 jump dispatch
         }
         chain output {
          type nat hook output priority -100; policy accept;
          meta nfproto ipv4 jump dispatch
         }
         chain postrouting {
          type nat hook postrouting priority srcnat; policy accept;
          ip saddr . ip daddr @hairpins masquerade fully-random
          ip saddr \(pods) ip daddr != \(pods) masquerade fully-random
          ip daddr \(pods) ip saddr != \(pods) ct status dnat masquerade fully-random
         }
         chain guard {
          type filter hook prerouting priority mangle; policy accept;
          iifname "\(configuration.interfacePrefix)*" ip daddr 127.0.0.0/8 ct state new drop
         }
         chain forward {
          type filter hook forward priority filter; policy accept;
          ip daddr \(configuration.serviceRange) meta l4proto tcp reject with tcp reset
          ip daddr \(configuration.serviceRange) reject
         }
         chain unknown {
          type filter hook output priority filter; policy accept;
          ip daddr \(configuration.serviceRange) fib daddr type != local meta l4proto tcp reject with tcp reset
          ip daddr \(configuration.serviceRange) fib daddr type != local reject
         }

        """
    }
}
