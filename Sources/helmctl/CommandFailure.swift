import Chart
import Glibc
import Release

/// A failure that ends a command: its text follows `Error: ` on standard error.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Helm's words, and below them where the fault is.
    init(_ words: String, at places: [FailurePlace]) {
        description = places.isEmpty ? words : words + "\n\n" + places.map(\.text).joined(separator: "\n")
    }

    init(_ failure: LoadFailure) { self.init(failure.message, at: failure.place.map { [$0] } ?? []) }
}

/// A failure that the command has told already, in its output.
struct ToldFailure: Error {}

/// Where commands print.
enum Console {
    /// Ends the process well, with what it still holds: to take a big chart apart takes a tenth of the time of its rendering.
    static func end<Kept>(keeping kept: Kept) -> Never { withExtendedLifetime(kept) { end(0) } }

    /// Ends the process at once: a second thread may still be at work with what libraries take apart at an exit.
    static func end(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }

    /// Writes bytes to standard output.
    static func print(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes text to standard output.
    static func print(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

    /// Writes text to standard error.
    static func warn(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    private static func write(_ bytes: [UInt8], to file: Int32) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            done += count
        }
    }

    /// What Helm says by Go's package log, as slog shows it.
    static func log(_ remarks: [String]) { for remark in remarks { log(LogRecord(.info, remark)) } }

    /// A line of Helm's log.
    static func log(_ record: LogRecord) { warn(record.text + "\n") }
}
