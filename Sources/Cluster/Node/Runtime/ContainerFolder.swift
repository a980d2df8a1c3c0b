import API
import Document
import Glibc

/// One run of a container on disk: its bundle, and what its shim writes there for whoever comes after.
struct ContainerFolder: Sendable {
    let path: String

    /// The OCI bundle is the folder itself.
    var configuration: String { "\(path)/config.json" }
    var rootFilesystem: String { "\(path)/rootfs" }
    var about: String { "\(path)/about.json" }

    /// What the shim says of a run that has begun.
    struct Running: Sendable {
        /// 0 while the runtime is still at work.
        var process: pid_t
        var processTicks: Int
        var shim: pid_t
        var shimTicks: Int
        var started: Time
    }

    /// How a run ended.
    struct Ending: Sendable, Hashable {
        var code: Int
        /// 0 where no signal ended it.
        var signal: Int
        var outOfMemory: Bool
        var started: Time
        var finished: Time
    }

    private func read(_ name: String) -> Value? {
        Files.read("\(path)/\(name)").flatMap { try? JSON.parse($0) }
    }

    var running: Running? {
        guard let value = read("state"), let process = value["pid"]?.int, let shim = value["shim"]?.int else {
            return nil
        }
        return Running(
            process: pid_t(process), processTicks: value["ticks"]?.int ?? 0, shim: pid_t(shim),
            shimTicks: value["shimTicks"]?.int ?? 0, started: Time(value["started"]))
    }

    var ending: Ending? {
        guard let value = read("exit"), let code = value["code"]?.int else { return nil }
        return Ending(
            code: code, signal: value["signal"]?.int ?? 0, outOfMemory: value["oom"]?.bool ?? false,
            started: Time(value["started"]), finished: Time(value["finished"]))
    }

    /// What the runtime complained of last.
    var complaint: String? { Files.text("\(path)/runtime.log").flatMap(ContainerFolder.complaint) }

    /// The last error of a runtime's log.
    static func complaint(in log: String) -> String? {
        let lines = log.split(separator: "\n")
        return (lines.last { $0.contains("error") || $0.contains("rror:") } ?? lines.last).map(message)
    }

    /// The message of a line of crun's or runc's log: `time="…" level=error msg="…"`.
    private static func message(_ line: Substring) -> String {
        guard let start = line.range(of: "msg=\"") else { return String(line) }
        let rest = line[start.upperBound...]
        return rest.hasSuffix("\"") ? String(rest.dropLast()) : String(rest)
    }
}

extension Substring {
    /// The first place of a text.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension Time {
    /// The time of a JSON number of seconds with nine digits of fraction.
    fileprivate init(_ value: Value?) {
        let parts = (value?.number?.literal.string ?? "0").split(separator: ".")
        self.init(
            seconds: Int64(parts.first ?? "0") ?? 0,
            nanoseconds: parts.count > 1 ? Int32(parts[1].prefix(9)) ?? 0 : 0)
    }
}
