extension KubeAPI {
    /// What upstream checks, in its order. What stands behind a hook there is done here before the server is ready, so that
    /// all of them are well from then on.
    private static let hooks =
        [
            "start-apiserver-admission-initializer", "generic-apiserver-start-informers",
            "priority-and-fairness-config-consumer", "priority-and-fairness-filter",
            "storage-object-count-tracker-hook",
            "start-apiextensions-informers", "start-apiextensions-controllers", "crd-informer-synced",
            "start-system-namespaces-controller", "peer-endpoint-reconciler-controller",
            "start-cluster-authentication-info-controller", "start-kube-apiserver-identity-lease-controller",
            "start-kube-apiserver-identity-lease-garbage-collector", "storage-readiness",
            "start-legacy-token-tracking-controller", "start-service-ip-repair-controllers", "rbac/bootstrap-roles",
            "scheduling/bootstrap-system-priority-classes", "priority-and-fairness-config-producer",
            "bootstrap-controller", "start-kubernetes-service-cidr-controller", "aggregator-reload-proxy-client-cert",
            "start-kube-aggregator-informers", "apiservice-status-local-available-controller",
            "apiservice-status-remote-available-controller", "apiservice-registration-controller",
            "apiservice-wait-for-first-sync", "apiservice-discovery-controller", "kube-apiserver-autoregistration",
        ].map { "poststarthook/\($0)" } + ["autoregister-completion"]
        + ["apiservice-openapi-controller", "apiservice-openapiv3-controller"].map { "poststarthook/\($0)" }

    /// The checks behind `/livez`, `/readyz` and `/healthz`.
    static let checks: [String: [String]] = [
        "livez": ["ping", "log", "loopback-serving-certificate", "etcd"] + hooks,
        "healthz": ["ping", "log", "loopback-serving-certificate", "etcd"] + hooks,
        "readyz": ["ping", "log", "informer-sync"] + hooks + ["shutdown"],
    ]

    /// Says whether the server works, in words where `verbose` asks for them or something is wrong.
    func health(_ parts: [String], _ incoming: Incoming) -> Answer {
        let endpoint = parts[0]
        let checks = KubeAPI.checks[endpoint] ?? []
        if parts.count > 1 {
            let name = parts[1...].joined(separator: "/")
            guard checks.contains(name) || name == "etcd" else { return .pageNotFound }
            // A single check that is well is answered without more ado.
            if isWell(name) { return Answer(.bytes(Array("ok".utf8), type: "text/plain; charset=utf-8")) }
            return text("internal server error: \(name) failed\n", status: 500)
        }
        let excluded = Set(incoming.query.all("exclude"))
        let isGood = checks.allSatisfy { excluded.contains($0) || isWell($0) }
        if isGood && !incoming.query.has("verbose") { return text("ok") }
        var lines = checks.map { name in
            if excluded.contains(name) { return "[+]\(name) excluded: ok" }
            return isWell(name) ? "[+]\(name) ok" : "[-]\(name) failed: reason withheld"
        }
        let unknown = excluded.subtracting(checks).sorted()
        if !unknown.isEmpty {
            let names = unknown.map { "\"\($0)\"" }.joined(separator: ", ")
            lines.append("warn: some health checks cannot be excluded: no matches for \(names)")
        }
        lines.append("\(endpoint) check \(isGood ? "passed" : "failed")")
        return text(lines.joined(separator: "\n") + "\n", status: isGood ? 200 : 500)
    }

    /// Until the server is ready, and once it is ending, what makes it ready has not happened.
    func isWell(_ check: String) -> Bool {
        switch check {
        case "informer-sync", "shutdown": isReady
        default: true
        }
    }

    private func text(_ text: String, status: Int = 200) -> Answer {
        var answer = Answer(.bytes(Array(text.utf8), type: "text/plain; charset=utf-8"), status: status)
        answer.headers = [("X-Content-Type-Options", "nosniff")]
        return answer
    }
}
