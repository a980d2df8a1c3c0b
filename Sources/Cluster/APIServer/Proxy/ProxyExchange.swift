import API
import Client

/// One request to a pod and its answer, over a connection of their own that ends with them.
final class ProxyExchange: Sendable {
    private let input = HandOver<[UInt8]>()
    private let output: HandOver<[UInt8]>
    private let connection: Task<Void, any Error>
    private let reader: ProxyReading

    init(_ node: any NodeConnection, _ target: ProxyTarget) {
        let (input, output) = (input, HandOver<[UInt8]>())
        self.output = output
        reader = ProxyReading(output)
        connection = Task {
            defer { output.finish() }
            @Sendable func take(_ bytes: [UInt8]) async throws {
                guard await output.give(bytes) else { throw CancellationError() }
            }
            if target.isSecure {
                try await SecureForward(node: node, target: target).run(input: input, output: take)
            } else {
                try await target.connect(through: node, input, take)
            }
        }
    }

    deinit { end() }

    private func end() {
        connection.cancel()
        input.finish()
        output.finish()
    }

    /// How long the other side may take to begin its answer.
    private static let patience = Duration.seconds(60)

    /// Sends a request and returns the head of its answer.
    func send(_ message: [UInt8], hasBody: Bool) async throws(Status) -> BackendReader.Head {
        let (output, connection) = (output, connection)
        let watchdog = Task {
            try await Task.sleep(for: ProxyExchange.patience)
            connection.cancel()
            output.finish()
        }
        defer { watchdog.cancel() }
        let input = input
        let sending = Task { await input.give(message) }
        defer { sending.cancel() }
        do throws(Status) {
            return try await reader.head(hasBody: hasBody)
        } catch {
            input.finish()
            output.finish()
            if case .failure(let failure as Status) = await connection.result { throw .unreachable(failure.message) }
            throw error
        }
    }

    /// What follows the head. The exchange lives as long as somebody holds this.
    var body: AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { try await self.reader.piece() }
    }

    /// Copies both ways once both sides speak another protocol, until one of them ends.
    func converse<Source: AsyncSequence & Sendable>(
        _ inbound: Source, _ write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async where Source.Element == [UInt8] {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { for try await bytes in inbound { guard await self.input.give(bytes) else { return } } } catch {}
            }
            group.addTask { do { for try await bytes in self.body { try await write(bytes) } } catch {} }
            await group.next()
            group.cancelAll()
            self.end()
        }
    }
}

/// The reader of one answer; one task at a time asks it.
private actor ProxyReading {
    private var reader: BackendReader

    init(_ source: HandOver<[UInt8]>) { reader = BackendReader(source) }

    func head(hasBody: Bool) async throws(Status) -> BackendReader.Head {
        var reader = reader
        let head = try await reader.head(hasBody: hasBody)
        self.reader = reader
        return head
    }

    func piece() async throws(Status) -> [UInt8]? {
        var reader = reader
        let piece = try await reader.piece()
        self.reader = reader
        return piece
    }
}
