import API
import CLinux
import Glibc

/// The messages about interfaces, addresses and routes that the network needs.
enum Links {
    private static let create = NLM_F_CREATE | NLM_F_EXCL

    private static func link(_ type: Int32, _ flags: Int32, index: Int32 = 0, up: Bool = false) -> NetlinkMessage {
        var message = NetlinkMessage(type: type, flags: flags)
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_UNSPEC)
        header.ifi_index = index
        if up {
            header.ifi_flags = UInt32(IFF_UP)
            header.ifi_change = UInt32(IFF_UP)
        }
        message.append(header)
        return message
    }

    /// A pair of connected interfaces, of which the peer appears in another namespace.
    static func makePair(_ name: String, peer: String, in namespace: Int32, mtu: Int) -> NetlinkMessage {
        var message = link(Int32(RTM_NEWLINK), create, up: true)
        message.add(Int(IFLA_IFNAME), name)
        message.add(Int(IFLA_MTU), UInt32(mtu))
        message.nest(Int(IFLA_LINKINFO)) { info in
            info.add(Int(IFLA_INFO_KIND), "veth")
            info.nest(Int(IFLA_INFO_DATA)) { data in
                data.nest(Int(VETH_INFO_PEER)) { other in
                    other.append(ifinfomsg())
                    other.add(Int(IFLA_IFNAME), peer)
                    other.add(Int(IFLA_MTU), UInt32(mtu))
                    other.add(Int(IFLA_NET_NS_FD), UInt32(bitPattern: namespace))
                }
            }
        }
        return message
    }

    /// A further, longer name of an interface, for people who look at it.
    static func addName(_ name: String, to interface: String) -> NetlinkMessage {
        var message = link(Int32(RTM_NEWLINKPROP), NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND)
        message.add(Int(IFLA_IFNAME), interface)
        message.nest(Int(IFLA_PROP_LIST) | 0x8000) { $0.add(Int(IFLA_ALT_IFNAME), name) }
        return message
    }

    static func up(_ index: Int32) -> NetlinkMessage { link(Int32(RTM_NEWLINK), 0, index: index, up: true) }

    static func remove(_ name: String) -> NetlinkMessage {
        var message = link(Int32(RTM_DELLINK), 0)
        message.add(Int(IFLA_IFNAME), name)
        return message
    }

    /// Gives an interface an address that is alone in its network.
    ///
    /// - Parameter label: a name for the address that starts with the interface's, at most 15 bytes; empty for none.
    static func addAddress(_ address: IPv4Address, to index: Int32, label: String = "") -> NetlinkMessage {
        var message = self.address(Int32(RTM_NEWADDR), create, address, index)
        if !label.isEmpty { message.add(Int(IFA_LABEL), label) }
        return message
    }

    static func removeAddress(_ address: IPv4Address, from index: Int32) -> NetlinkMessage {
        self.address(Int32(RTM_DELADDR), 0, address, index)
    }

    private static func address(
        _ type: Int32, _ flags: Int32, _ address: IPv4Address, _ index: Int32
    ) -> NetlinkMessage {
        var message = NetlinkMessage(type: type, flags: flags)
        var header = ifaddrmsg()
        header.ifa_family = UInt8(AF_INET)
        header.ifa_prefixlen = 32
        header.ifa_index = UInt32(bitPattern: index)
        message.append(header)
        message.add(Int(IFA_LOCAL), address)
        message.add(Int(IFA_ADDRESS), address)
        return message
    }

    /// A route to a range over an interface, and over a gateway where one is given.
    ///
    /// - Parameters:
    ///   - isLink: whether the destination is a neighbour, and not further away.
    ///   - source: the address that the machine's own connections get there.
    ///   - metric: the lower, the more it is preferred; 0 is the kernel's standard.
    static func addRoute(
        to range: IPv4Range, over index: Int32, gateway: IPv4Address? = nil, isLink: Bool,
        source: IPv4Address? = nil, metric: UInt32 = 0
    ) -> NetlinkMessage {
        var message = route(Int32(RTM_NEWROUTE), NLM_F_CREATE | NLM_F_REPLACE, range, index, isLink: isLink)
        if let gateway { message.add(Int(RTA_GATEWAY.rawValue), gateway) }
        if let source { message.add(Int(RTA_PREFSRC.rawValue), source) }
        if metric > 0 { message.add(Int(RTA_PRIORITY.rawValue), metric) }
        return message
    }

    static func removeRoute(to range: IPv4Range, over index: Int32, metric: UInt32) -> NetlinkMessage {
        var message = route(Int32(RTM_DELROUTE), 0, range, index, isLink: true)
        message.add(Int(RTA_PRIORITY.rawValue), metric)
        return message
    }

    private static func route(
        _ type: Int32, _ flags: Int32, _ range: IPv4Range, _ index: Int32, isLink: Bool
    ) -> NetlinkMessage {
        var message = NetlinkMessage(type: type, flags: flags)
        var header = rtmsg()
        header.rtm_family = UInt8(AF_INET)
        header.rtm_dst_len = UInt8(range.prefix)
        header.rtm_table = UInt8(RT_TABLE_MAIN.rawValue)
        header.rtm_protocol = UInt8(RTPROT_BOOT)
        header.rtm_scope = isLink ? UInt8(RT_SCOPE_LINK.rawValue) : UInt8(RT_SCOPE_UNIVERSE.rawValue)
        header.rtm_type = UInt8(RTN_UNICAST)
        message.append(header)
        if range.prefix > 0 { message.add(Int(RTA_DST.rawValue), range.base) }
        message.add(Int(RTA_OIF.rawValue), UInt32(bitPattern: index))
        return message
    }

    /// A fixed neighbour, so that the first packet needs not ask for it.
    static func addNeighbour(_ address: IPv4Address, hardware: [UInt8], on index: Int32) -> NetlinkMessage {
        var message = NetlinkMessage(type: Int32(RTM_NEWNEIGH), flags: NLM_F_CREATE | NLM_F_REPLACE)
        var header = ndmsg()
        header.ndm_family = UInt8(AF_INET)
        header.ndm_ifindex = index
        header.ndm_state = UInt16(NUD_PERMANENT)
        message.append(header)
        message.add(Int(NDA_DST), address)
        message.add(Int(NDA_LLADDR), hardware)
        return message
    }

    /// An interface of a namespace: its name, number and hardware address.
    struct Interface {
        var name: String
        var index: Int32
        var hardware: [UInt8]
    }

    /// All interfaces that the socket's namespace has.
    static func list(_ socket: NetlinkSocket) throws(NetworkError) -> [Interface] {
        var message = NetlinkMessage(type: Int32(RTM_GETLINK), flags: NLM_F_DUMP)
        message.append(ifinfomsg())
        var found: [Interface] = []
        try socket.dump(message, "list interfaces") { payload in
            guard payload.count >= 16 else { return }
            let index = payload.loadUnaligned(fromByteOffset: 4, as: Int32.self)
            var interface = Interface(name: "", index: index, hardware: [])
            for (type, value) in attributes(payload, from: 16) {
                if type == Int(IFLA_IFNAME) { interface.name = String(decoding: value.dropLast(), as: UTF8.self) }
                if type == Int(IFLA_ADDRESS) { interface.hardware = Array(value) }
            }
            found.append(interface)
        }
        return found
    }

    private static func attributes(_ payload: UnsafeRawBufferPointer, from start: Int) -> [(Int, [UInt8])] {
        var result: [(Int, [UInt8])] = []
        var offset = start
        while offset + 4 <= payload.count {
            let length = Int(payload.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
            guard length >= 4, offset + length <= payload.count else { break }
            let type = Int(payload.loadUnaligned(fromByteOffset: offset + 2, as: UInt16.self)) & 0x3FFF
            result.append((type, Array(payload[(offset + 4)..<(offset + length)])))
            offset += (length + 3) & ~3
        }
        return result
    }
}
