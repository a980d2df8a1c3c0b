import API
import Client
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// TLS with a port of a pod whose bytes the node carries: one end of a pair of sockets speaks it, what comes out of the
/// other is passed on.
struct SecureForward: Sendable {
    private typealias Wire = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let node: any NodeConnection
    let target: ProxyTarget

    /// As ``NodeConnection/forward(port:at:of:input:output:)``, with bytes that are not encrypted yet.
    ///
    /// - Throws: an API `Status` that says what was wrong with the other side.
    func run(
        input: HandOver<[UInt8]>, output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw Status.internalError("socketpair: \(String(cString: strerror(errno)))")
        }
        let far = try await SecureForward.wire(ends[1], nil)
        let near = try await SecureForward.wire(ends[0], SecureForward.context())
        do {
            try await near.executeThenClose { clear, encrypt in
                try await far.executeThenClose { encrypted, decrypt in
                    try await run(input, output, clear, encrypt, encrypted, decrypt)
                }
            }
        } catch let error as NIOSSLError {
            // Who ends without a word of TLS has ended all the same.
            if case .uncleanShutdown = error { return }
            throw Status.unavailable(SecureForward.words(error))
        }
    }

    /// What Go says where TLS fails for the commonest of reasons; BoringSSL's own words tell of its source files.
    private static func words(_ error: NIOSSLError) -> String {
        "\(error)".contains("WRONG_VERSION_NUMBER")
            ? "tls: first record does not look like a TLS handshake" : "tls: handshake failure"
    }

    private func run(
        _ input: HandOver<[UInt8]>, _ output: @escaping @Sendable ([UInt8]) async throws -> Void,
        _ clear: NIOAsyncChannelInboundStream<ByteBuffer>, _ encrypt: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ encrypted: NIOAsyncChannelInboundStream<ByteBuffer>, _ decrypt: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        let carried = HandOver<[UInt8]>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { decrypt.finish() }
                try await target.connect(through: node, carried) { try await decrypt.write(ByteBuffer(bytes: $0)) }
            }
            group.addTask {
                defer { carried.finish() }
                for try await bytes in encrypted {
                    guard await carried.give([UInt8](bytes.readableBytesView)) else { return }
                }
            }
            group.addTask { while let bytes = await input.take() { try await encrypt.write(ByteBuffer(bytes: bytes)) } }
            group.addTask {
                defer { input.finish() }
                for try await bytes in clear { try await output([UInt8](bytes.readableBytesView)) }
            }
            // Unlike waitForAll(), this ends the others with the first failure.
            for try await _ in group {}
        }
    }

    private static func context() throws -> NIOSSLContext {
        var settings = TLSConfiguration.makeClientConfiguration()
        // Upstream's proxy does not check certificates either: pods have none that it could know.
        settings.certificateVerification = .none
        return try NIOSSLContext(configuration: settings)
    }

    /// - Parameter context: of TLS; nil for bytes as they are.
    private static func wire(_ descriptor: Int32, _ context: NIOSSLContext?) async throws -> Wire {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).withConnectedSocket(descriptor) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                if let context {
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
                return try Wire(wrappingChannelSynchronously: channel)
            }
        }
    }
}
