import Document
import Template

/// The few members of a document that Helm looks at.
struct ManifestHead: Sendable {
    /// Why a document is no Kubernetes object.
    struct Failure: Error {
        let message: String
        var line = 0
    }

    var apiVersion = ""
    var kind = ""
    var name = ""
    /// Texts by their names.
    var annotations: Object = [:]

    init(_ document: Text) throws(Failure) {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(document)
        } catch {
            throw Failure(message: "error converting YAML to JSON: \(error.message)", line: error.line)
        }
        if value.isNull { return }
        guard case .object(let object) = value else {
            throw ManifestHead.mismatch(value, "Go value of type util.SimpleHead")
        }
        apiVersion = try ManifestHead.string(object.member("apiVersion"), "apiVersion")
        kind = try ManifestHead.string(object.member("kind"), "kind")
        try readMetadata(object.member("metadata"))
    }

    private mutating func readMetadata(_ value: Value?) throws(Failure) {
        guard let value, !value.isNull else { return }
        guard case .object(let metadata) = value else {
            throw ManifestHead.mismatch(
                value,
                "Go struct field SimpleHead.metadata of type struct { Name string \"json:\\\"name\\\"\"; "
                    + "Annotations map[string]string \"json:\\\"annotations\\\"\" }")
        }
        name = try ManifestHead.string(metadata.member("name"), "metadata.name")
        guard let notes = metadata.member("annotations"), !notes.isNull else { return }
        guard case .object(let members) = notes else {
            throw ManifestHead.mismatch(
                notes, "Go struct field .metadata.annotations of type map[string]string")
        }
        annotations = try members.mapValues { (value) throws(Failure) in
            .string(try ManifestHead.string(value, "metadata.annotations"))
        }
    }

    /// A comma list, in lower case.
    func list(_ annotation: Text) -> [String] {
        guard let text = annotations[annotation]?.text else { return [] }
        return text.string.split(separator: ",", omittingEmptySubsequences: false)
            .map { GoText.trimSpace($0).lowercased() }
    }

    /// A string; other scalars count as their text, as sigs.k8s.io/yaml has it.
    private static func string(_ value: Value?, _ path: String) throws(Failure) -> String {
        switch value ?? .null {
        case .null: return ""
        case .string(let text): return text.string
        case .bool(let bool): return bool ? "true" : "false"
        case .number(let number):
            return number.int64.map(String.init) ?? GoValue.float(number.double).printed.string
        case .array, .object:
            // The struct of the metadata has no name of its own.
            let type = path.contains(".") ? "" : "SimpleHead"
            throw mismatch(value ?? .null, "Go struct field \(type).\(path) of type string")
        }
    }

    private static func mismatch(_ value: Value, _ target: String) -> Failure {
        let words = "json: cannot unmarshal \(value.goKind) into \(target)"
        return Failure(message: "error unmarshaling JSON: while decoding JSON: \(words)")
    }
}

extension Object {
    /// The member that encoding/json takes for a field: of that name, else of one that differs only in case.
    fileprivate func member(_ name: Text) -> Value? {
        if let value = self[name] { return value }
        let lowered = name.string.lowercased()
        return first { $0.key.string.lowercased() == lowered }?.value
    }
}
