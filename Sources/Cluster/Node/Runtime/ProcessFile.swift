import Document
import Glibc

/// A further program for a container, as the runtime wants to be told: like the container's own process, with other
/// words. So it runs as the same user with the same rights; the file goes with this value.
final class ProcessFile: Sendable {
    let path: String

    /// - Parameter size: the rows and columns of the terminal, where they are known before the program looks for them.
    init(
        _ program: [String], in folder: ContainerFolder, hasTerminal: Bool = false,
        size: (rows: UInt16, columns: UInt16)? = nil, runtime: ContainerRuntime
    ) throws {
        guard let bundle = Files.read(folder.configuration, limit: 1 << 20).flatMap({ try? JSON.parse($0) }),
            var process = bundle["process"]
        else { throw NodeError(.notFound, "the container's own process is not known") }
        process["args"] = .array(program.map { .string($0) })
        process["terminal"] = .bool(hasTerminal)
        if let size { process["consoleSize"] = ["height": .int(Int(size.rows)), "width": .int(Int(size.columns))] }
        path = "\(runtime.root)/exec-\(UInt64.random(in: 0 ... .max)).json"
        try Files.write(JSON.write(process), to: path, mode: 0o600)
    }

    deinit { unlink(path) }
}
