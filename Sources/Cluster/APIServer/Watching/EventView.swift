import API
import Document
import NIOCore
import Store
import Synchronization

/// What the API makes of one change, once for all who watch it: the trees before and after, and the bytes on the wire.
final class EventView: Sendable {
    private struct State {
        var current: Value?
        var previous: Value?
        var lines: [ObjectIdentifier: WatchLine] = [:]
    }

    private let state = Mutex(State())

    /// The object as it is now; nil where it was deleted.
    func current(_ event: Event, _ resource: ServedResource) throws(Status) -> Value? {
        guard let record = event.record else { return nil }
        if resource.isStorageVersion, let known = state.withLock({ $0.current }) { return known }
        let tree = try resource.tree(record)
        if resource.isStorageVersion { state.withLock { $0.current = tree } }
        return tree
    }

    /// The object as it was, at the revision of its going, which is how a deletion shows it.
    func previous(_ event: Event, _ resource: ServedResource) throws(Status) -> Value? {
        guard let record = event.previous else { return nil }
        if resource.isStorageVersion, let known = state.withLock({ $0.previous }) { return known }
        let tree = try resource.tree(record.bytes, revision: event.revision)
        if resource.isStorageVersion { state.withLock { $0.previous = tree } }
        return tree
    }

    /// The line that a watch without selectors sends for the change.
    func line(_ event: Event, _ resource: ServedResource) throws(Status) -> WatchLine {
        let id = ObjectIdentifier(resource)
        if let known = state.withLock({ $0.lines[id] }) { return known }
        var bytes: [UInt8] = []
        let kind = event.record == nil ? "DELETED" : event.previous == nil ? "ADDED" : "MODIFIED"
        guard let record = event.record ?? event.previous else { return WatchLine([]) }
        bytes.reserveCapacity(record.bytes.count + 200)
        bytes += Array("{\"type\":\"\(kind)\",\"object\":".utf8)
        try resource.append(record, revision: event.revision, isItem: false, to: &bytes)
        bytes += Array("}\n".utf8)
        let line = WatchLine(bytes)
        state.withLock { $0.lines[id] = line }
        return line
    }
}

/// A line of a watch, framed once as a chunk of HTTP/1.1 for all who get it (RFC 9112, 7.1).
struct WatchLine: Sendable {
    let chunk: ByteBuffer
    /// The line without its frame.
    let bare: ByteBuffer

    init(_ bytes: [UInt8]) {
        let head = String(bytes.count, radix: 16) + "\r\n"
        var chunk = ByteBuffer()
        chunk.reserveCapacity(head.utf8.count + bytes.count + 2)
        chunk.writeString(head)
        let start = chunk.writerIndex
        chunk.writeBytes(bytes)
        bare = chunk.getSlice(at: start, length: bytes.count) ?? ByteBuffer()
        chunk.writeString("\r\n")
        self.chunk = chunk
    }
}

/// Keeps the views of the latest changes on their events, and takes them away again: history keeps events for much longer
/// than anyone needs their trees.
final class FrameCache: Sendable {
    private static let capacity = 256

    private struct State {
        var ring: [Event?] = Array(repeating: nil, count: FrameCache.capacity)
        var next = 0
    }

    private let state = Mutex(State())

    /// The view that all watchers of the event share.
    func view(of event: Event) -> EventView {
        let (view, isNew) = event.shared.withLock { slot in
            if let known = slot as? EventView { return (known, false) }
            let view = EventView()
            slot = view
            return (view, true)
        }
        if isNew { remember(event) }
        return view
    }

    private func remember(_ event: Event) {
        let old = state.withLock { state in
            let old = state.ring[state.next]
            state.ring[state.next] = event
            state.next = (state.next + 1) % FrameCache.capacity
            return old
        }
        old?.shared.withLock { $0 = nil }
    }
}
