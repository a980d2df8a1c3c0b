import Document

/// What a lint looks at of a rendered object.
struct LintedObject {
    var apiVersion = ""
    var kind = ""
    var name = ""

    /// Why a document is none, in the words of encoding/json.
    struct Mismatch: Error {
        let message: String
    }

    /// Reads a document; nil for null.
    ///
    /// - Parameter isLenient: whether scalars become strings where strings are wanted, as from YAML they do.
    static func read(_ value: Value, isLenient: Bool) throws(Mismatch) -> LintedObject? {
        if value.isNull { return nil }
        guard case .object(let object) = value else {
            throw mismatch(value, "Go value", "rules.k8sYamlStruct")
        }
        var result = LintedObject()
        for member in object {
            switch member.key.string.lowercased() {
            case "apiversion":
                let field = "Go struct field k8sYamlStruct.apiVersion"
                result.apiVersion = try text(member.value, field, isLenient) ?? result.apiVersion
            case "kind":
                result.kind = try text(member.value, "Go struct field k8sYamlStruct.Kind", isLenient) ?? result.kind
            case "metadata": try result.readMetadata(member.value, isLenient)
            default: continue
            }
        }
        return result
    }

    private mutating func readMetadata(_ value: Value, _ isLenient: Bool) throws(Mismatch) {
        if value.isNull { return }
        guard case .object(let object) = value else {
            throw LintedObject.mismatch(
                value, "Go struct field k8sYamlStruct.Metadata", "rules.k8sYamlMetadata")
        }
        for member in object {
            let field = "Go struct field k8sYamlMetadata.Metadata."
            switch member.key.string.lowercased() {
            case "name": name = try LintedObject.text(member.value, field + "Name", isLenient) ?? name
            case "namespace": _ = try LintedObject.text(member.value, field + "Namespace", isLenient)
            default: continue
            }
        }
    }

    private static func text(_ value: Value, _ field: String, _ isLenient: Bool) throws(Mismatch) -> String? {
        switch value {
        case .null: return nil
        case .string(let text): return text.string
        case .bool(let bool) where isLenient: return String(bool)
        case .number(let number) where isLenient:
            return number.int64.map(String.init) ?? GoFloat.general(number.double)
        default: throw mismatch(value, field, "string")
        }
    }

    static func mismatch(_ value: Value, _ target: String, _ type: String) -> Mismatch {
        return Mismatch(message: "json: cannot unmarshal \(value.goKind) into \(target) of type \(type)")
    }

    // MARK: - Lists

    /// What is wrong with the annotations of the objects in a List; nil where nothing is.
    static func listFault(_ manifest: Text) -> String? {
        guard let items = try? YAML.parse(manifest)["items"], !items.isNull else { return nil }
        guard case .array(let objects) = items else {
            let type = "[]struct { Metadata struct { Annotations map[string]string } }"
            let words = mismatch(items, "Go struct field .Items", type).message
            return "unable to parse YAML: error unmarshaling JSON: while decoding JSON: \(words)"
        }
        let isMarked = objects.contains { $0["metadata", "annotations", "helm.sh/resource-policy"] != nil }
        return isMarked ? "annotation 'helm.sh/resource-policy' within List objects are ignored" : nil
    }
}

/// The objects in a text of JSON or YAML documents, as apimachinery's YAMLOrJSONDecoder reads them.
struct LintedObjects: IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    /// Whether JSON values follow each other without separators.
    private var readsJSON: Bool
    private let count: Int
    private var hasEnded = false

    enum Element {
        case object(LintedObject)
        /// A document that holds nothing.
        case nothing
        /// What ends the reading.
        case fault(String)
    }

    init(_ text: Text) {
        rest = text.bytes[...]
        count = rest.count
        readsJSON = GoText.trimmingLeft(rest.prefix(4096)).first == UInt8(ascii: "{")
    }

    mutating func next() -> Element? {
        if hasEnded { return nil }
        let element = readsJSON ? nextJSON() : nextYAML()
        if case .fault? = element { hasEnded = true }
        return element
    }

    // MARK: - JSON

    private mutating func nextJSON() -> Element? {
        rest = GoText.trimmingLeft(rest)
        if rest.isEmpty { return nil }
        let extent = JSONExtent.length(of: Array(rest))
        let words: String
        do throws(JSON.Failure) {
            let value = try JSON.parse(rest.prefix(extent))
            do throws(LintedObject.Mismatch) {
                let object = try LintedObject.read(value, isLenient: false)
                rest = rest.dropFirst(extent)
                return object.map(Element.object) ?? .nothing
            } catch {
                words = error.message
            }
        } catch {
            let offset = count - rest.count + error.offset + 1
            words = error.offset >= rest.count ? "unexpected EOF" : "json: offset \(offset): \(error.message)"
        }
        // What is no JSON may be YAML from here on; if it is neither, JSON's words count.
        readsJSON = false
        let element = nextYAML()
        if case .fault? = element { return .fault(words) }
        return element
    }

    // MARK: - YAML

    private mutating func nextYAML() -> Element? {
        var document: [UInt8] = []
        while !rest.isEmpty {
            let line = GoText.takeLine(&rest)
            guard line.starts(with: "---".utf8) else {
                document += line
                continue
            }
            let words = GoText.trimSpace(String(decoding: line.dropFirst(3), as: UTF8.self))
            if !words.isEmpty, !words.hasPrefix("#") { return .fault("invalid Yaml document separator: \(words)") }
            if !document.isEmpty { break }
            // A separator at the start stays, so that errors count its line.
            document += line
        }
        return document.isEmpty && rest.isEmpty ? nil : LintedObjects.object(document[...])
    }

    private static func object(_ document: ArraySlice<UInt8>) -> Element {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(document)
        } catch {
            return .fault("error converting YAML to JSON: \(error.message)")
        }
        do throws(LintedObject.Mismatch) {
            return try LintedObject.read(value, isLenient: true).map(Element.object) ?? .nothing
        } catch {
            return .fault("error unmarshaling JSON: while decoding JSON: \(error.message)")
        }
    }
}
