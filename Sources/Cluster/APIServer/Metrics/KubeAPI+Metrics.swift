import API
import Document
import Schema
import Store

extension KubeAPI {
    private func page(_ text: String, type: String) -> Answer { Answer(.bytes(Array(text.utf8), type: type)) }

    private static let prometheus = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"

    /// What Prometheus gathers: what was asked and answered, what is stored, and what the process takes.
    func metrics() -> Answer {
        var answer = page(
            RequestCounts.text(served.all) + inFlight.text + stored() + buildInfo() + ProcessFigures.text,
            type: KubeAPI.prometheus)
        if let start = ProcessFigures.startSeconds {
            answer.headers = [("Process-Start-Time-Unix", String(Int(start)))]
        }
        return answer
    }

    private func buildInfo() -> String {
        let names = [("git_version", "gitVersion"), ("major", "major"), ("minor", "minor"), ("platform", "platform")]
        let labels = names.map { "\($0)=\"\(KubeAPI.version[Text($1)]?.string ?? "")\"" }.joined(separator: ",")
        return """
            # HELP kubernetes_build_info What was built.
            # TYPE kubernetes_build_info gauge
            kubernetes_build_info{\(labels)} 1

            """
    }

    /// How many objects of each resource there are, and how far the store has come.
    private func stored() -> String {
        var text = """
            # HELP helmctl_store_revision The revision of the last change.
            # TYPE helmctl_store_revision gauge
            helmctl_store_revision \(store.revision)
            # HELP apiserver_resource_objects How many objects of a resource are stored.
            # TYPE apiserver_resource_objects gauge

            """
        let snapshot = store.snapshot()
        for resource in served.all.filter(\.isStorageVersion).sorted(by: { $0.prefix < $1.prefix }) {
            guard resource.resource.verbs.contains("list") else { continue }
            var count = 0
            snapshot.forEach(in: resource.folder(namespace: "")) { _ in
                count += 1
                return true
            }
            text +=
                "apiserver_resource_objects{group=\"\(resource.gvr.group)\",resource=\"\(resource.gvr.resource)\"} \(count)\n"
        }
        return text
    }

    /// How the health checks stand (Kubernetes documentation, "Kubernetes Component SLI Metrics").
    func indicators() -> Answer {
        var text = """
            # HELP kubernetes_healthcheck [STABLE] Whether a single check is well.
            # TYPE kubernetes_healthcheck gauge

            """
        for (endpoint, names) in KubeAPI.checks.sorted(by: { $0.key < $1.key }) {
            for name in names {
                text += "kubernetes_healthcheck{name=\"\(name)\",type=\"\(endpoint)\"} \(isWell(name) ? 1 : 0)\n"
            }
        }
        return page(text, type: KubeAPI.prometheus)
    }

    /// What runs here, for people (Kubernetes documentation, "Kubernetes z-pages").
    func status() -> Answer {
        let version = KubeAPI.version["gitVersion"]?.string ?? ""
        return page(
            "\nkube-apiserver statusz\nfor people, in no fixed form\n\nBinary version: \(version)\nRevision: \(store.revision)\n"
                + "Ready: \(isReady)\n", type: "text/plain; charset=utf-8")
    }

    /// With what it was started.
    func flags() -> Answer {
        page(
            "\nkube-apiserver flagz\nfor people, in no fixed form\n\nadvertise-address=\(options.advertised)\n"
                + "service-cluster-ip-range=\(options.serviceRange)\nservice-node-port-range="
                + "\(options.nodePorts.lowerBound)-\(options.nodePorts.upperBound)\n", type: "text/plain; charset=utf-8"
        )
    }
}
