import API
import NIOCore
import NIOHTTP1
import Synchronization

/// Leaves a change of protocol to whom a request is proxied to, and copies both ways from then on; requests that are
/// not proxied change as they would without it.
final class ProxiedUpgrade: HTTPServerProtocolUpgrader, Sendable {
    typealias Asking = @Sendable () async throws(Status) -> (BackendReader.Head, ProxyExchange)

    let supportedProtocol: String
    let requiredUpgradeHeaders: [String] = []
    private let inner: any HTTPServerProtocolUpgrader & Sendable
    private let asking: @Sendable (HTTPRequestHead) -> Asking?
    /// What was agreed on for the one request of this connection that changes it.
    private let agreed = Mutex<ProxyExchange?>(nil)

    /// - Parameter asking: what asks the other side of a proxied request; nil for all other requests.
    init(
        _ inner: any HTTPServerProtocolUpgrader & Sendable, asking: @escaping @Sendable (HTTPRequestHead) -> Asking?
    ) {
        self.inner = inner
        self.asking = asking
        supportedProtocol = inner.supportedProtocol
    }

    func buildUpgradeResponse(
        channel: any Channel, upgradeRequest head: HTTPRequestHead, initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        guard let ask = asking(head) else {
            return inner.buildUpgradeResponse(
                channel: channel, upgradeRequest: head, initialResponseHeaders: initialResponseHeaders)
        }
        return channel.eventLoop.makeFutureWithTask {
            // Who does not agree is asked again by the handler of common requests, which passes the answer on.
            guard let (answer, exchange) = try? await ask() else { throw Upgrades.Refused() }
            self.agreed.withLock { $0 = exchange }
            var headers = initialResponseHeaders
            for header in answer.headers where !CarriedRequest.isOwn(header.name) {
                headers.add(name: header.name, value: header.value)
            }
            return headers
        }
    }

    func upgrade(context: ChannelHandlerContext, upgradeRequest head: HTTPRequestHead) -> EventLoopFuture<Void> {
        guard let exchange = agreed.withLock({ $0 }) else {
            return inner.upgrade(context: context, upgradeRequest: head)
        }
        let channel = context.channel
        return channel.eventLoop.makeCompletedFuture {
            let wire = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            Task {
                try await wire.executeThenClose { inbound, outbound in
                    let pieces = inbound.map { [UInt8]($0.readableBytesView) }
                    await exchange.converse(pieces) { try await outbound.write(ByteBuffer(bytes: $0)) }
                }
            }
        }
    }
}
