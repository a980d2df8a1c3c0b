import API
import Client
import Document
import Testing

@testable import APIServer

/// Programs and ports over SPDY and WebSocket, from the frames up to what a client is told.
struct StreamingTests {
    /// A container that gives back what it gets, and ends as its command says.
    struct Echo: NodeConnection {
        func log(of pod: Value, _ options: LogOptions) async throws -> AsyncThrowingStream<[UInt8], any Error> {
            throw Status.badRequest("no log")
        }

        func execute(
            _ program: [String], in container: String, of pod: Value, _ streams: ProcessStreams
        ) async throws -> Int32 {
            if program == ["none"] { throw Status.internalError("no such program") }
            while let bytes = await streams.input?.take() { try await streams.output?(bytes) }
            try await streams.errors?(Array(container.utf8))
            return Int32(program[0]) ?? 0
        }

        func attach(to container: String, of pod: Value, _ streams: ProcessStreams) async throws {
            try await streams.output?(Array("attached".utf8))
        }

        func forward(
            port: Int, at address: IPv4Address, of pod: Value, input: HandOver<[UInt8]>,
            output: @escaping @Sendable ([UInt8]) async throws -> Void
        ) async throws {
            guard port == 80 else { throw Status.internalError("refused") }
            while let bytes = await input.take() { try await output(bytes) }
        }
    }

    /// What a client of SPDY has sent and got.
    actor Client {
        let headers: SpdyHeaders
        private var reader = SpdyReader()
        private(set) var data: [Int: [UInt8]] = [:]
        private(set) var ended: Set<Int> = []

        init() throws { headers = try #require(SpdyHeaders()) }

        func get(_ bytes: [UInt8]) throws {
            reader.take(bytes)
            while let frame = try reader.next() {
                guard case .data(let stream, let bytes, let isLast) = frame else { continue }
                data[stream, default: []] += bytes
                if isLast { ended.insert(stream) }
            }
        }

        /// The frame SYN_STREAM: stream, associated stream, priority and slot, headers.
        func open(_ stream: Int, _ pairs: [(name: String, value: String)]) -> [UInt8] {
            let body = SpdyHeaders.number(stream) + [0, 0, 0, 0, 0, 0] + headers.pack(pairs)
            return [0x80, 3, 0, 1, 0] + SpdyHeaders.number(body.count).dropFirst() + body
        }

        func text(_ stream: Int) -> String { String(decoding: data[stream] ?? [], as: UTF8.self) }
    }

    static let pod: Value = ["metadata": ["name": "p", "uid": "u"]]

    static func command(_ words: [String], tty: Bool = false) throws -> RemoteCommand {
        let query = Query(words.map { ("command", $0) } + [("stdin", "1"), ("stdout", "1"), ("stderr", "1")])
        return try RemoteCommand(node: Echo(), pod: pod, container: "c", query, attaches: false)
    }

    @Test(arguments: [("0", "{\"metadata\":{},\"status\":\"Success\"}"), ("7", "exit status 7"), ("none", "no such")])
    func aCommandRunsOverSPDY(code: String, outcome: String) async throws {
        let client = try Client()
        let session = try #require(SpdySession { try await client.get($0) })
        let serving = Task { [command = try Self.command([code])] in await session.serve(.command(command), 4) }
        for (index, name) in ["error", "stdin", "stdout", "stderr"].enumerated() {
            try await session.take(await client.open(2 * index + 1, [("streamtype", name)]))
        }
        if code != "none" { try await session.take(SpdyFrame.data(Array("hello".utf8), stream: 3, isLast: true)) }
        await serving.value
        #expect(await client.text(5) == (code == "none" ? "" : "hello"))
        #expect(await client.text(7) == (code == "none" ? "" : "c"))
        #expect(await client.text(1).contains(outcome))
        #expect(await client.ended == [1, 5, 7])
    }

    @Test(arguments: [(80, "hello", ""), (81, "", "error forwarding port 81 to pod p, uid u: Internal error")])
    func aPortIsForwardedOverSPDY(port: Int, answer: String, failure: String) async throws {
        let client = try Client()
        let session = try #require(SpdySession { try await client.get($0) })
        let serving = Task {
            await session.serve(.ports(PortForward(node: Echo(), pod: Self.pod), asked: []), 1)
        }
        for (index, name) in ["error", "data"].enumerated() {
            let headers = [("streamtype", name), ("port", "\(port)"), ("requestid", "0")]
            try await session.take(await client.open(2 * index + 1, headers))
        }
        try await session.take(SpdyFrame.data(Array("hello".utf8), stream: 3, isLast: true))
        await session.end()
        await serving.value
        #expect(await client.text(3) == answer)
        #expect(await client.text(1).hasPrefix(failure))
        #expect(await client.ended == [1, 3])
    }

    @Test(arguments: WebSocketChannels.Flavour.all.map(\.name)) func aCommandRunsOverWebSocket(name: String)
        async throws
    {
        let flavour = try #require(WebSocketChannels.Flavour.all.first { $0.name == name })
        let sent = HandOver<[UInt8]>()
        let channels = WebSocketChannels(flavour, .command(try Self.command(["3"]))) { await sent.give($0) }
        let serving = Task {
            await channels.serve()
            sent.finish()
        }
        let text = flavour.isText ? Array("0aGk=".utf8) : [0] + Array("hi".utf8)
        let typing = Task {
            await channels.take(text)
            if flavour.version == 5 { await channels.take([255, 0]) } else { channels.end() }
        }
        var messages: [String] = []
        while let message = await sent.take() { messages.append(String(decoding: message, as: UTF8.self)) }
        await serving.value
        await typing.value
        let outcome = String(decoding: RemoteCommand.Outcome.exited(3).bytes(flavour.version), as: UTF8.self)
        let wanted = [("1", ""), ("1", "hi"), ("2", "c"), ("3", outcome)].map { channel, text in
            flavour.isText
                ? channel + String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self)
                : String(decoding: [UInt8(channel) ?? 0] + Array(text.utf8), as: UTF8.self)
        }
        #expect(messages == wanted)
    }

