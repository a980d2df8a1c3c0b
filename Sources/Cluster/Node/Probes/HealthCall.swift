/// A call of `grpc.health.v1.Health/Check` ("GRPC Health Checking Protocol"), in as much of HTTP/2 (RFC 9113) as one
/// request over a connection of its own needs: no header of the answer is looked at, so that none has to be decoded.
struct HealthCall {
    /// What the server said.
    enum Answer: Equatable {
        /// `ServingStatus` of the protocol.
        case status(UInt8)
        /// Its answer has no message: it does not know the service, or the protocol.
        case refused
    }

    private enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case reset = 3
        case settings = 4
        case ping = 6
        case goAway = 7
    }

    private static let endStream: UInt8 = 0x1, acknowledged: UInt8 = 0x1, endHeaders: UInt8 = 0x4
    private static let padded: UInt8 = 0x8
    private static let headLength = 9
    /// A server may send frames of up to that many bytes, unless it is told otherwise.
    private static let longest = 16384

    private var received: [UInt8] = []
    private var message: [UInt8] = []

    /// All that the client has to say at first.
    static func request(authority: String, service: String) -> [UInt8] {
        var headers: [UInt8] = [0x83, 0x86]
        headers += [0x04] + text("/grpc.health.v1.Health/Check")
        headers += [0x01] + text(authority)
        headers += [0x0F, 0x10] + text("application/grpc")
        headers += [0x0F, 0x2B] + text("kube-probe/1.36")
        headers += [0x00] + text("te") + text("trailers")
        let name = Array(service.utf8)
        let body = name.isEmpty ? [] : [0x0A] + number(name.count) + name
        let length = UInt32(body.count).bigEndian
        let prefixed = [0] + withUnsafeBytes(of: length, Array.init) + body
        return Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(.settings, 0, 0, [])
            + frame(.headers, endHeaders, 1, headers) + frame(.data, endStream, 1, prefixed)
    }

    private static func frame(_ kind: Kind, _ flags: UInt8, _ stream: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count >> 16 & 0xFF), UInt8(body.count >> 8 & 0xFF), UInt8(body.count & 0xFF)]
            + [kind.rawValue, flags, 0, 0, 0, stream] + body
    }

    /// A string literal of HPACK (RFC 7541, 5.2), not compressed.
    private static func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        return [127] + number(bytes.count - 127) + bytes
    }

    /// Seven bits at a time, the lowest first, as both HPACK and protobuf have it.
    private static func number(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        while rest >= 128 {
            bytes.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// Takes what has come.
    ///
    /// - Parameter reply: what the server has to be told at once.
    /// - Returns: the answer, once it is there.
    mutating func take(_ bytes: [UInt8], reply: inout [UInt8]) -> Answer? {
        received += bytes
        while received.count >= HealthCall.headLength {
            let length = Int(received[0]) << 16 | Int(received[1]) << 8 | Int(received[2])
            guard length <= HealthCall.longest else { return .refused }
            guard received.count >= HealthCall.headLength + length else { return nil }
            let (kind, flags) = (Kind(rawValue: received[3]), received[4])
            let body = Array(received[HealthCall.headLength..<HealthCall.headLength + length])
            received.removeFirst(HealthCall.headLength + length)
            if let answer = take(kind, flags, body, &reply) { return answer }
        }
        return nil
    }

    private mutating func take(_ kind: Kind?, _ flags: UInt8, _ body: [UInt8], _ reply: inout [UInt8]) -> Answer? {
        switch kind {
        case .settings where flags & HealthCall.acknowledged == 0:
            reply += HealthCall.frame(.settings, HealthCall.acknowledged, 0, [])
        case .ping where flags & HealthCall.acknowledged == 0:
            reply += HealthCall.frame(.ping, HealthCall.acknowledged, 0, body)
        case .data:
            let padding = flags & HealthCall.padded == 0 ? 0 : Int(body.first ?? 0) + 1
            message += flags & HealthCall.padded == 0 ? body : Array(body.dropFirst().dropLast(max(padding - 1, 0)))
            if let status = status { return .status(status) }
            if flags & HealthCall.endStream != 0 { return .refused }
        case .headers where flags & HealthCall.endStream != 0: return .refused
        case .reset, .goAway: return .refused
        default: break
        }
        return nil
    }

    /// Field 1 of the message, 0 where it is left out; nil while the message is not whole.
    private var status: UInt8? {
        guard message.count >= 5 else { return nil }
        let length = message[1..<5].reduce(0) { $0 << 8 | Int($1) }
        guard message.count >= 5 + length else { return nil }
        let body = message[5..<5 + length]
        return body.first == 0x08 ? body.dropFirst().first ?? 0 : 0
    }
}
