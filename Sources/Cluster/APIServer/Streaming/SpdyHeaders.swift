import CZlib

/// The compressed blocks of names and values in SPDY/3.1's frames (SPDY Protocol Draft 3.1, 2.6.10): one zlib stream for
/// each direction of a connection.
///
/// Used by one task at a time: it belongs to the session that made it.
final class SpdyHeaders {
    /// The most bytes that a block may have when unpacked.
    static let limit = 64 << 10

    private let packing: OpaqueStream
    private let unpacking: OpaqueStream

    /// Nil where there is no memory.
    init?() {
        guard let packing = OpaqueStream(packs: true), let unpacking = OpaqueStream(packs: false) else { return nil }
        self.packing = packing
        self.unpacking = unpacking
    }

    /// Packs names, which have to be in lower case, with their values.
    func pack(_ headers: [(name: String, value: String)]) -> [UInt8] {
        var plain = SpdyHeaders.number(headers.count)
        for header in headers {
            for text in [header.name, header.value] { plain += SpdyHeaders.number(text.utf8.count) + text.utf8 }
        }
        return packing.run(plain, room: plain.count + 1024) ?? []
    }

    /// Unpacks a block; nil where it is damaged or too large.
    func unpack(_ block: [UInt8]) -> [String: String]? {
        guard let plain = unpacking.run(block, room: SpdyHeaders.limit) else { return nil }
        var rest = plain[...]
        guard let count = SpdyHeaders.takeNumber(&rest), count <= 256 else { return nil }
        var headers: [String: String] = [:]
        for _ in 0..<count {
            guard let name = SpdyHeaders.takeText(&rest), let value = SpdyHeaders.takeText(&rest) else { return nil }
            headers[name.lowercased()] = value
        }
        return headers
    }

    static func number(_ value: Int) -> [UInt8] {
        [UInt8(value >> 24 & 255), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    private static func takeText(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let length = takeNumber(&rest), length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return String(decoding: rest.prefix(length), as: UTF8.self)
    }
}

/// One direction's zlib stream.
private final class OpaqueStream {
    private let stream: UnsafeMutableRawPointer
    /// zlib reads it when the first block is unpacked, and it may not move before that.
    private let dictionary: UnsafeMutableBufferPointer<UInt8>

    init?(packs: Bool) {
        dictionary = .allocate(capacity: SpdyDictionary.bytes.count)
        _ = dictionary.initialize(from: SpdyDictionary.bytes)
        guard let made = helmctl_zlib_open(packs ? 1 : 0, dictionary.baseAddress, dictionary.count) else {
            dictionary.deallocate()
            return nil
        }
        stream = made
    }

    deinit {
        helmctl_zlib_close(stream)
        dictionary.deallocate()
    }

    func run(_ input: [UInt8], room: Int) -> [UInt8]? {
        var count = 0
        let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
            count = helmctl_zlib_run(stream, input, input.count, 0, buffer.baseAddress, room)
            written = max(count, 0)
        }
        return count < 0 ? nil : output
    }
}

/// What both sides of SPDY/3.1 begin their zlib streams with: common names with their lengths, then common values.
enum SpdyDictionary {
    static let bytes: [UInt8] =
        names.flatMap { SpdyHeaders.number($0.utf8.count) + Array($0.utf8) } + Array(values.utf8)

    private static let names = [
        "options", "head", "post", "put", "delete", "trace", "accept", "accept-charset", "accept-encoding",
        "accept-language", "accept-ranges", "age", "allow", "authorization", "cache-control", "connection",
        "content-base", "content-encoding", "content-language", "content-length", "content-location", "content-md5",
        "content-range", "content-type", "date", "etag", "expect", "expires", "from", "host", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "last-modified", "location",
        "max-forwards", "pragma", "proxy-authenticate", "proxy-authorization", "range", "referer", "retry-after",
        "server", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "vary", "via", "warning",
        "www-authenticate", "method", "get", "status", "200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie",
        "keep-alive", "origin",
    ]

    private static let values =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
        + "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized"
        + "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
        + "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
        + "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,"
        + "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
}
