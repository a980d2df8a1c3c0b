import API
import Client
import Document
import Schema
import Store

/// A watch that is running. One consumer empties it, on whatever thread it likes but never on two at once.
///
/// `@unchecked Sendable`: `hasColumns` and `progress` are only touched by that one consumer, in `drain` and `initial`: an event loop, or
/// the one task of an in-process watch. Everything else is immutable or itself Sendable.
final class WatchSession: @unchecked Sendable {
    /// One step of a watch, in the two forms that are needed.
    enum Step: Sendable {
        case line(WatchLine)
        case event(WatchEvent)
    }

    /// What a drain found.
    struct Steps: Sendable {
        var steps: [Step] = []
        /// The revision up to which everything has been handed out.
        var progress: Revision
        var isOver = false
        /// Whether there was nothing, so that `wake` will be called when there is.
        var isEmpty = false
    }

    private let plan: Watching
    private let watch: Watch
    private var hasColumns = true
    private var progress: Revision = 0
    private let floor: Revision
    private let wantsTrees: Bool

    /// - Parameters:
    ///   - wantsTrees: whether steps are trees for this process, not lines for the wire.
    ///   - wake: called when there is something to drain after a drain found nothing.
    /// - Throws: the Status of the ERROR event with which a watch ends that begins too far back.
    init(_ plan: Watching, wantsTrees: Bool, wake: @escaping @Sendable () -> Void) throws(Status) {
        self.plan = plan
        self.wantsTrees = wantsTrees
        let start: Revision
        switch plan.start {
        case .after(let revision): start = revision
        case .present(_, let revision, _): start = revision
        case .refused(let status): throw status
        }
        floor = start
        do throws(StoreFailure) {
            watch = try plan.api.store.watch(
                plan.folder, after: start, limit: Watching.bufferLimit, wake: wake)
        } catch {
            guard case .compacted(let oldest) = error else { throw Status(error, plan.resource, "") }
            throw .expired("too old resource version: \(start) (\(oldest))")
        }
    }

    func cancel() { watch.cancel() }

    /// What stood there when the watch began.
    func initial() -> Steps {
        guard case .present(let records, let revision, let endsWithBookmark) = plan.start else {
            return Steps(progress: floor)
        }
        var result = Steps(progress: revision)
        do throws(Status) {
            for record in records { result.steps.append(try added(record)) }
            if endsWithBookmark { result.steps.append(bookmark(revision, isInitialEnd: true)) }
        } catch {
            fail(error, &result)
        }
        return result
    }

    /// What has come since the last call.
    ///
    /// - Parameter waits: whether `wake` is called for what comes next also where there was something.
    func drain(waits: Bool = false) -> Steps {
        let batch = watch.take(waits: waits)
        progress = batch.progress
        var result = Steps(
            progress: batch.progress, isOver: batch.end != nil, isEmpty: batch.events.isEmpty)
        do throws(Status) {
            for event in batch.events where event.revision > floor {
                if let step = try step(event) { result.steps.append(step) }
            }
        } catch {
            fail(error, &result)
        }
        return result
    }

    private func fail(_ status: Status, _ result: inout Steps) {
        result.steps.append(WatchSession.errorStep(status))
        result.isOver = true
    }

    /// The step that ends a watch with a failure.
    static func errorStep(_ status: Status) -> Step { .event(WatchEvent(.error, status.value)) }

    /// Says how far the client has got, so that it need not begin further back after a break. Drain first.
    func bookmark() -> Step { bookmark(max(progress, floor), isInitialEnd: false) }

    private func bookmark(_ revision: Revision, isInitialEnd: Bool) -> Step {
        var object: Value = [
            "kind": .string(plan.resource.gvk.kind), "apiVersion": .string(plan.resource.resource.apiVersion),
            "metadata": ["resourceVersion": .string(String(revision))],
        ]
        if isInitialEnd { object["metadata", "annotations"] = ["k8s.io/initial-events-end": "true"] }
        return wrap(.bookmark, shaped(object))
    }

    private var isPlain: Bool { plan.form == .json && plan.selection.isEverything && !wantsTrees }

    private func added(_ record: Record) throws(Status) -> Step {
        guard plan.form == .json && !wantsTrees else { return wrap(.added, shaped(try plan.resource.tree(record))) }
        var bytes = Array("{\"type\":\"ADDED\",\"object\":".utf8)
        try plan.resource.append(record, isItem: false, to: &bytes)
        bytes += Array("}\n".utf8)
        return .line(WatchLine(bytes))
    }

    private func step(_ event: Event) throws(Status) -> Step? {
        let view = plan.api.frames.view(of: event)
        if isPlain { return .line(try view.line(event, plan.resource)) }
        guard let change = try change(event, view) else { return nil }
        return wrap(change.kind, shaped(change.object))
    }

    /// What the change is to a watcher with selectors: entering the selection is ADDED, leaving it DELETED.
    func change(_ event: Event, _ view: EventView) throws(Status) -> WatchEvent? {
        let current = try view.current(event, plan.resource)
        let isIn = current.map(plan.selection.matches) ?? false
        if plan.selection.isEverything, let current {
            return WatchEvent(event.previous == nil ? .added : .modified, current)
        }
        let previous = try view.previous(event, plan.resource)
        let wasIn = previous.map(plan.selection.matches) ?? false
        switch (isIn, wasIn) {
        case (true, true): return current.map { WatchEvent(.modified, $0) }
        case (true, false): return current.map { WatchEvent(.added, $0) }
        case (false, true): return previous.map { WatchEvent(.deleted, $0) }
        case (false, false): return nil
        }
    }

    private func shaped(_ object: Value) -> Value {
        let shaping = Shaping(resource: plan.resource, now: plan.api.clock.now)
        switch plan.form.shape {
        case .whole, .discovery: return object
        case .metadata(let version, _): return shaping.metadata(of: object, version: version)
        case .table(let version):
            defer { hasColumns = false }
            let metadata: Value = ["resourceVersion": object["metadata", "resourceVersion"] ?? ""]
            return shaping.table(
                [object], metadata: metadata, version: version, includeObject: plan.form.includeObject,
                hasColumns: hasColumns)
        }
    }

    private func wrap(_ kind: WatchEvent.Kind, _ object: Value) -> Step {
        .event(WatchEvent(kind, object))
    }
}

extension WatchSession.Step {
    /// The step as a line of the watch.
    func line(_ encoding: Form.Encoding) -> WatchLine {
        switch self {
        case .line(let line): return line
        case .event(let event): return WatchLine(WatchSession.Step.bytes(event, encoding))
        }
    }

    private static func bytes(_ event: WatchEvent, _ encoding: Form.Encoding) -> [UInt8] {
        let value: Value = ["type": .string(event.kind.rawValue), "object": event.object]
        switch encoding {
        case .protobuf: return ProtobufForm.frame(event.kind.rawValue, event.object)
        case .yaml: return Array("---\n".utf8) + YAML.write(value)
        case .json: return JSON.write(value) + [UInt8(ascii: "\n")]
        }
    }
}
