import CLinux
import Client
import Document
import Glibc

/// What a container's first process has for its input and output.
struct ContainerConsole: Sendable, Hashable {
    let hasTerminal: Bool
    let takesInput: Bool
    /// Whether the input ends when the first who typed goes away.
    let takesInputOnce: Bool

    /// Output alone.
    static let plain = ContainerConsole([:])

    init(_ container: Value) {
        hasTerminal = container["tty"]?.bool ?? false
        takesInput = container["stdin"]?.bool ?? false
        takesInputOnce = container["stdinOnce"]?.bool ?? false
    }

    /// As the shim wants to be told.
    var words: [String] {
        [("tty", hasTerminal), ("input", takesInput), ("once", takesInputOnce)].filter(\.1).map { "\($0.0)=1" }
    }
}

/// The streams of a container's first process, by the socket of its shim. What goes over it are packets of one letter
/// and what belongs to that; the shim's `console.c` tells them.
struct ConsoleConnection: Sendable {
    /// The largest packet.
    private static let limit = 32 << 10

    private let wire: Pipe

    /// Nil where the shim takes nobody: it is one of an older helmctl, or has ended.
    init?(_ folder: ContainerFolder) {
        let made = helmctl_connect_packets(folder.path, "attach.sock")
        guard made >= 0 else { return nil }
        wire = Pipe(made)
    }

    /// Passes on what comes until the container's output ends, or the client is gone.
    func run(_ streams: PodPrograms.Streams) async throws {
        let typing = Task { await type(streams.input) }
        let sizing = Task {
            while let size = await streams.sizes?.take() { await send("w", ConsoleConnection.bytes(of: size)) }
        }
        defer {
            typing.cancel()
            sizing.cancel()
            streams.input?.finish()
        }
        while case let packet = try await wire.read(ConsoleConnection.limit + 1), let letter = packet.first {
            let writer = letter == UInt8(ascii: "x") ? streams.errors : streams.output
            try await writer?(Array(packet.dropFirst()))
        }
    }

    private func type(_ input: HandOver<[UInt8]>?) async {
        guard let input else { return }
        await send("s", [])
        while let bytes = await input.take() {
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(ConsoleConnection.limit - 1)
                guard await send("i", Array(piece)) else { return input.finish() }
                rest = rest.dropFirst(piece.count)
            }
        }
        if !Task.isCancelled { await send("e", []) }
    }

    @discardableResult
    private func send(_ letter: Unicode.Scalar, _ bytes: [UInt8]) async -> Bool {
        (try? await wire.write([UInt8(ascii: letter)] + bytes)) == true
    }

    /// Two numbers as this machine has them in memory.
    private static func bytes(of size: (rows: UInt16, columns: UInt16)) -> [UInt8] {
        [size.rows, size.columns].flatMap { number in withUnsafeBytes(of: number, Array.init) }
    }
}
