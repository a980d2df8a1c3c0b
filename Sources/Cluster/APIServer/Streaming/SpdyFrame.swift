/// A frame of SPDY/3.1 as far as Kubernetes' clients use it (SPDY Protocol Draft 3.1, 2.2 and 2.6).
enum SpdyFrame {
    /// A client opens a stream.
    case open(stream: Int, headers: [UInt8], isLast: Bool)
    /// A stream is broken off.
    case reset(stream: Int)
    /// Sent back as it came.
    case ping(UInt32)
    /// The client opens no more streams.
    case goAway
    case data(stream: Int, bytes: ArraySlice<UInt8>, isLast: Bool)
    /// What needs no answer here: settings, windows, which Kubernetes' implementation does not keep, more headers.
    case other

    private static let version = 3
    private static let lastFlag: UInt8 = 1

    static func data(_ bytes: some Collection<UInt8>, stream: Int, isLast: Bool = false) -> [UInt8] {
        var frame = SpdyHeaders.number(stream)
        frame.reserveCapacity(8 + bytes.count)
        frame += [isLast ? lastFlag : 0] + SpdyHeaders.number(bytes.count).dropFirst()
        frame += bytes
        return frame
    }

    /// The answer to `open`, with a packed block of headers.
    static func reply(stream: Int, headers: [UInt8]) -> [UInt8] {
        control(2, SpdyHeaders.number(stream) + headers)
    }

    static func ping(answering id: UInt32) -> [UInt8] { control(6, SpdyHeaders.number(Int(id))) }

    private static func control(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0x80, UInt8(version), 0, type, 0] + SpdyHeaders.number(body.count).dropFirst() + body
    }
}

/// Cuts the bytes of a connection into frames.
struct SpdyReader {
    /// Bytes that are no SPDY/3.1.
    struct Broken: Error {}

    /// The longest frame that is taken; Kubernetes' clients write 32 KiB at most.
    private static let longest = 1 << 20
    private var buffer: [UInt8] = []
    private var start = 0

    mutating func take(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
    }

    /// The next frame that is there whole; nil where more bytes have to come.
    mutating func next() throws(Broken) -> SpdyFrame? {
        let rest = buffer[start...]
        guard rest.count >= 8 else { return nil }
        let length = SpdyReader.number(rest.dropFirst(5).prefix(3))
        guard length <= SpdyReader.longest else { throw Broken() }
        guard rest.count >= 8 + length else { return nil }
        start += 8 + length
        let (head, body) = (rest.prefix(8), rest.dropFirst(8).prefix(length))
        let isLast = head[head.startIndex + 4] & 1 == 1
        guard head[head.startIndex] & 0x80 != 0 else {
            return .data(stream: SpdyReader.number(head.prefix(4)), bytes: body, isLast: isLast)
        }
        return try SpdyReader.control(head[head.startIndex + 3], body, isLast)
    }

    private static func control(_ type: UInt8, _ body: ArraySlice<UInt8>, _ isLast: Bool) throws(Broken) -> SpdyFrame {
        let needed = [1: 10, 3: 8, 6: 4][type] ?? 0
        guard body.count >= needed else { throw Broken() }
        let stream = number(body.prefix(4)) & 0x7FFF_FFFF
        switch type {
        case 1: return .open(stream: stream, headers: Array(body.dropFirst(10)), isLast: isLast)
        case 3: return .reset(stream: stream)
        case 6: return .ping(UInt32(number(body.prefix(4))))
        case 7: return .goAway
        default: return .other
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
