import API
import Glibc

/// The log of one run of a container, in the format of the Container Runtime Interface: `TIME STREAM TAG TEXT` lines.
struct LogFile {
    let path: String

    init(_ path: String) { self.path = path }

    /// A line of a log.
    struct Line {
        /// RFC 3339 with nine digits of fraction.
        var time: ArraySlice<UInt8>
        /// Whether the text goes on in the next line.
        var isPartial: Bool
        var text: ArraySlice<UInt8>

        /// Nil for bytes that are no line of a log, such as the end of a file that is just being written.
        init?(_ bytes: ArraySlice<UInt8>) {
            let parts = bytes.split(separator: 32, maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0].count >= 20 else { return nil }
            time = parts[0]
            isPartial = parts[2].first == UInt8(ascii: "P")
            text = parts[3]
        }

        /// The text with the line end that it had.
        func output(withTime: Bool) -> [UInt8] {
            var bytes: [UInt8] = withTime ? Array(time) + [32] : []
            bytes += text
            if !isPartial { bytes.append(10) }
            return bytes
        }
    }

    /// The last lines' texts.
    func tail(lines count: Int) -> [UInt8] {
        let bytes = Files.read("\(path).1").map { $0 + (Files.read(path) ?? []) } ?? Files.read(path) ?? []
        let lines = bytes.split(separator: 10).compactMap { Line($0) }
        return lines.suffix(count).flatMap { $0.output(withTime: false) }
    }
}
