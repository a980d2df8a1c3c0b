import API
import Document
import Schema
import Store

/// Refuses what would exceed a quota of the namespace, and notes in the quotas' status what is used (Kubernetes
/// documentation, "Resource Quotas"). The last link: what it has counted is going to be stored.
struct QuotaAdmission: AdmissionPlugin {
    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.operation != .delete, review.subresource.isEmpty, !review.namespace.isEmpty else { return }
        let quotas = api.resource("", "v1", "resourcequotas")
        guard let quotas, api.hasAny(quotas, in: review.namespace) else { return }
        let resource = review.resource.resource
        let growth = self.growth(review)
        guard !growth.isEmpty else { return }
        var tries = 0
        for name in api.objects("", "v1", "resourcequotas", namespace: review.namespace).map(\.name) {
            let key = quotas.key(namespace: review.namespace, name: name)
            while let record = api.store.record(key) {
                let quota = QuotaView(object: try quotas.tree(record))
                guard quota.matches(review.object, resource) else { break }
                guard let counted = try counted(quota, growth, review), !review.isDryRun else { break }
                let bytes = StoredForm.bytes(of: counted)
                do throws(StoreFailure) {
                    _ = try await api.store.commit(Change(key, .update(bytes, expecting: record.revision)))
                    break
                } catch {
                    tries += 1
                    if tries > 20 { throw Status(error, quotas, name) }
                }
            }
        }
    }

    /// What the object takes more than the one that it replaces.
    private func growth(_ review: AdmissionReview) -> [String: Quantity] {
        let resource = review.resource.resource
        let new = QuotaUsage(of: review.object, resource).amounts
        guard let old = review.old else { return new }
        let before = QuotaUsage(of: old, resource).amounts
        var growth: [String: Quantity] = [:]
        for (key, amount) in new {
            let more = amount - (before[key] ?? Quantity(nanos: 0))
            if more.nanos > 0 { growth[key] = more }
        }
        return growth
    }

    /// The quota with the growth noted; nil where it is not concerned.
    private func counted(
        _ quota: QuotaView, _ growth: [String: Quantity], _ review: AdmissionReview
    ) throws(Status) -> Value? {
        // A quota that nobody has counted yet limits nothing.
        let hard = quota.known
        if review.old == nil, review.resource.resource.qualifiedName == "pods" {
            try checkSpecified(hard, quota, review)
        }
        let asked = growth.filter { hard[$0.key] != nil }
        guard !asked.isEmpty else { return nil }
        let used = quota.used
        let unknown = asked.keys.filter { used[$0] == nil }.sorted()
        guard unknown.isEmpty else {
            throw review.forbidden(
                "status unknown for quota: \(quota.object.name), resources: \(unknown.joined(separator: ","))")
        }
        var object = quota.object
        var exceeded: Set<String> = []
        for (key, amount) in asked {
            guard let before = used[key], let limit = hard[key] else { continue }
            let sum = before + amount
            if limit < sum { exceeded.insert(key) }
            object["status", "used", Text(key)] = .string(sum.description)
        }
        guard exceeded.isEmpty else {
            func text(_ amounts: [String: Quantity]) -> String {
                QuotaView.text(amounts.filter { exceeded.contains($0.key) })
            }
            throw review.forbidden(
                "exceeded quota: \(quota.object.name), requested: \(text(asked)), used: \(text(used)), limited: "
                    + text(hard))
        }
        return object
    }

    /// Where CPU or memory is limited, each container has to say what it needs.
    private func checkSpecified(
        _ hard: [String: Quantity], _ quota: QuotaView, _ review: AdmissionReview
    ) throws(Status) {
        let containers =
            (review.object["spec", "containers"]?.array ?? []) + (review.object["spec", "initContainers"]?.array ?? [])
        var missing: [String] = []
        for key in ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"]
        where hard[key] != nil {
            let words = key.split(separator: ".")
            let field: Text = words[0] == "limits" ? "limits" : "requests"
            let name = Text(words[words.count - 1])
            let without = containers.filter { $0["resources", field, name] == nil }
                .compactMap { $0["name"]?.string }.sorted()
            if !without.isEmpty { missing.append("\(key) for: \(without.joined(separator: ","))") }
        }
        guard missing.isEmpty else {
            throw review.forbidden(
                "failed quota: \(quota.object.name): must specify \(missing.joined(separator: "; "))")
        }
    }
}
