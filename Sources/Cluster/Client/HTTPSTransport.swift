import API
import Document
public import HTTP

/// The way to an API server over HTTPS.
public struct HTTPSTransport: Transport {
    /// Where the server is and what each request says of its sender.
    public struct Destination: Sendable {
        /// Such as `https://127.0.0.1:6443`, without a slash at its end.
        public var server: String
        /// Headers of every request: authorization and impersonation.
        public var headers: [(name: String, value: String)]

        public init(server: String, headers: [(name: String, value: String)] = []) {
            self.server = server
            self.headers = headers
        }
    }

    private let destination: Destination
    private let client: WebClient

    public init(_ destination: Destination, _ settings: WebClient.Settings) throws {
        self.destination = destination
        client = try WebClient(settings)
    }

    public func send(_ request: APIRequest) async throws -> APIResponse {
        let answer: WebResponse
        do { answer = try await client.send(webRequest(request)) } catch { throw failure(error) }
        return APIResponse(
            status: answer.status, warnings: answer.values(of: "Warning").map(HTTPSTransport.warningText),
            body: .bytes(answer.body))
    }

    public func watch(_ request: APIRequest) async throws -> AsyncThrowingStream<WatchEvent, any Error> {
        let pieces = try await stream(request)
        return AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    var lines = LineSplitter()
                    for try await piece in pieces {
                        for line in lines.split(piece) { continuation.yield(try HTTPSTransport.event(line)) }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    public func stream(_ request: APIRequest) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        let answer: WebStream
        do { answer = try await client.stream(webRequest(request)) } catch { throw failure(error) }
        guard answer.status >= 400 else { return answer.body }
        var body: [UInt8] = []
        for try await piece in answer.body where body.count < 1 << 20 { body += piece }
        _ = try APIResponse(status: answer.status, body: .bytes(body)).value()
        throw Status(code: answer.status, reason: nil, message: "the server refused without saying why")
    }

    private func webRequest(_ request: APIRequest) -> WebRequest {
        var url = destination.server + request.path
        for (index, parameter) in request.query.enumerated() {
            url += index == 0 ? "?" : "&"
            url += "\(PercentEncoding.encode(parameter.name))=\(PercentEncoding.encode(parameter.value))"
        }
        var headers = destination.headers
        headers.append(("Accept", request.accept))
        headers.append(("User-Agent", "helmctl"))
        if request.body != nil { headers.append(("Content-Type", request.contentType)) }
        return WebRequest(request.method.rawValue, url, headers: headers, body: request.body.map(HTTPSTransport.bytes))
    }

    private static func bytes(_ body: APIRequest.Body) -> [UInt8] {
        switch body {
        case .bytes(let bytes): bytes
        case .value(let value): JSON.write(value)
        }
    }

    private static func event(_ line: [UInt8]) throws -> WatchEvent {
        let value = try JSON.parse(line)
        guard let kind = value["type"]?.string.flatMap(WatchEvent.Kind.init), let object = value["object"] else {
            throw Status.internalError("the watch sent no event: \(String(decoding: line.prefix(200), as: UTF8.self))")
        }
        return WatchEvent(kind, object)
    }

    private func failure(_ error: any Error) -> any Error {
        guard let failure = error as? WebFailure else { return error }
        return TransportFailure(
            server: destination.server, reason: failure.reason, isRetriable: failure.neverArrived)
    }

    /// The text between the quotes of `299 - "TEXT"` (RFC 7234, section 5.5).
    private static func warningText(_ header: String) -> String {
        guard let start = header.firstIndex(of: "\""), let end = header.lastIndex(of: "\""), start < end else {
            return header
        }
        var text = ""
        var escaped = false
        for character in header[header.index(after: start)..<end] {
            if character == "\\", !escaped {
                escaped = true
            } else {
                text.append(character)
                escaped = false
            }
        }
        return text
    }
}

/// Cuts a byte stream into lines.
private struct LineSplitter {
    private var rest: [UInt8] = []

    mutating func split(_ piece: [UInt8]) -> [[UInt8]] {
        rest += piece
        var lines: [[UInt8]] = []
        var start = 0
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if end > start { lines.append(Array(rest[start..<end])) }
            start = end + 1
        }
        rest.removeFirst(start)
        return lines
    }
}

/// Percent-encoding of query parts (RFC 3986: all but unreserved characters).
enum PercentEncoding {
    static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += byte < 16 ? "%0" : "%"
                result += String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
