import API
import Client

/// Reads the answer of an HTTP/1.1 server (RFC 9112) from what a connection hands over.
struct BackendReader: Sendable {
    /// An answer before its body.
    struct Head: Sendable {
        var status: Int
        var headers: [(name: String, value: String)]

        func value(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    private enum Rest {
        case nothing
        case bytes(Int)
        case chunk(Int)
        case untilEnd
    }

    private static let longestHead = 64 << 10

    private let source: HandOver<[UInt8]>
    private var waiting: [UInt8] = []
    private var rest = Rest.untilEnd

    init(_ source: HandOver<[UInt8]>) { self.source = source }

    /// Reads the head of the final answer; those that only say "go on" are passed over. What follows consent to another
    /// protocol (101) is that protocol's.
    ///
    /// - Parameter hasBody: false for the answer to HEAD.
    mutating func head(hasBody: Bool) async throws(Status) -> Head {
        while true {
            let head = try await anyHead()
            guard head.status >= 200 || head.status == 101 else { continue }
            rest = .untilEnd
            if head.status == 101 { return head }
            if !hasBody || head.status == 204 || head.status == 304 {
                rest = .nothing
            } else if head.value("transfer-encoding")?.lowercased().hasSuffix("chunked") == true {
                rest = .chunk(0)
            } else if let length = head.value("content-length").flatMap({ Int($0) }) {
                rest = .bytes(length)
            }
            return head
        }
    }

    private mutating func anyHead() async throws(Status) -> Head {
        let words = try await line().split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), (100..<600) ~= status else {
            throw .unreachable("malformed HTTP response")
        }
        var head = Head(status: status, headers: [])
        var size = 0
        while true {
            let line = try await line()
            if line.isEmpty { return head }
            size += line.utf8.count
            guard size < BackendReader.longestHead, let colon = line.firstIndex(of: ":") else {
                throw .unreachable("malformed HTTP response")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            head.headers.append((String(line[..<colon]), String(value)))
        }
    }

    /// The next piece of the body; nil at its end.
    mutating func piece() async throws(Status) -> [UInt8]? {
        switch rest {
        case .nothing: return nil
        case .untilEnd: return try await some(upTo: .max)
        case .bytes(let left):
            guard left > 0 else { return nil }
            guard let piece = try await some(upTo: left) else { throw .unreachable("unexpected EOF") }
            rest = .bytes(left - piece.count)
            return piece
        case .chunk(let left): return try await chunk(left)
        }
    }

    private mutating func chunk(_ left: Int) async throws(Status) -> [UInt8]? {
        var left = left
        if left == 0 {
            let size = try await line().prefix { $0 != ";" }
            guard let length = Int(size, radix: 16), length >= 0 else { throw .unreachable("malformed chunk") }
            if length == 0 {
                while try await !line().isEmpty {}
                rest = .nothing
                return nil
            }
            left = length
        }
        guard let piece = try await some(upTo: left) else { throw .unreachable("unexpected EOF") }
        if piece.count == left { _ = try await line() }
        rest = .chunk(left - piece.count)
        return piece
    }

    /// Some of what has come; nil when no more comes.
    private mutating func some(upTo limit: Int) async throws(Status) -> [UInt8]? {
        if waiting.isEmpty { waiting = await source.take() ?? [] }
        guard !waiting.isEmpty else { return nil }
        let piece = Array(waiting.prefix(limit))
        waiting.removeFirst(piece.count)
        return piece
    }

    private mutating func line() async throws(Status) -> String {
        while true {
            if let end = waiting.firstIndex(of: UInt8(ascii: "\n")) {
                var line = waiting[..<end]
                if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
                let text = String(decoding: line, as: UTF8.self)
                waiting.removeFirst(end + 1)
                return text
            }
            guard waiting.count < BackendReader.longestHead, let more = await source.take() else {
                throw .unreachable("EOF")
            }
            waiting += more
        }
    }
}

extension Status {
    /// What upstream's proxy says of a backend that it cannot talk with.
    static func unreachable(_ why: String) -> Status {
        Status(
            code: 503, reason: .serviceUnavailable, message: "error trying to reach service: \(why)")
    }

    static func unavailable(_ message: String) -> Status {
        Status(code: 503, reason: .serviceUnavailable, message: message)
    }
}
