import NIOCore
import Synchronization

/// Wakes what waits on an event loop: all that a change has to wake, by one task of the loop.
final class LoopBell: Sendable {
    private let loop: any EventLoop
    private let rung = Mutex<[ResponseWriter]>([])

    init(_ loop: any EventLoop) { self.loop = loop }

    /// Lets the writer look for what has come; on whatever thread.
    func ring(_ writer: ResponseWriter) {
        let isFirst = rung.withLock { rung in
            rung.append(writer)
            return rung.count == 1
        }
        if isFirst { loop.execute { self.wake() } }
    }

    private func wake() {
        let writers = rung.withLock { rung in
            defer { rung = [] }
            return rung
        }
        for writer in writers { writer.pump() }
    }
}

/// What a watch rings when something has come, until its writer has ended: a weak reference would cost each use of the writer.
final class Waker: Sendable {
    private let bell: LoopBell
    private let writer: Mutex<ResponseWriter?>

    init(_ bell: LoopBell, _ writer: ResponseWriter) {
        self.bell = bell
        self.writer = Mutex(writer)
    }

    func ring() {
        if let writer = writer.withLock({ $0 }) { bell.ring(writer) }
    }

    func end() { writer.withLock { $0 = nil } }
}
