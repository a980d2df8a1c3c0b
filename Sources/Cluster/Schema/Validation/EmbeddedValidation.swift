import API
import Document

/// Whole objects inside of custom resources (`x-kubernetes-embedded-resource`; apiextensions' objectmeta package).
struct EmbeddedValidation {
    private var faults = Faults()

    /// - Parameters:
    ///   - path: where the value stands.
    ///   - isRoot: whether the value itself is such an object; of a custom resource others have looked at it.
    static func faults(
        of value: Value, _ schema: Structural, at path: String = "", isRoot: Bool = false
    ) -> [FieldError] {
        var validation = EmbeddedValidation()
        validation.check(value, schema, path, isWhole: isRoot)
        return validation.faults.errors
    }

    private mutating func check(_ value: Value, _ schema: Structural, _ path: String, isWhole: Bool) {
        switch value {
        case .object(let object):
            if isWhole { checkObject(object, path) }
            for member in object {
                let place = path.isEmpty ? member.key.string : "\(path).\(member.key)"
                if let part = schema.property(member.key) {
                    check(member.value, part, place, isWhole: part.isEmbeddedResource)
                } else if let part = schema.additionalSchema {
                    check(member.value, part, "\(path)[\(member.key)]", isWhole: part.isEmbeddedResource)
                }
            }
        case .array(let elements):
            guard let items = schema.items else { return }
            for (index, element) in elements.enumerated() {
                check(element, items, "\(path)[\(index)]", isWhole: items.isEmbeddedResource)
            }
        default: break
        }
    }

    private mutating func checkObject(_ object: Object, _ path: String) {
        func place(_ key: Text) -> String { path.isEmpty ? key.string : "\(path).\(key)" }
        for key: Text in ["apiVersion", "kind"] where object[key] == nil { faults.required(place(key)) }
        for key: Text in ["apiVersion", "kind"] {
            guard let value = object[key] else { continue }
            guard let text = value.string else {
                faults.invalid(place(key), value, "must be a string")
                continue
            }
            if text.isEmpty {
                faults.invalid(place(key), value, "must not be empty")
            } else if key == "kind" {
                let words = Names.label1035(text.lowercased())
                if !words.isEmpty { faults.invalid(place(key), value, Names.mixedCase(words)) }
            } else if text.split(separator: "/", omittingEmptySubsequences: false).count > 2 {
                faults.invalid(place(key), value, "unexpected GroupVersion string: \(text)")
            }
        }
        if let metadata = object["metadata"], metadata.object != nil { checkMetadata(metadata, place("metadata")) }
    }

    private mutating func checkMetadata(_ metadata: Value, _ path: String) {
        for key: Text in ["generateName", "name"] {
            faults.invalid("\(path).\(key)", metadata[key], all: Names.pathSegment(metadata[key]?.string ?? ""))
        }
        if let namespace = metadata["namespace"]?.string, !namespace.isEmpty {
            faults.invalid("\(path).namespace", metadata["namespace"], all: Names.label(namespace))
        }
        faults.checkMarks(metadata, path, isCore: false)
    }
}
