import NIOCore

/// How long a client may leave a connection of HTTP/1.1 in waiting, after which it is closed: who opens connections and
/// says nothing, or a byte a minute, would take all that the system allows (net/http's ReadHeaderTimeout and IdleTimeout as
/// upstream sets them, and its --request-timeout for a body).
///
/// A clock ticks slowly for each connection, so that a request costs no timer.
final class Patience {
    /// What the client owes.
    enum Wait {
        case firstHead, body, nextHead
        /// Nothing: it waits for its answer, or reads it.
        case nothing

        /// In ticks: half a minute, a minute and a minute and a half, and less than a tick more.
        fileprivate var ticks: Int {
            switch self {
            case .firstHead: 2
            case .body: 4
            case .nextHead: 6
            case .nothing: .max
            }
        }
    }

    private static let tick = TimeAmount.seconds(16)

    var wait = Wait.firstHead { didSet { passed = 0 } }
    private var passed = 0
    private var clock: RepeatedTask?

    /// Watches over a channel, on its event loop.
    func begin(_ channel: any Channel) {
        let patience = NIOLoopBound(self, eventLoop: channel.eventLoop)
        clock = channel.eventLoop.scheduleRepeatedTask(initialDelay: Patience.tick, delay: Patience.tick) { _ in
            if patience.value.isOver() { channel.close(promise: nil) }
        }
    }

    func end() {
        clock?.cancel()
        clock = nil
    }

    private func isOver() -> Bool {
        passed += 1
        return passed > wait.ticks
    }
}
