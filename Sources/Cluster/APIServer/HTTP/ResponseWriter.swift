import API
import NIOCore
import NIOHTTP1
import Store

/// Writes answers to one connection or stream, one after the other.
///
/// `@unchecked Sendable`: every stored property but the constants is only touched on the channel's event loop: `begin`,
/// `write`, `pump` and `end` are called by the channel's handler, and all others hop there first.
final class ResponseWriter: @unchecked Sendable {
    let channel: any Channel
    private let api: KubeAPI
    private let bell: LoopBell
    /// Of a connection of HTTP/1.1.
    private let exchange: Exchange?
    private var isHead = false
    private var closes = false
    private var takesGzip = false
    /// By what the request is known in logs: the client's own word, or a new one.
    private var audit = ""
    private var version = HTTPVersion.http1_1
    /// What streams at present.
    private var watch: WatchSession?
    private var waker: Waker?
    /// Below what speaks HTTP/1.1, where the lines of a watch are written as chunks that all watchers share.
    private var wire: ChannelHandlerContext?
    private var page: PageBody?
    private var gzip: GzipStream?
    private var encoding = Form.Encoding.json
    private var timers: [Scheduled<Void>] = []
    private var copying: Task<Void, Never>?

    init(channel: any Channel, api: KubeAPI, bell: LoopBell, exchange: Exchange?) {
        self.channel = channel
        self.api = api
        self.bell = bell
        self.exchange = exchange
    }

    /// Makes ready for the answer to that request.
    func begin(_ head: HTTPRequestHead, closes: Bool) {
        isHead = head.method == .HEAD
        version = head.version
        takesGzip = head.headers.first(name: "accept-encoding").map(GzipStream.isAccepted) ?? false
        audit = head.headers.first(name: "audit-id").flatMap { $0.isEmpty ? nil : $0 } ?? Naming.uid()
        self.closes = closes || !head.isKeepAlive
    }

    /// Writes an answer that was made on whatever thread.
    func writeLater(_ answer: Answer, _ form: Form) {
        if channel.eventLoop.inEventLoop { return write(answer, form) }
        channel.eventLoop.execute { self.write(answer, form) }
    }

    func write(_ answer: Answer, _ form: Form) {
        switch answer.body {
        case .watch(let plan): start(plan, answer)
        case .stream(let pieces, let type): copy(pieces, type, answer)
        case .page(let page):
            guard form == .json, !isHead, let body = PageBody(page) else { return writeWhole(answer, form) }
            write(body, answer)
        default: writeWhole(answer, form)
        }
    }

    /// Writes a collection as fast as the client reads it.
    private func write(_ body: PageBody, _ answer: Answer) {
        gzip = packs(body.count) && version != .http1_0 ? GzipStream() : nil
        let headers = headers(
            answer, type: Form.Encoding.json.rawValue, count: gzip == nil ? body.count : nil, isPacked: gzip != nil)
        channel.write(part(answer.status, headers), promise: nil)
        page = body
        pump()
    }

    private func pumpPage() {
        while page != nil, channel.isWritable {
            let piece = page?.take()
            if let piece { guard send(piece, isLast: false) else { return } }
            guard piece == nil else { continue }
            page = nil
            guard gzip == nil || send([], isLast: true) else { return }
            gzip = nil
            finish()
        }
    }

    /// Sends a piece of a collection; false where it cannot be packed, which ends the connection.
    private func send(_ piece: [UInt8], isLast: Bool) -> Bool {
        guard let bytes = gzip.map({ $0.pack(piece, isLast: isLast) }) ?? piece else {
            page = nil
            channel.close(promise: nil)
            return false
        }
        channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
        return true
    }

    private func packs(_ count: Int) -> Bool { takesGzip && !isHead && count >= GzipStream.from }

    /// From so many objects on, making an answer of them would hold up the other connections of the loop.
    private static let manyObjects = 50

