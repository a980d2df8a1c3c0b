import API
import Synchronization

/// How many requests of each kind were answered, and how long that took, under the names and labels that upstream's
/// server gives them (Kubernetes Metrics Reference).
final class RequestCounts: Sendable {
    /// What requests are told apart by.
    private struct Kind: Hashable {
        let resource: GroupVersionResource
        let subresource: String
        let verb: Verb
        let scope: String
    }

    fileprivate struct Row {
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

    private let rows = Mutex<[Kind: Row]>([:])

    /// Notes an answer; how long a watch takes tells nothing.
    func note(_ route: Route, _ verb: Verb, code: Int, since begun: ContinuousClock.Instant) {
        let scope = !route.name.isEmpty ? "resource" : !route.namespace.isEmpty ? "namespace" : "cluster"
        let kind = Kind(
            resource: GroupVersionResource(group: route.group, version: route.version, resource: route.resource),
            subresource: route.subresource, verb: verb, scope: scope)
        let seconds = verb == .watch ? nil : (ContinuousClock.now - begun) / .seconds(1)
        rows.withLock { rows in rows[kind, default: Row()].note(code, seconds) }
    }

    /// The lines that Prometheus reads.
    var text: String {
        let rows = rows.withLock { $0 }.map { (labels: RequestCounts.labels($0), row: $1) }
            .sorted { $0.labels < $1.labels }
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

    private static func labels(_ kind: Kind) -> String {
        let (group, version, resource) = (kind.resource.group, kind.resource.version, kind.resource.resource)
        return
            "component=\"apiserver\",dry_run=\"\",group=\"\(group)\",resource=\"\(resource)\",scope=\"\(kind.scope)\","
            + "subresource=\"\(kind.subresource)\",verb=\"\(kind.verb.metricName)\",version=\"\(version)\""
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
