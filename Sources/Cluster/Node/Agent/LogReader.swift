import API
import CLinux
import Glibc

/// Reads one log file from where the options say to its end, through its rotation.
struct LogReader {
    private let path: String
    private let options: PodLogs.Options
    private var left: Int
    private var rest: [UInt8] = []
    private let since: [UInt8]?

    init(_ path: String, _ options: PodLogs.Options) {
        self.path = path
        self.options = options
        left = options.limitBytes ?? .max
        // Times in logs are of one length, so that they compare as texts.
        since = options.since.map { time in
            let digits = String(time.nanoseconds)
            let text = time.description.dropLast() + "." + String(repeating: "0", count: 9 - digits.count) + digits
            return Array("\(text)Z".utf8)
        }
    }

    /// - Parameter writer: the run that writes the log; nil where the log is not followed.
    mutating func run(_ writer: ContainerFolder?, _ emit: ([UInt8]) -> Void) async {
        let changes = writer.map { LogChanges(path, of: $0) }
        if options.tail == nil { pass(Files.read("\(path).1", limit: .max) ?? [], emit) }
        var file = open(path, O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { close(file) } }
        if let tail = options.tail { emitTail(tail, file, emit) }
        while left > 0, !Task.isCancelled {
            let goesOn = writer?.isAttended ?? false
            let bytes = file >= 0 ? Files.read(file, limit: 1 << 20) ?? [] : []
            pass(bytes, emit)
            guard bytes.isEmpty else { continue }
            if isRotated(file) {
                if file >= 0 { close(file) }
                file = open(path, O_RDONLY | O_CLOEXEC)
            } else if !goesOn {
                return
            } else {
                await changes?.next()
            }
        }
    }

    /// Whether the file of that name is another one by now.
    private func isRotated(_ file: Int32) -> Bool {
        var (mine, named) = (stat(), stat())
        guard stat(path, &named) == 0 else { return false }
        return file < 0 || fstat(file, &mine) == 0 && mine.st_ino != named.st_ino
    }

    /// Shows the last lines of what is there, and leaves the file at its end.
    private mutating func emitTail(_ count: Int, _ file: Int32, _ emit: ([UInt8]) -> Void) {
        let old = Files.read("\(path).1", limit: .max) ?? []
        let bytes = old + (file >= 0 ? Files.read(file, limit: .max) ?? [] : [])
        let end = bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0
        let lines = bytes[..<end].split(separator: 10)
        for line in lines.suffix(count) { show(line, emit) }
        rest = Array(bytes[end...])
    }

    /// Takes further bytes of the file and shows the lines that are whole.
    private mutating func pass(_ bytes: [UInt8], _ emit: ([UInt8]) -> Void) {
        rest += bytes
        guard let end = rest.lastIndex(of: 10) else { return }
        for line in rest[..<end].split(separator: 10) { show(line, emit) }
        rest.removeSubrange(...end)
    }

    private mutating func show(_ bytes: ArraySlice<UInt8>, _ emit: ([UInt8]) -> Void) {
        guard left > 0, let line = LogFile.Line(bytes) else { return }
        if let since, line.time.lexicographicallyPrecedes(since) { return }
        let output = line.output(withTime: options.timestamps).prefix(left)
        left -= output.count
        if !output.isEmpty { emit(Array(output)) }
    }
}

/// Tells when a followed log has to be looked at again: its writer is another process, which adds to the file, begins
/// another, says that its container has ended, or is killed.
private final class LogChanges: Sendable {
    private let files: Pipe?
    private let writer: Pipe?

    init(_ log: String, of run: ContainerFolder) {
        let folder = String(log[..<(log.lastIndex(of: "/") ?? log.endIndex)])
        let watch = folder.withCString { folder in
            run.path.withCString { helmctl_watch_folders([folder, $0], 2) }
        }
        files = watch >= 0 ? Pipe(watch) : nil
        let pidfd = run.running.map { helmctl_pidfd_open($0.shim) } ?? -1
        writer = pidfd >= 0 ? Pipe(pidfd) : nil
    }

    /// Returns once something may have changed; soon where the kernel has no watch to give.
    func next() async {
        guard let files else {
            try? await Task.sleep(for: .milliseconds(50))
            return
        }
        await withTaskGroup(of: Void.self) { group in
            for pipe in [files, writer].compactMap({ $0 }) {
                group.addTask { try? await DescriptorWatcher.shared.wait(for: pipe.descriptor) }
            }
            await group.next()
            group.cancelAll()
        }
        // What came is of no interest: the files are looked at anyway.
        var chunk = [UInt8](repeating: 0, count: 4096)
        while Glibc.read(files.descriptor, &chunk, chunk.count) > 0 {}
    }
}
