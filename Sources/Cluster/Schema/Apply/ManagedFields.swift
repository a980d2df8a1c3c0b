import API
import Document

/// `metadata.managedFields`, read into sets.
struct ManagedFields {
    /// Who owns fields: an entry without its time and fields. An applier is the same in every version.
    struct Identity: Hashable {
        var manager: String
        var isApply: Bool
        /// Empty for an applier.
        var apiVersion: String
        var subresource: String

        /// `"patcher" using apps/v1`
        var shown: String {
            let subresource = subresource.isEmpty ? "" : " with subresource \"\(subresource)\""
            return "\"\(manager)\"\(subresource)" + (isApply ? "" : " using \(apiVersion)")
        }
    }

    struct Entry {
        var apiVersion: String
        var time: Text?
        var set: FieldSet
    }

    var entries: [Identity: Entry] = [:]

    /// How many Update managers upstream keeps before it merges the oldest (DefaultMaxUpdateManagers).
    private static let maximumUpdaters = 10

    init() {}

    init(_ object: Value?) {
        for value in object?["metadata", "managedFields"]?.array ?? [] {
            guard let operation = value["operation"]?.string else { continue }
            let manager = value["manager"]?.string ?? ""
            let apiVersion = value["apiVersion"]?.string ?? ""
            let isApply = operation == "Apply"
            let identity = Identity(
                manager: manager, isApply: isApply, apiVersion: isApply ? "" : apiVersion,
                subresource: value["subresource"]?.string ?? "")
            let set = FieldSet(fieldsV1: value["fieldsV1"] ?? [:])
            // Of one that comes twice the last counts.
            entries[identity] = Entry(apiVersion: apiVersion, time: value["time"]?.text, set: set)
        }
    }

    /// The list of an object that a client sent; nil where a part of it cannot be read, for then upstream goes by none of
    /// it (DecodeManagedFields).
    init?(sent object: Value) {
        let isReadable = (object["metadata", "managedFields"]?.array ?? []).allSatisfy { entry in
            (entry["operation"] == "Apply" || entry["operation"] == "Update")
                && !(entry["apiVersion"]?.string ?? "").isEmpty && entry["fieldsType"] == "FieldsV1"
                && FieldSet.isReadable(entry["fieldsV1"] ?? [:])
        }
        guard isReadable else { return nil }
        self.init(object)
    }

    /// The list for the object: appliers first, then by time and name; nil where nobody owns anything.
    var value: Value? {
        guard !entries.isEmpty else { return nil }
        let sorted = entries.sorted { left, right in
            if left.key.isApply != right.key.isApply { return left.key.isApply }
            if left.value.time != right.value.time { return (left.value.time ?? "") < (right.value.time ?? "") }
            return (left.key.manager, left.value.apiVersion, left.key.subresource)
                < (right.key.manager, right.value.apiVersion, right.key.subresource)
        }
        return .array(sorted.map(ManagedFields.entry))
    }

    private static func entry(_ identity: Identity, _ entry: Entry) -> Value {
        var value: Value = [
            "manager": .string(identity.manager), "operation": identity.isApply ? "Apply" : "Update",
            "apiVersion": .string(entry.apiVersion), "fieldsType": "FieldsV1", "fieldsV1": entry.set.fieldsV1,
        ]
        if let time = entry.time { value["time"] = .string(time) }
        if !identity.subresource.isEmpty { value["subresource"] = .string(identity.subresource) }
        return value
    }

    /// Merges the oldest Update managers of a version into one when there are too many.
    mutating func capUpdaters() {
        let updaters = entries.filter { !$0.key.isApply }
        guard updaters.count > ManagedFields.maximumUpdaters else { return }
        let oldest = updaters.sorted { ($0.value.time ?? "", $0.key.manager) < ($1.value.time ?? "", $1.key.manager) }
        var surplus = updaters.count - ManagedFields.maximumUpdaters
        for (identity, entry) in oldest where surplus >= 0 && identity.manager != "ancient-changes" {
            let ancient = Identity(
                manager: "ancient-changes", isApply: false, apiVersion: identity.apiVersion, subresource: "")
            var bucket = entries[ancient] ?? Entry(apiVersion: entry.apiVersion, time: entry.time, set: FieldSet())
            if entries[ancient] != nil { surplus -= 1 }
            bucket.set = bucket.set.union(entry.set)
            bucket.time = max(bucket.time ?? "", entry.time ?? "")
            entries[identity] = nil
            entries[ancient] = bucket
            if entries.filter({ !$0.key.isApply }).count <= ManagedFields.maximumUpdaters { return }
        }
    }
}
