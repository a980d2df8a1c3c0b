import CZlib

/// The body of one answer as gzip has it (RFC 1952), piece by piece.
final class GzipStream {
    /// Upstream compresses answers from this size on (apiserver's responsewriters).
    static let from = 128 << 10

    private let stream: UnsafeMutableRawPointer

    /// Nil where there is no memory.
    init?() {
        guard let made = helmctl_gzip_open() else { return nil }
        stream = made
    }

    deinit { helmctl_zlib_close(stream) }

    /// Whether an Accept-Encoding header names gzip; as upstream reads it, for which a quality is another word.
    static func isAccepted(_ header: String) -> Bool {
        header.utf8.count >= 4 && header.split(separator: ",").contains { $0.filter { $0 != " " } == "gzip" }
    }

    /// Packs a piece so that the client can unpack it whole; the end of the stream comes with the last.
    ///
    /// - Returns: nil where zlib refuses, after which the answer cannot be finished.
    func pack(_ piece: [UInt8], isLast: Bool) -> [UInt8]? {
        // zlib adds five bytes for each 16 KiB that it cannot pack, and its head, flush and tail.
        let room = piece.count + piece.count >> 10 + 128
        var count = 0
        let packed = [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
            count = helmctl_zlib_run(stream, piece, piece.count, isLast ? 1 : 0, buffer.baseAddress, room)
            written = max(count, 0)
        }
        return count < 0 ? nil : packed
    }
}
