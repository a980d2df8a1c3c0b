import Client

/// The streams of one SPDY connection, whether it is the socket's own or lies inside of WebSocket messages.
actor SpdySession {
    /// A stream that the client has opened.
    struct Stream: Sendable {
        let number: Int
        let headers: [String: String]
        /// What the client sends on it.
        let input: HandOver<[UInt8]>
    }

    /// So many streams may be open at once.
    private static let mostStreams = 1024

    /// The streams in the order in which they are opened.
    nonisolated let opened = HandOver<Stream>()
    private nonisolated let send: @Sendable ([UInt8]) async throws -> Void
    private let headers: SpdyHeaders
    private var reader = SpdyReader()
    private var inputs: [Int: HandOver<[UInt8]>] = [:]

    /// - Parameter send: writes bytes to the client, and returns once they are on their way.
    init?(send: @escaping @Sendable ([UInt8]) async throws -> Void) {
        guard let headers = SpdyHeaders() else { return nil }
        self.headers = headers
        self.send = send
    }

    /// Takes bytes from the client; it is called for one piece after the other.
    func take(_ bytes: [UInt8]) async throws {
        reader.take(bytes)
        while let frame = try reader.next() { try await take(frame) }
    }

    private func take(_ frame: SpdyFrame) async throws {
        switch frame {
        case .open(let stream, let block, let isLast):
            guard let headers = headers.unpack(block), inputs.count < SpdySession.mostStreams else {
                throw SpdyReader.Broken()
            }
            let input = HandOver<[UInt8]>()
            inputs[stream] = input
            if isLast { input.finish() }
            try await send(SpdyFrame.reply(stream: stream, headers: self.headers.pack([])))
            await opened.give(Stream(number: stream, headers: headers, input: input))
        case .data(let stream, let bytes, let isLast):
            if !bytes.isEmpty { await inputs[stream]?.give(Array(bytes)) }
            if isLast { inputs[stream]?.finish() }
        case .reset(let stream): inputs.removeValue(forKey: stream)?.finish()
        case .ping(let id): try await send(SpdyFrame.ping(answering: id))
        case .goAway, .other: break
        }
    }

    /// The client sends no more.
    func end() {
        for input in inputs.values { input.finish() }
        opened.finish()
    }

    /// Forgets a stream that both sides are done with.
    func forget(_ stream: Stream) { inputs.removeValue(forKey: stream.number)?.finish() }

    /// Writes to a stream; frames are at most as long as the client's own.
    nonisolated func write(_ bytes: [UInt8], to stream: Stream, isLast: Bool = false) async throws {
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(32 << 10)
            rest = rest.dropFirst(part.count)
            try await send(SpdyFrame.data(part, stream: stream.number, isLast: isLast && rest.isEmpty))
        } while !rest.isEmpty
    }
}
