import API
import Glibc
import Synchronization

/// How many requests for a resource were answered, and how long that took, under the names and labels that upstream's
/// server gives them (Kubernetes Metrics Reference).
final class RequestCounts: Sendable {
    /// What requests for a resource, or for a part of it, are told apart by.
    struct Kind: Equatable {
        let verb: Verb
        let scope: Scope

        init(_ route: Route, _ verb: Verb) {
            self.verb = verb
            scope = !route.name.isEmpty ? .resource : !route.namespace.isEmpty ? .namespace : .cluster
        }
    }

    enum Scope {
        case cluster, namespace, resource
    }

    fileprivate struct Row {
        let kind: Kind
        var codes: [(code: Int, count: Int)] = []
        /// How many took at most the bound of the same index, and longer than the one before it.
        var buckets = [Int](repeating: 0, count: RequestCounts.bounds.count)
        var timed = 0
        var seconds = 0.0
    }

    /// Seconds; upstream's.
    fileprivate static let bounds: [Double] = [
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
    ]

    private struct State {
        /// Of the resource itself, which most requests are about: no text is hashed for them, and few are the kinds.
        var rows: [Row] = []
        /// Of its parts, by their names.
        var parts: [String: [Row]] = [:]
    }

    private let state = Mutex(State())

    /// Nanoseconds of a clock that only runs forward.
    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Notes an answer; how long a watch takes tells nothing.
    ///
    /// - Parameter begun: the time on ``now``'s clock.
    func note(_ route: Route, _ verb: Verb, code: Int, since begun: Int) {
        let kind = Kind(route, verb)
        let seconds = verb == .watch ? nil : Double(RequestCounts.now - begun) / 1e9
        state.withLock { state in
            if route.subresource.isEmpty { return state.rows.note(kind, code, seconds) }
            state.parts[route.subresource, default: []].note(kind, code, seconds)
        }
    }

    /// Labels and rows of what was asked for.
    fileprivate func rows(_ resource: GroupVersionResource) -> [(labels: String, row: Row)] {
        let state = state.withLock { $0 }
        return state.parts.merging(["": state.rows]) { own, _ in own }.flatMap { part, rows in
            rows.map { (RequestCounts.labels(resource, part, $0.kind), $0) }
        }
    }

    /// The lines that Prometheus reads.
    static func text(_ resources: some Collection<ServedResource>) -> String {
        let rows = resources.flatMap { $0.counts.rows($0.gvr) }.sorted { $0.labels < $1.labels }
        var totals = """
            # HELP apiserver_request_total [STABLE] How many requests were answered, by what they asked for and the code.
            # TYPE apiserver_request_total counter

            """
        var times = """
            # HELP apiserver_request_duration_seconds [STABLE] How long answers took, in seconds.
            # TYPE apiserver_request_duration_seconds histogram

            """
        for (labels, row) in rows {
            for (code, count) in row.codes.sorted(by: { $0.code < $1.code }) {
                totals += "apiserver_request_total{code=\"\(code)\",\(labels)} \(count)\n"
            }
            if row.timed > 0 { times += RequestCounts.histogram(labels, row) }
        }
        return totals + times
    }

    private static func histogram(_ labels: String, _ row: Row) -> String {
        let name = "apiserver_request_duration_seconds"
        var text = ""
        var below = 0
        for (bound, count) in zip(bounds, row.buckets) {
            below += count
            let edge = bound.rounded() == bound ? String(Int(bound)) : String(bound)
            text += "\(name)_bucket{\(labels),le=\"\(edge)\"} \(below)\n"
        }
        text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(row.timed)\n"
        return text + "\(name)_sum{\(labels)} \(row.seconds)\n\(name)_count{\(labels)} \(row.timed)\n"
    }

    private static func labels(_ resource: GroupVersionResource, _ part: String, _ kind: Kind) -> String {
        "component=\"apiserver\",dry_run=\"\",group=\"\(resource.group)\",resource=\"\(resource.resource)\","
            + "scope=\"\(kind.scope)\",subresource=\"\(part)\",verb=\"\(kind.verb.metricName)\","
            + "version=\"\(resource.version)\""
    }
}

extension [RequestCounts.Row] {
    fileprivate mutating func note(_ kind: RequestCounts.Kind, _ code: Int, _ seconds: Double?) {
        if let index = firstIndex(where: { $0.kind == kind }) { return self[index].note(code, seconds) }
        append(RequestCounts.Row(kind: kind))
        self[count - 1].note(code, seconds)
    }
}

extension RequestCounts.Row {
    fileprivate mutating func note(_ code: Int, _ seconds: Double?) {
        if let index = codes.firstIndex(where: { $0.code == code }) {
            codes[index].count += 1
        } else {
            codes.append((code, 1))
        }
        guard let seconds else { return }
        timed += 1
        self.seconds += seconds
        if let index = RequestCounts.bounds.firstIndex(where: { seconds <= $0 }) { buckets[index] += 1 }
    }
}

extension Verb {
    /// As upstream's metrics name it: by the method, but for what Kubernetes has words of its own.
    fileprivate var metricName: String {
        switch self {
        case .create: "POST"
        case .update: "PUT"
        case .get, .list, .watch, .patch, .delete, .deletecollection: rawValue.uppercased()
        }
    }
}
