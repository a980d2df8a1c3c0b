import CLinux
import Glibc

/// A netlink route socket of one network namespace: each call sends messages and reads the kernel's answers.
///
/// The kernel answers route requests at once, so that calls do not wait for anybody.
final class NetlinkSocket {
    private let descriptor: Int32
    private let isOwned: Bool
    private var sequence: UInt32 = 0

    /// A socket of the namespace of this process.
    init() throws(NetworkError) {
        descriptor = helmctl_route_socket()
        guard descriptor >= 0 else { throw NetworkError.system("open", "netlink socket") }
        isOwned = true
    }

    /// A socket that somebody else closes.
    init(borrowing descriptor: Int32) {
        self.descriptor = descriptor
        isOwned = false
    }

    deinit { if isOwned { close(descriptor) } }

    /// Sends messages in one datagram; the kernel handles them in order and this throws its first refusal.
    ///
    /// - Parameter tolerating: error numbers that count as success, such as EEXIST.
    func send(_ messages: [NetlinkMessage], tolerating: Set<Int32> = [], _ what: String) throws(NetworkError) {
        var bytes: [UInt8] = []
        let first = sequence + 1
        for message in messages {
            sequence += 1
            bytes += message.finished(sequence: sequence)
        }
        try transmit(bytes, what)
        var pending = messages.count
        var refusal: Int32 = 0
        while pending > 0 {
            try receive(what) { type, number, payload in
                guard number >= first, type == NLMSG_ERROR else { return }
                pending -= 1
                let code = -payload.loadUnaligned(as: Int32.self)
                if code != 0, !tolerating.contains(code), refusal == 0 { refusal = code }
            }
        }
        guard refusal == 0 else {
            throw NetworkError(.netlink, "\(what): \(String(cString: strerror(refusal)))")
        }
    }

    /// Asks for all objects of a kind and gives the payload of each to `body`.
    func dump(_ message: NetlinkMessage, _ what: String, _ body: (UnsafeRawBufferPointer) -> Void) throws(NetworkError)
    {
        sequence += 1
        let wanted = sequence
        try transmit(message.finished(sequence: wanted), what)
        var isDone = false
        while !isDone {
            try receive(what) { type, number, payload in
                guard number == wanted else { return }
                if type == NLMSG_DONE || type == NLMSG_ERROR { isDone = true } else { body(payload) }
            }
        }
    }

    private func transmit(_ bytes: [UInt8], _ what: String) throws(NetworkError) {
        guard Glibc.send(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw NetworkError.system("netlink", what)
        }
    }

    /// Reads one datagram and shows each message of it with its type and number.
    private func receive(
        _ what: String, _ body: (Int32, UInt32, UnsafeRawBufferPointer) -> Void
    ) throws(NetworkError) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        repeat { count = recv(descriptor, &buffer, buffer.count, 0) } while count < 0 && errno == EINTR
        guard count > 0 else { throw NetworkError.system("netlink", what) }
        buffer.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 16 <= count {
                let length = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                guard length >= 16, offset + length <= count else { return }
                let type = Int32(bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt16.self))
                let number = bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)
                body(type, number, UnsafeRawBufferPointer(rebasing: bytes[(offset + 16)..<(offset + length)]))
                offset += (length + 3) & ~3
            }
        }
    }
}
