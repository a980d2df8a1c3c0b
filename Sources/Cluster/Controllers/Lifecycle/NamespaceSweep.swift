import API
import Client
import Document

/// One pass over all that is in a namespace, and what it found.
struct NamespaceSweep {
    private var discoveryFailures: [String: String]
    private var deletionFailures: [String] = []
    /// How many objects of a resource are left.
    private var remaining: [String: Int] = [:]
    /// How many objects wait for a finalizer.
    private var finalizers: [String: Int] = [:]
    private var gracePeriod = 0

    init(failures: [String: String]) { discoveryFailures = failures }

    var isClean: Bool { discoveryFailures.isEmpty && deletionFailures.isEmpty && remaining.isEmpty }

    /// After how many seconds to look again: half of what the slowest pod may take, as upstream has it, within limits;
    /// pods that end earlier bring the namespace back by themselves.
    var delay: Int { gracePeriod > 0 ? min(gracePeriod / 2 + 1, 15) : 1 }

    /// Deletes all objects of a resource, and counts what stays for now.
    mutating func empty(_ resource: Discovery.Resource, in namespace: String, _ client: APIClient) async {
        do {
            let gvr = resource.resource
            guard !(try await client.list(gvr, namespace: namespace, ListOptions(limit: 1)).items.isEmpty) else {
                return
            }
            for object in try await client.list(gvr, namespace: namespace).items where !object.isBeingDeleted {
                try await delete(object, of: gvr, client)
            }
            count(try await client.list(gvr, namespace: namespace).items, of: gvr)
        } catch {
            deletionFailures.append("\(error)")
        }
    }

    private func delete(_ object: Value, of resource: GroupVersionResource, _ client: APIClient) async throws {
        do {
            try await client.delete(
                resource, namespace: object.namespace, name: object.name,
                DeleteOptions(propagation: .background, uid: object.uid))
        } catch let status as Status where status.reason == .notFound || status.reason == .conflict {
            return
        }
    }

    private mutating func count(_ objects: [Value], of resource: GroupVersionResource) {
        guard !objects.isEmpty else { return }
        let name = resource.group.isEmpty ? "\(resource.resource)." : resource.qualified
        remaining[name] = objects.count
        for finalizer in objects.flatMap(\.finalizers) { finalizers[finalizer, default: 0] += 1 }
        if resource == .pods {
            gracePeriod = objects.map { $0["metadata", "deletionGracePeriodSeconds"]?.int ?? 0 }.max() ?? 0
        }
    }

    /// The conditions in upstream's words (`namespaceConditionUpdater`).
    var conditions: [Condition] {
        [
            condition(
                "NamespaceDeletionDiscoveryFailure",
                discoveryFailures.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" },
                "DiscoveryFailed",
                { "Discovery failed for some groups, \($0.count) failing: \($0.joined(separator: ", "))" },
                otherwise: "ResourcesDiscovered", "All resources successfully discovered"),
            condition(
                "NamespaceDeletionGroupVersionParsingFailure", [], "GroupVersionParsingFailed", { _ in "" },
                otherwise: "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            condition(
                "NamespaceDeletionContentFailure", deletionFailures.sorted(), "ContentDeletionFailed",
                { "Failed to delete all resource types, \($0.count) remaining: \($0.joined(separator: ", "))" },
                otherwise: "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            condition(
                "NamespaceContentRemaining",
                remaining.sorted { $0.key < $1.key }.map { "\($0.key) has \($0.value) resource instances" },
                "SomeResourcesRemain", { "Some resources are remaining: \($0.joined(separator: ", "))" },
                otherwise: "ContentRemoved", "All content successfully removed"),
            condition(
                "NamespaceFinalizersRemaining",
                finalizers.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value) resource instances" },
                "SomeFinalizersRemain",
                { "Some content in the namespace has finalizers remaining: \($0.joined(separator: ", "))" },
                otherwise: "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        ]
    }

    private func condition(
        _ type: String, _ faults: [String], _ reason: String, _ message: ([String]) -> String,
        otherwise goodReason: String, _ goodMessage: String
    ) -> Condition {
        faults.isEmpty
            ? Condition(type, false, reason: goodReason, message: goodMessage)
            : Condition(type, true, reason: reason, message: message(faults))
    }

    /// A namespace that goes at once needs no word about it.
    func isTold(_ condition: Condition, before: Value?) -> Bool {
        before != nil || !isClean || condition.status == "True"
    }
}
