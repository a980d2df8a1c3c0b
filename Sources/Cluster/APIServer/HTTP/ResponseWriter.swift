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
    private var isHead = false
    private var closes = false
    private var version = HTTPVersion.http1_1
    /// What streams at present.
    private var watch: WatchSession?
    /// Below what speaks HTTP/1.1, where the lines of a watch are written as chunks that all watchers share.
    private var wire: ChannelHandlerContext?
    private var page: PageBody?
    private var encoding = Form.Encoding.json
    private var timers: [Scheduled<Void>] = []
    private var copying: Task<Void, Never>?

    init(channel: any Channel, api: KubeAPI) {
        self.channel = channel
        self.api = api
    }

    /// Makes ready for the answer to that request.
    func begin(_ head: HTTPRequestHead, closes: Bool) {
        isHead = head.method == .HEAD
        version = head.version
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
        var headers = headers(answer, type: Form.Encoding.json.rawValue)
        headers.add(name: "Content-Length", value: "\(body.count)")
        channel.write(part(answer.status, headers), promise: nil)
        page = body
        pump()
    }

    private func pumpPage() {
        while page != nil, channel.isWritable {
            guard let piece = page?.take() else {
                page = nil
                return finish()
            }
            channel.writeAndFlush(
                HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: piece))), promise: nil)
        }
    }

    private func writeWhole(_ answer: Answer, _ form: Form) {
        let renderer = Renderer(form: form, now: api.clock.now)
        do throws(Status) {
            let (bytes, type) = try renderer.bytes(answer.body)
            var headers = headers(answer, type: type)
            if answer.status != 304 && answer.status != 204 {
                headers.add(name: "Content-Length", value: "\(bytes.count)")
            }
            channel.write(part(answer.status, headers), promise: nil)
            if !isHead && !bytes.isEmpty {
                channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
            }
            finish()
        } catch {
            writeWhole(Answer(error), .json)
        }
    }

    private func part(_ status: Int, _ headers: HTTPHeaders) -> HTTPServerResponsePart {
        .head(HTTPResponseHead(version: version, status: HTTPResponseStatus(statusCode: status), headers: headers))
    }

    private func headers(_ answer: Answer, type: String) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(6)
        if !answer.cacheControl.isEmpty { headers.add(name: "Cache-Control", value: answer.cacheControl) }
        if !type.isEmpty { headers.add(name: "Content-Type", value: type) }
        for header in answer.headers { headers.add(name: header.name, value: header.value) }
        for warning in answer.warnings {
            headers.add(name: "Warning", value: "299 - \(ResponseWriter.quoted(warning))")
        }
        if closes && version.major == 1 { headers.add(name: "Connection", value: "close") }
        return headers
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
            let session = try WatchSession(plan, wantsTrees: false) { [weak self] in
                guard let self else { return }
                self.channel.eventLoop.execute { self.pump() }
            }
            watch = session
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
        guard plan.allowsBookmarks, seconds > 2 else { return }
        scheduleBookmark(in: min(60, seconds - 2), session)
    }

    /// Bookmarks come once a minute, and shortly before the end.
    private func scheduleBookmark(in seconds: Int, _ session: WatchSession) {
        timers.append(
            channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
                guard self.watch === session else { return }
                self.pump()
                guard self.watch === session else { return }
                self.send([session.bookmark()])
                self.flush()
                self.scheduleBookmark(in: 60, session)
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
        while let session = watch, channel.isWritable {
            let found = session.drain()
            send(found.steps)
            if !found.steps.isEmpty { flush() }
            if found.isOver { return finishWatch() }
            if found.isEmpty { return }
        }
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
        wire = nil
        page = nil
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
