import API
import Document
import Schema

/// Objects in the shapes that a client asks for beside their own: tables and bare metadata (meta.k8s.io).
struct Shaping: Sendable {
    let resource: ServedResource
    /// For ages.
    let now: Time

    /// The object's metadata alone.
    func metadata(of object: Value, version: String) -> Value {
        [
            "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
            "metadata": resource.resource.internalMetadata(of: object),
        ]
    }

    /// A Table of these objects.
    ///
    /// - Parameters:
    ///   - includeObject: `None`, `Object`, or (usually) `Metadata`.
    ///   - hasColumns: false for all but the first event of a watch.
    func table(
        _ objects: [Value], metadata: Value, version: String, includeObject: String, hasColumns: Bool = true
    ) -> Value {
        let columns = resource.resource.columns.map(\.value)
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            "columnDefinitions": hasColumns ? .array(columns) : .null,
            "rows": .array(objects.map { row($0, version: version, includeObject: includeObject) }),
        ]
    }

    private func row(_ object: Value, version: String, includeObject: String) -> Value {
        var row: Value = ["cells": .array(resource.resource.cells(object, now: now))]
        let conditions = resource.resource.rowConditions(object)
        if !conditions.isEmpty { row["conditions"] = .array(conditions) }
        switch includeObject {
        case "None": row["object"] = .null
        case "Object": row["object"] = object
        default: row["object"] = metadata(of: object, version: version)
        }
        return row
    }
}

extension Page {
    /// `{"resourceVersion": …, "continue": …, "remainingItemCount": …}`
    var metadata: Value {
        var value: Value = ["resourceVersion": .string(String(revision))]
        if !next.isEmpty { value["continue"] = .string(next) }
        if let remaining, !next.isEmpty { value["remainingItemCount"] = .int(remaining) }
        return value
    }
}
