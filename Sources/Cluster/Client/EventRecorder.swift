public import API
public import Document
import Synchronization

/// Tells users what a component did and why, as Event objects (client-go's `record.EventRecorder`).
///
/// Recording never waits: events are sent one after the other in the background, and dropped where too many wait.
/// The same event again counts up the one that is there; many that are alike are combined into one.
public final class EventRecorder: Sendable {
    /// How the component signs its events.
    public enum Style: Sendable {
        /// As client-go's older recorder does: `source.component`, counts.
        case counted
        /// As its newer one does: `eventTime`, an action and an instance.
        case timed(instance: String)
    }

    private struct Report: Sendable {
        let object: Value
        /// `spec.containers{NAME}`; empty where the whole object is meant.
        let part: String
        let type: String
        let reason: String
        let action: String
        let message: String
        let time: Time
    }

    private let client: APIClient
    private let component: String
    private let host: String
    private let style: Style
    private let clock: any TimeSource
    private let reports: AsyncStream<Report>
    private let inbox: AsyncStream<Report>.Continuation
    private let correlation = Mutex(EventCorrelation())

    /// - Parameters:
    ///   - component: who speaks, such as `deployment-controller`.
    ///   - host: the node that it speaks for; empty for none.
    public init(
        _ client: APIClient, component: String, host: String = "", style: Style = .counted, clock: any TimeSource
    ) {
        self.client = client
        self.component = component
        self.host = host
        self.style = style
        self.clock = clock
        (reports, inbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1000))
    }

    /// Records that something normal happened to an object.
    ///
    /// - Parameter part: which of the object's parts is meant, as `spec.containers{NAME}`.
    public func normal(
        _ object: Value, part: String = "", _ reason: String, action: String = "", _ message: String
    ) {
        record(object, part, "Normal", reason, action, message)
    }

    /// Records that something went wrong with an object.
    ///
    /// - Parameter part: which of the object's parts is meant, as `spec.containers{NAME}`.
    public func warning(
        _ object: Value, part: String = "", _ reason: String, action: String = "", _ message: String
    ) {
        record(object, part, "Warning", reason, action, message)
    }

    private func record(
        _ object: Value, _ part: String, _ type: String, _ reason: String, _ action: String, _ message: String
    ) {
        inbox.yield(
            Report(
                object: object, part: part, type: type, reason: reason, action: action, message: message,
                time: clock.now))
    }

    /// Sends what is recorded until the task is cancelled. An event that is refused is lost, as upstream's are.
    public func run() async {
        for await report in reports {
            do { try await send(report) } catch { continue }
        }
    }

    private func send(_ report: Report) async throws {
        var event = event(report)
        let known = correlation.withLock { $0.admit(&event, now: report.time) }
        guard let known else {
            let created = try await client.create(.events, event)
            return correlation.withLock { $0.remember(created, as: event) }
        }
        let patch: Value = [
            "count": .int(known.count), "lastTimestamp": .string(report.time.description),
            "message": event["message"] ?? "",
        ]
        do {
            _ = try await client.patch(.events, namespace: event.namespace, name: known.name, .merge(patch))
        } catch let status as Status where status.reason == .notFound {
            _ = try await client.create(.events, event)
        }
    }

    private func event(_ report: Report) -> Value {
        let object = report.object
        let namespace = object.namespace.isEmpty ? "default" : object.namespace
        let nanos = UInt64(bitPattern: report.time.seconds &* 1_000_000_000 &+ Int64(report.time.nanoseconds))
        let serial = correlation.withLock { $0.serial(at: nanos) }
        var event: Value = [
            "apiVersion": "v1", "kind": "Event",
            "metadata": [
                "name": .string("\(object.name).\(String(serial, radix: 16))"), "namespace": .string(namespace),
            ],
            "involvedObject": reference(to: object, report.part), "type": .string(report.type),
            "reason": .string(report.reason),
            "message": .string(String(report.message.prefix(1024))), "reportingComponent": .string(component),
        ]
        switch style {
        case .counted:
            event["source"] = ["component": .string(component)]
            if !host.isEmpty {
                event["source", "host"] = .string(host)
                event["reportingInstance"] = .string(host)
            }
            event["firstTimestamp"] = .string(report.time.description)
            event["lastTimestamp"] = .string(report.time.description)
            event["count"] = 1
        case .timed(let instance):
            event["eventTime"] = .string(report.time.micro)
            event["reportingInstance"] = .string(instance)
            event["action"] = .string(report.action)
        }
        return event
    }

    private func reference(to object: Value, _ part: String) -> Value {
        var reference: Value = [
            "apiVersion": .string(object.apiVersion), "kind": .string(object.kind), "name": .string(object.name),
            "uid": .string(object.uid), "resourceVersion": .string(object.resourceVersion),
        ]
        if !object.namespace.isEmpty { reference["namespace"] = .string(object.namespace) }
        if !part.isEmpty { reference["fieldPath"] = .string(part) }
        return reference
    }
}

/// What was said lately, so that the same is not said in ever new objects (client-go's `EventCorrelator`).
struct EventCorrelation {
    struct Known {
        var name: String
        var count: Int
    }

    private struct Group {
        var messages: Set<String> = []
        var last: Time
    }

    /// client-go's defaults: more than ten different messages of one kind in ten minutes are combined.
    private static let mostMessages = 10
    private static let window = Duration.seconds(600)
    private static let mostEntries = 4096

    private var known: [String: Known] = [:]
    private var groups: [String: Group] = [:]
    private var lastSerial: UInt64 = 0

    /// A number for the event's name: the time, but never the same twice.
    mutating func serial(at nanos: UInt64) -> UInt64 {
        lastSerial = max(nanos, lastSerial &+ 1)
        return lastSerial
    }

    /// Combines the event with others like it; returns the one to count up, where it is there already.
    mutating func admit(_ event: inout Value, now: Time) -> Known? {
        guard event["count"] != nil else { return nil }
        let group = key(event, withMessage: false)
        var entry = groups[group] ?? Group(last: now)
        if now - entry.last > Self.window { entry.messages = [] }
        entry.last = now
        entry.messages.insert(event["message"]?.string ?? "")
        let isCombined = entry.messages.count >= Self.mostMessages
        if entry.messages.count > Self.mostMessages { entry.messages.removeFirst() }
        remember(entry, as: group)
        if isCombined {
            event["message"] = .string("(combined from similar events): \(event["message"]?.string ?? "")")
        }
        let key = key(event, withMessage: !isCombined)
        guard var found = known[key] else { return nil }
        found.count += 1
        known[key] = found
        return found
    }

    /// Remembers under which name an event was stored.
    mutating func remember(_ created: Value, as event: Value) {
        guard event["count"] != nil else { return }
        if known.count >= Self.mostEntries { known = [:] }
        let isCombined = event["message"]?.string?.hasPrefix("(combined from similar events)") ?? false
        known[key(event, withMessage: !isCombined)] = Known(name: created.name, count: 1)
    }

    private mutating func remember(_ group: Group, as key: String) {
        if groups.count >= Self.mostEntries { groups = [:] }
        groups[key] = group
    }

    private func key(_ event: Value, withMessage: Bool) -> String {
        let about = event["involvedObject"]
        let parts = [
            event["source", "component"], about?["kind"], about?["namespace"], about?["name"], about?["uid"],
            about?["fieldPath"], event["type"], event["reason"], withMessage ? event["message"] : nil,
        ]
        return parts.map { $0?.string ?? "" }.joined(separator: "\u{1f}")
    }
}