    @Test func headersPassPackedOneBlockAfterTheOther() throws {
        let (one, other) = (try #require(SpdyHeaders()), try #require(SpdyHeaders()))
        for round in 0..<5 {
            let headers = [("streamtype", "stdin"), ("port", "\(round)")]
            #expect(other.unpack(one.pack(headers)) == ["streamtype": "stdin", "port": "\(round)"])
        }
        #expect(other.unpack([1, 2, 3]) == nil)
    }

    /// However the bytes of frames are cut, the same frames come out.
    @Test func framesMayComeInAnyPieces() throws {
        let bytes = (1...20).flatMap { SpdyFrame.data([UInt8](repeating: UInt8($0), count: $0 * 7), stream: $0) }
        for size in [1, 2, 3, 7, 8, 9, 64, 1000] {
            var reader = SpdyReader()
            var found: [Int] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                reader.take(bytes[start..<min(start + size, bytes.count)])
                while case .data(let stream, let data, _)? = try reader.next() {
                    #expect(data.allSatisfy { $0 == UInt8(stream) } && data.count == stream * 7)
                    found.append(stream)
                }
            }
            #expect(found == Array(1...20))
        }
    }

    /// Whatever a client sends, the reader reads it or refuses it.
    @Test(arguments: 0..<200) func brokenFramesAreRefused(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var reader = SpdyReader()
        for _ in 0..<50 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            let control: [UInt8] = [0x80, 3, 0, UInt8(truncatingIfNeeded: state % 10), 0, 0, 0]
            reader.take(control + [UInt8(truncatingIfNeeded: state >> 8 & 15)])
            reader.take((0..<(state >> 16 & 15)).map { UInt8(truncatingIfNeeded: state >> $0) })
            do { while try reader.next() != nil {} } catch { return }
        }
    }

    @Test(arguments: [[], [("stdout", "1")], [("command", "a")]] as [[(name: String, value: String)]])
    func halfARequestIsRefused(query: [(name: String, value: String)]) {
        #expect(throws: Status.self) {
            try RemoteCommand(node: Echo(), pod: Self.pod, container: "c", Query(query), attaches: false)
        }
    }
}
