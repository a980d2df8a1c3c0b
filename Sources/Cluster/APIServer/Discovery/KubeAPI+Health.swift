extension KubeAPI {
    /// The checks behind `/livez`, `/readyz` and `/healthz`, in upstream's order.
    private static let checks = ["ping", "log", "etcd"]

    /// Says whether the server works, in words where `verbose` asks for them or something is wrong.
    func health(_ parts: [String], _ incoming: Incoming) -> Answer {
        if parts.count > 2 { return .pageNotFound }
        let endpoint = parts[0]
        if parts.count == 2 {
            guard KubeAPI.checks.contains(parts[1]) else { return .pageNotFound }
            return text("ok")
        }
        let isGood = endpoint == "livez" || isReady
        if isGood && !incoming.query.has("verbose") { return text("ok") }
        let excluded = Set(incoming.query.all("exclude"))
        var lines = KubeAPI.checks.map {
            excluded.contains($0) ? "[+]\($0) excluded: ok" : "[+]\($0) ok"
        }
        if endpoint != "livez" {
            lines.append(isReady ? "[+]informer-sync ok" : "[-]informer-sync failed: reason withheld")
        }
        lines.append("\(endpoint) check \(isGood ? "passed" : "failed")")
        return text(lines.joined(separator: "\n") + "\n", status: isGood ? 200 : 500)
    }

    private func text(_ text: String, status: Int = 200) -> Answer {
        var answer = Answer(.bytes(Array(text.utf8), type: "text/plain; charset=utf-8"), status: status)
        answer.headers = [("X-Content-Type-Options", "nosniff")]
        return answer
    }
}
