import Client
import Synchronization

/// How many requests are being worked on, and no more than are good for the server (upstream's --max-requests-inflight and
/// --max-mutating-requests-inflight, 400 and 200). Watches and what is passed on to pods do not count.
final class InFlight: Sendable {
    /// What is counted apart.
    enum Kind: String, CaseIterable {
        case mutating, readOnly

        init(method: String) { self = method == "GET" || method == "HEAD" ? .readOnly : .mutating }
    }

    private let most: [Kind: Int]
    private let counts = Mutex<[Kind: Int]>([:])

    init(mutating: Int = 200, readOnly: Int = 400) { most = [.mutating: mutating, .readOnly: readOnly] }

    /// Whether a request may begin; who begins calls ``leave(_:)`` at the end. Administrators are never held up, so that
    /// they can mend a cluster that others keep busy (Kubernetes documentation, "API Priority and Fairness", exempt).
    func enter(_ kind: Kind, _ identity: Identity) -> Bool {
        let isExempt = identity.groups.contains("system:masters")
        return counts.withLock { counts in
            if !isExempt, counts[kind, default: 0] >= most[kind, default: 0] { return false }
            counts[kind, default: 0] += 1
            return true
        }
    }

    func leave(_ kind: Kind) { counts.withLock { $0[kind, default: 0] -= 1 } }

    /// The lines that Prometheus reads.
    var text: String {
        let counts = counts.withLock { $0 }
        return """
            # HELP apiserver_current_inflight_requests [STABLE] How many requests are being worked on.
            # TYPE apiserver_current_inflight_requests gauge

            """
                + Kind.allCases.map {
                    "apiserver_current_inflight_requests{request_kind=\"\($0.rawValue)\"} \(counts[$0, default: 0])\n"
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
