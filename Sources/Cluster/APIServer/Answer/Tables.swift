import API
import Document
import Schema
import Store

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

    /// What bare metadata begins with.
    static func metadataHead(_ version: String) -> [UInt8] {
        Array("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/\(version)\",".utf8)
    }

    /// What cells are made of.
    private static let cellParts = JSON.Parts(
        ["metadata": JSON.Parts(["managedFields": nil], others: true)], others: true)

    /// Appends the Table of a page as JSON: the metadata of its rows is sent as it is kept.
    func appendTable(
        _ page: Page, version: String, hasObjects: Bool, to output: inout [UInt8]
    ) throws(Status) {
        let head = Shaping.metadataHead(version)
        output += Array("{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/\(version)\",\"metadata\":".utf8)
        JSON.write(page.metadata, into: &output)
        output += Array(",\"columnDefinitions\":".utf8)
        JSON.write(.array(resource.resource.columns.map(\.value)), into: &output)
        output += Array(",\"rows\":[".utf8)
        // The columns of a CRD may show anything.
        let parts = resource.resource.isCustom ? .whole : Shaping.cellParts
        for (index, record) in page.records.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let object = try page.resource.tree(record, only: parts)
            output += Array("{\"cells\":".utf8)
            JSON.write(.array(resource.resource.cells(object, now: now)), into: &output)
            let conditions = resource.resource.rowConditions(object)
            if !conditions.isEmpty {
                output += Array(",\"conditions\":".utf8)
                JSON.write(.array(conditions), into: &output)
            }
            output += Array(",\"object\":".utf8)
            if hasObjects {
                StoredForm.appendMetadata(record.bytes, revision: record.revision, head: head, to: &output)
            } else {
                output += Array("null".utf8)
            }
            output.append(UInt8(ascii: "}"))
        }
        output += Array("]}\n".utf8)
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

extension Form {
    /// Whether it can be had of one object, or of a list of them (apiserver's doTransformObject).
    func check(_ resource: ServedResource, isList: Bool) throws(Status) {
        switch shape {
        case .whole, .discovery: return
        case .table:
            guard ["", "Metadata", "Object", "None"].contains(includeObject) else {
                let fault = FieldError(
                    .invalid, "includeObject", value: .string(includeObject),
                    detail: "must be 'Metadata', 'Object', 'None', or empty")
                throw .badRequest("Unable to convert to Table as requested: \(fault.description)")
            }
        case .metadata(_, let wantsList):
            guard wantsList != isList else { return }
            let found = isList ? "is a list" : "is not a list"
            throw Status(
                code: 406, reason: .notAcceptable,
                message: "you requested PartialObjectMetadata\(wantsList ? "List" : ""), but the requested object "
                    + "\(found) (*\(resource.resource.goType(isList: isList)))")
        }
    }
}

extension Resource {
    /// The type that upstream's server keeps the objects in, as Go prints it.
    fileprivate func goType(isList: Bool) -> String {
        let suffix = isList ? "List" : ""
        if definition != nil { return "unstructured.Unstructured\(suffix)" }
        // Events are one type, whatever group they are asked for in.
        let isCore = group.isEmpty || group == "events.k8s.io"
        return "\(isCore ? "core" : String(group.prefix { $0 != "." })).\(kind.name)\(suffix)"
    }
}

extension Page {
    /// The metadata of a whole list: upstream's unstructured lists, which those of custom resources are, say too that
    /// nothing follows.
    var listMetadata: Value {
        var value = metadata
        if next.isEmpty, resource.resource.isCustom { value["continue"] = "" }
        return value
    }

    /// `{"resourceVersion": …, "continue": …, "remainingItemCount": …}`
    var metadata: Value {
        var value: Value = ["resourceVersion": .string(String(revision))]
        if !next.isEmpty { value["continue"] = .string(next) }
        if let remaining, !next.isEmpty { value["remainingItemCount"] = .int(remaining) }
        return value
    }
}
