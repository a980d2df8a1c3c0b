import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import APIServer

/// How long a connection may leave the server waiting, in virtual time.
struct PatienceTests {
    private final class Served {
        let loop = EmbeddedEventLoop()
        let channel: EmbeddedChannel

        init() throws {
            channel = EmbeddedChannel(loop: loop)
            try channel.pipeline.syncOperations.addHandler(Exchange())
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        }

        deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

        func ask(isWhole: Bool = true) throws {
            try channel.writeInbound(
                HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")))
            if isWhole { try channel.writeInbound(HTTPServerRequestPart.end(nil)) }
        }

        func answer() throws {
            try channel.writeOutbound(
                HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)))
            try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        }

        /// Whether the connection is open after so many seconds.
        func isOpen(after seconds: Int64) -> Bool {
            loop.advanceTime(by: .seconds(seconds))
            return channel.isActive
        }
    }

    @Test func whoSaysNothingIsLeft() throws {
        let served = try Served()
        #expect(served.isOpen(after: 31))
        #expect(!served.isOpen(after: 20))
    }

    @Test func whoDoesNotFinishARequestIsLeft() throws {
        let served = try Served()
        try served.ask(isWhole: false)
        #expect(served.isOpen(after: 60))
        #expect(!served.isOpen(after: 25))
    }

    @Test func whoWaitsForAnAnswerMayWait() throws {
        let served = try Served()
        try served.ask()
        #expect(served.isOpen(after: 7200))
        try served.answer()
        #expect(served.isOpen(after: 90))
        try served.ask()
        try served.answer()
        #expect(served.isOpen(after: 90))
        #expect(!served.isOpen(after: 25))
    }

    @Test func whatSpeaksAnotherProtocolIsNotWatched() throws {
        let served = try Served()
        let exchange = try served.channel.pipeline.syncOperations.handler(type: Exchange.self)
        _ = served.channel.pipeline.syncOperations.removeHandler(exchange)
        #expect(served.isOpen(after: 7200))
    }

    @Test(arguments: [(85, true), (130, false)]) func whoAsksNothingByHTTP2IsLeft(seconds: Int64, isOpen: Bool) throws {
        let loop = EmbeddedEventLoop()
        let channel = EmbeddedChannel(loop: loop)
        let connection = Connection(executor: LoopExecutor(loop), bell: LoopBell(loop))
        try HTTP2Pipeline.add(to: channel, try ServerFixture().api, connection)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        loop.advanceTime(by: .seconds(seconds))
        #expect(channel.isActive == isOpen)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
