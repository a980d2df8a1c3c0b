import API
import Client
import Document

/// The hand-over of fields from a manager's client-side patches to its server-side apply, without which a field that a
/// chart drops would stay for ever (client-go's csaupgrade).
enum ManagedFields {
    /// The entries after the hand-over; nil where there is nothing to hand over.
    static func upgraded(_ entries: [Value], manager: String) -> [Value]? {
        func isOf(_ operation: String) -> (Value) -> Bool {
            {
                $0["manager"]?.string == manager && $0["operation"]?.string == operation
                    && ($0["subresource"]?.string ?? "").isEmpty
            }
        }
        let updates = entries.filter(isOf("Update"))
        guard !updates.isEmpty else { return nil }
        var kept = entries.filter { !isOf("Update")($0) }
        var fields = updates.map { $0["fieldsV1"] ?? [:] }.reduce(Value.object([:]), union)
        if let index = kept.firstIndex(where: isOf("Apply")) {
            fields = union(kept[index]["fieldsV1"] ?? [:], fields)
            kept[index]["fieldsV1"] = fields
            return kept
        }
        guard var entry = updates.last else { return nil }
        entry["operation"] = "Apply"
        entry["fieldsV1"] = fields
        return kept + [entry]
    }

    /// All paths of both sets.
    private static func union(_ left: Value, _ right: Value) -> Value {
        guard var result = left.object, let other = right.object else { return left }
        for member in other {
            result[member.key] = result[member.key].map { union($0, member.value) } ?? member.value
        }
        return .object(result)
    }
}

extension ObjectWriter {
    /// Hands the fields over where the live object has any of Helm's client-side patches.
    func upgradeManagers(of object: ManifestObject, live: Value) async throws {
        var live = live
        for attempt in 1... {
            let entries = live["metadata", "managedFields"]?.array ?? []
            guard let upgraded = ManagedFields.upgraded(entries, manager: client.fieldManager) else { return }
            let operations: [Value] = [
                ["op": "replace", "path": "/metadata/managedFields", "value": .array(upgraded)],
                ["op": "replace", "path": "/metadata/resourceVersion", "value": .string(live.resourceVersion)],
            ]
            do {
                _ = try await client.patch(
                    object.resource, namespace: object.namespace, name: object.name, .json(operations))
                return
            } catch let status as Status where status.reason == .conflict && attempt < 5 {
                live = try await client.get(object.resource, namespace: object.namespace, name: object.name)
            } catch {
                throw ReleaseFailure.wrapping(
                    error, "failed to patch object to upgrade CSA field manager \(object.place)")
            }
        }
    }
}
