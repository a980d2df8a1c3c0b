import NIOCore
import NIOPosix
import NIOSSL

/// One request over TLS whose answer's first line is all that matters. As with the kubelet, certificates are not
/// checked: a probe asks whether the server answers, not who it is.
enum SecureExchange {
    /// - Parameters:
    ///   - descriptor: a connected socket, which is taken over.
    ///   - limit: bytes of the answer that are looked at.
    /// - Returns: the first line, without its end.
    static func firstLine(_ descriptor: Int32, request: [UInt8], limit: Int) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .withConnectedSocket(descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { input, output in
            try await output.write(ByteBuffer(bytes: request))
            var bytes: [UInt8] = []
            for try await buffer in input {
                bytes += buffer.readableBytesView
                if bytes.count >= limit || bytes.contains(10) { break }
            }
            return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
        }
    }
}
