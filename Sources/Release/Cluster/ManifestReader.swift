public import API
public import Document

/// An object of a manifest, and where the cluster keeps objects of its kind.
public struct ManifestObject: Sendable, Hashable {
    /// As it stands in the manifest, with the namespace that it goes into.
    public var value: Value
    public var kind: GroupVersionKind
    public var resource: GroupVersionResource
    /// Nil for kinds outside namespaces.
    public var namespace: String?

    public var name: String { value.name }

    /// What tells it from the other objects of a manifest (objectKey in pkg/action/upgrade.go).
    var key: String { "\(kind.groupVersion)/\(kind.kind)/\(namespace ?? "")/\(name)" }

    /// The name of the object in error messages about requests: `NAMESPACE/NAME GROUP/VERSION, Kind=KIND`.
    ///
    /// apimachinery's GroupVersionKind.String() keeps the slash of an empty group, which ours does not.
    var place: String { "\(namespace ?? "")/\(name) \(kind.group)/\(kind.version), Kind=\(kind.kind)" }

    /// `KIND "NAME" in namespace "NAMESPACE"` (resourceString in pkg/action/validate.go).
    var title: String { "\(kind.kind) \"\(name)\" in namespace \"\(namespace ?? "")\"" }
}

/// Reads the objects of a manifest as kubectl's resource builder does: documents, lists flattened, namespaces filled in,
/// kinds looked up.
struct ManifestReader {
    let contents: ResourceDirectory.Contents
    /// The namespace of objects that name none.
    let namespace: String

    /// - Throws: every document's fault in one message, in the builder's words.
    func objects(_ manifest: Text) throws(ReleaseFailure) -> [ManifestObject] {
        var objects: [ManifestObject] = []
        var faults: [String] = []
        for document in Self.documents(manifest) {
            do throws(ReleaseFailure) {
                guard let value = try Self.parse(document) else { continue }
                for item in Self.flattened(value) { objects.append(try object(item)) }
            } catch {
                faults.append(error.message)
            }
        }
        guard let first = faults.first else { return objects }
        throw ReleaseFailure(faults.count == 1 ? first : "[\(faults.joined(separator: ", "))]")
    }

    /// The documents of a stream: a line of `---` and blanks alone ends one (apimachinery's YAMLReader).
    static func documents(_ manifest: Text) -> [[UInt8]] {
        var documents: [[UInt8]] = []
        var current: [UInt8] = []
        for line in manifest.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: "---".utf8), line.dropFirst(3).allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
                documents.append(current)
                current = []
            } else {
                current += line
                current.append(UInt8(ascii: "\n"))
            }
        }
        documents.append(current)
        return documents
    }

    private static func parse(_ document: [UInt8]) throws(ReleaseFailure) -> Value? {
        let value: Value
        do { value = try YAML.parse(document) } catch {
            throw ReleaseFailure("error parsing : error converting YAML to JSON: \(error.message)", cause: error)
        }
        guard value.object != nil else {
            if value.isNull { return nil }
            throw ReleaseFailure("unable to decode \"\": \(JSON.text(value)) is no object")
        }
        try checkStrings(value, "labels")
        try checkStrings(value, "annotations")
        return value
    }

    /// Labels and annotations are strings; a bare `yes` or `1` there is the commonest fault of a chart.
    private static func checkStrings(_ value: Value, _ field: Text) throws(ReleaseFailure) {
        for member in value["metadata", field]?.object ?? [:] {
            let found: String
            switch member.value {
            case .string, .null: continue
            case .bool: found = "bool"
            case .number: found = "number"
            case .array: found = "array"
            case .object: found = "object"
            }
            throw ReleaseFailure(
                "unable to decode \"\": json: cannot unmarshal \(found) into Go struct field "
                    + "ObjectMeta.metadata.\(field) of type string",
                advice: "\(value.kind) \"\(value.name)\": the \(field.string.dropLast()) \"\(member.key)\" "
                    + "has to be quoted in its template")
        }
    }

    private static func flattened(_ value: Value) -> [Value] {
        guard value.kind.hasSuffix("List"), let items = value["items"]?.array else { return [value] }
        return items.flatMap { flattened($0) }
    }

    private func object(_ value: Value) throws(ReleaseFailure) -> ManifestObject {
        guard !value.kind.isEmpty else {
            throw ReleaseFailure("unable to decode \"\": Object 'Kind' is missing in '\(JSON.text(value))'")
        }
        guard !value.apiVersion.isEmpty, let kind = value.groupVersionKind else {
            throw ReleaseFailure("unable to decode \"\": Object 'apiVersion' is missing in '\(JSON.text(value))'")
        }
        guard let entry = contents.entries[kind] else {
            throw ReleaseFailure(
                "resource mapping not found for name: \"\(value.name)\" namespace: \"\(value.namespace)\" from \"\": "
                    + "no matches for kind \"\(kind.kind)\" in version \"\(kind.groupVersion)\"\n"
                    + "ensure CRDs are installed first")
        }
        var value = value
        if entry.isNamespaced, value.namespace.isEmpty { value.namespace = namespace }
        return ManifestObject(
            value: value, kind: kind, resource: entry.resource,
            namespace: entry.isNamespaced ? value.namespace : nil)
    }
}
