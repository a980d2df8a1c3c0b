import Glibc

/// Facts about the machine that a cluster runs on.
enum Machine {
    /// Its host name, as nodes are named.
    static var name: String {
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).lowercased()
        return text.isEmpty ? "helmctl" : text
    }

    /// Its first IPv4 address that others can reach, or the loopback's where it has none.
    static var address: String {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return "127.0.0.1" }
        defer { freeifaddrs(list) }
        var next = list
        while let entry = next {
            next = entry.pointee.ifa_next
            if let text = usable(entry.pointee) { return text }
        }
        return "127.0.0.1"
    }

    private static func usable(_ entry: ifaddrs) -> String? {
        let flags = Int32(bitPattern: entry.ifa_flags)
        let name = String(cString: entry.ifa_name)
        // Interfaces of pods belong to a cluster, perhaps to another one on this machine.
        guard flags & Int32(IFF_UP) != 0, flags & Int32(IFF_LOOPBACK) == 0, !name.hasPrefix("hctl"),
            let address = entry.ifa_addr, address.pointee.sa_family == sa_family_t(AF_INET)
        else { return nil }
        return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { internet in
            var buffer = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
            var bytes = internet.pointee.sin_addr
            guard inet_ntop(AF_INET, &bytes, &buffer, socklen_t(buffer.count)) != nil else { return nil }
            return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
