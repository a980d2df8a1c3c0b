import Client
import Synchronization

/// How many requests are being worked on, and no more than are good for the server (upstream's --max-requests-inflight and
/// --max-mutating-requests-inflight, 400 and 200). Watches and what is passed on to pods do not count.
final class InFlight: Sendable {
    /// What is counted apart.
    enum Kind: String, CaseIterable {
        case mutating, readOnly
    }

    private let most: (mutating: Int, readOnly: Int)
    private let mutating = Atomic(0)
    private let readOnly = Atomic(0)

    init(mutating: Int = 200, readOnly: Int = 400) { most = (mutating, readOnly) }

    /// Whether a request may begin; who begins calls ``leave(_:)`` at the end. Administrators are never held up, so that
    /// they can mend a cluster that others keep busy (Kubernetes documentation, "API Priority and Fairness", exempt).
    func enter(_ kind: Kind, _ identity: Identity) -> Bool {
        let (now, most) = add(1, kind)
        if now <= most || identity.groups.contains("system:masters") { return true }
        leave(kind)
        return false
    }

    func leave(_ kind: Kind) { _ = add(-1, kind) }

    private func add(_ change: Int, _ kind: Kind) -> (now: Int, most: Int) {
        switch kind {
        case .mutating: (mutating.add(change, ordering: .relaxed).newValue, most.mutating)
        case .readOnly: (readOnly.add(change, ordering: .relaxed).newValue, most.readOnly)
        }
    }

    /// The lines that Prometheus reads.
    var text: String {
        """
        # HELP apiserver_current_inflight_requests [STABLE] How many requests are being worked on.
        # TYPE apiserver_current_inflight_requests gauge

        """
            + Kind.allCases.map {
                "apiserver_current_inflight_requests{request_kind=\"\($0.rawValue)\"} \(add(0, $0).now)\n"
            }.joined()
    }
}

extension Answer {
    /// What upstream's server says when it has too much to do.
    static var tooManyRequests: Answer {
        var answer = Answer(
            .bytes(Array("Too many requests, please try again later.\n".utf8), type: "text/plain; charset=utf-8"),
            status: 429)
        answer.headers = [("Retry-After", "1"), ("X-Content-Type-Options", "nosniff")]
        return answer
    }
}