    private func writeWhole(_ answer: Answer, _ form: Form) {
        let renderer = Renderer(form: form, now: api.clock.now)
        let packs = takesGzip && !isHead
        guard case .page(let page) = answer.body, page.records.count >= ResponseWriter.manyObjects else {
            return write(WholeAnswer(answer, renderer, packs: packs))
        }
        Task {
            let whole = WholeAnswer(answer, renderer, packs: packs)
            channel.eventLoop.execute { self.write(whole) }
        }
    }

    private func write(_ whole: WholeAnswer) {
        let answer = whole.answer
        let count = answer.status == 304 || answer.status == 204 ? nil : whole.body.count
        let headers = headers(answer, type: whole.type, count: count, isPacked: whole.isPacked)
        send(answer.status, headers, whole.body)
    }

    private func send(_ status: Int, _ headers: HTTPHeaders, _ body: [UInt8]) {
        if let exchange, version == .http1_1 { return send(status, headers, isHead ? [] : body, by: exchange) }
        channel.write(part(status, headers), promise: nil)
        if !isHead && !body.isEmpty {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        }
        finish()
    }

    /// Writes an answer as HTTP/1.1 has it (RFC 9112, 2.1), in one piece.
    private func send(_ status: Int, _ headers: HTTPHeaders, _ body: [UInt8], by exchange: Exchange) {
        var buffer = channel.allocator.buffer(capacity: body.count + 512)
        let status = HTTPResponseStatus(statusCode: status)
        buffer.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        for (name, value) in headers {
            buffer.writeString(name)
            buffer.writeString(": ")
            buffer.writeString(value)
            buffer.writeString("\r\n")
        }
        buffer.writeString("\r\n")
        buffer.writeBytes(body)
        guard closes else { return exchange.write(buffer, promise: nil) }
        let done = channel.eventLoop.makePromise(of: Void.self)
        done.futureResult.whenComplete { [channel] _ in channel.close(promise: nil) }
        exchange.write(buffer, promise: done)
    }

    private func part(_ status: Int, _ headers: HTTPHeaders) -> HTTPServerResponsePart {
        .head(HTTPResponseHead(version: version, status: HTTPResponseStatus(statusCode: status), headers: headers))
    }

