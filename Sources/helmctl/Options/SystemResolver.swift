import Document
import Glibc

/// Names of hosts, as this machine resolves them.
enum SystemResolver {
    /// The first address of a host; nothing where it has none.
    static func address(_ name: Text) -> Text {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name.string, nil, &hints, &found) == 0, let first = found else { return "" }
        defer { freeaddrinfo(first) }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            first.pointee.ai_addr, first.pointee.ai_addrlen, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
        guard status == 0 else { return "" }
        return Text(String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
}
