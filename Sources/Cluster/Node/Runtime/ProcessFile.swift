import Document
import Glibc

/// A further program for a container, as the runtime wants to be told: like the container's own process, with other
/// words. So it runs as the same user with the same rights; the file goes with this value.
final class ProcessFile: Sendable {
    let path: String

    init(_ program: [String], in folder: ContainerFolder, hasTerminal: Bool = false, runtime: ContainerRuntime) throws {
        guard let bundle = Files.read(folder.configuration, limit: 1 << 20).flatMap({ try? JSON.parse($0) }),
            var process = bundle["process"]
        else { throw NodeError(.notFound, "the container's own process is not known") }
        process["args"] = .array(program.map { .string($0) })
        process["terminal"] = .bool(hasTerminal)
        path = "\(runtime.root)/exec-\(UInt64.random(in: 0 ... .max)).json"
        try Files.write(JSON.write(process), to: path, mode: 0o600)
    }

    deinit { unlink(path) }
}