    /// - Parameters:
    ///   - count: the length of the body in bytes, where it is known and told.
    ///   - isPacked: whether the body is gzip.
    private func headers(_ answer: Answer, type: String, count: Int? = nil, isPacked: Bool = false) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(10)
        headers.add(name: "Audit-Id", value: audit)
        if !answer.cacheControl.isEmpty { headers.add(name: "Cache-Control", value: answer.cacheControl) }
        if !type.isEmpty { headers.add(name: "Content-Type", value: type) }
        // What a proxied server says may not break the answer.
        for header in answer.headers where ResponseWriter.isHeader(header.name, header.value) {
            headers.add(name: header.name, value: header.value)
        }
        for warning in answer.shownWarnings {
            headers.add(name: "Warning", value: "299 - \(ResponseWriter.quoted(warning))")
        }
        if let flow = answer.flow {
            headers.add(name: "X-Kubernetes-Pf-Flowschema-Uid", value: flow.schema)
            headers.add(name: "X-Kubernetes-Pf-Prioritylevel-Uid", value: flow.level)
        }
        if !answer.headers.contains(where: { $0.name.utf8.count == 4 && $0.name.lowercased() == "date" }) {
            headers.add(name: "Date", value: HTTPDate.header(api.clock.now))
        }
        if closes && version.major == 1 { headers.add(name: "Connection", value: "close") }
        if isPacked {
            headers.add(name: "Content-Encoding", value: "gzip")
            if !answer.headers.contains(where: { $0.value == "Accept-Encoding" }) {
                headers.add(name: "Vary", value: "Accept-Encoding")
            }
        }
        if let count { headers.add(name: "Content-Length", value: String(count)) }
        return headers
    }

    /// Whether a name is a token, and its value without control characters (RFC 9110, 5.1 and 5.5).
    private static func isHeader(_ name: String, _ value: String) -> Bool {
        let marks = "!#$%&'*+-.^_`|~".utf8
        func isToken(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: marks.contains(byte)
            }
        }
        return !name.isEmpty && name.utf8.allSatisfy(isToken)
            && value.utf8.allSatisfy { $0 >= 32 && $0 != 127 || $0 == UInt8(ascii: "\t") }
    }

    /// A quoted string of a header (RFC 9110): quotes and backslashes escaped, line breaks and the like left out.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars where scalar.value >= 32 && scalar.value != 127 {
            if scalar == "\"" || scalar == "\\" { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    private func finish() {
        let closes = self.closes
        let channel = self.channel
        let done = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if closes { done.whenComplete { _ in channel.close(promise: nil) } }
    }

    // MARK: Watches

    private func start(_ plan: Watching, _ answer: Answer) {
        self.encoding = plan.form.encoding
        let encoding = plan.form.encoding
        let type = encoding == .json ? encoding.rawValue : "\(encoding.rawValue);stream=watch"
        channel.write(part(200, headers(answer, type: type)), promise: nil)
        do throws(Status) {
            let waker = Waker(bell, self)
            let session = try WatchSession(plan, wantsTrees: false) { waker.ring() }
            watch = session
            self.waker = waker
            schedule(plan, session)
            // The head has to be out before anything passes below it.
            channel.flush()
            if version == .http1_1 {
                wire = try? channel.pipeline.syncOperations.context(handlerType: WriteJoiner.self)
            }
            send(session.initial().steps)
            flush()
            pump()
        } catch {
            send([WatchSession.errorStep(error)])
            finish()
        }
    }

    private func schedule(_ plan: Watching, _ session: WatchSession) {
        let seconds = max(plan.seconds, 0)
        timers.append(channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { self.finishWatch() })
        if let first = plan.secondsToBookmark { scheduleBookmark(in: first, session) }
    }

    private func scheduleBookmark(in seconds: Int, _ session: WatchSession) {
        timers.append(
            channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
                guard self.watch === session else { return }
                self.pump()
                guard self.watch === session else { return }
                self.send([session.bookmark()])
                self.flush()
                self.scheduleBookmark(in: Watching.secondsBetweenBookmarks, session)
            })
    }

    private func send(_ steps: [WatchSession.Step]) {
        for step in steps {
            let line = step.line(encoding)
            if let wire {
                wire.write(NIOAny(line.chunk), promise: nil)
            } else {
                channel.write(HTTPServerResponsePart.body(.byteBuffer(line.bare)), promise: nil)
            }
        }
    }

    private func flush() {
        if let wire { wire.flush() } else { channel.flush() }
    }

    /// Sends what has come, as far as the client reads it. What it does not read waits in the watch's bounded queue.
    func pump() {
        if page != nil { return pumpPage() }
        guard let session = watch, channel.isWritable else { return }
        let found = session.drain(waits: true)
        send(found.steps)
        if !found.steps.isEmpty { flush() }
        if found.isOver { finishWatch() }
    }

    private func finishWatch() {
        guard watch != nil else { return }
        end()
        finish()
    }

    /// Gives back what streams, because the client or the server is done with it.
    func end() {
        for timer in timers { timer.cancel() }
        timers = []
        watch?.cancel()
        watch = nil
        waker?.end()
        waker = nil
        wire = nil
        page = nil
        gzip = nil
        copying?.cancel()
        copying = nil
    }

    // MARK: Streams

    private func copy(_ pieces: AsyncThrowingStream<[UInt8], any Error>, _ type: String, _ answer: Answer) {
        channel.writeAndFlush(part(answer.status, headers(answer, type: type)), promise: nil)
        let channel = self.channel
        copying = Task {
            do {
                for try await piece in pieces {
                    // Waiting for each write is the back-pressure that the source feels.
                    try await channel.writeAndFlush(
                        HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: piece))))
                }
                channel.eventLoop.execute { self.finish() }
            } catch {
                // A log that breaks off must not look as if it had ended.
                channel.close(promise: nil)
            }
        }
    }
}
