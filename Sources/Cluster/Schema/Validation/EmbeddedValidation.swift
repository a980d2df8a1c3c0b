import API
import Document

/// Whole objects inside of custom resources (`x-kubernetes-embedded-resource`; apiextensions' objectmeta package).
struct EmbeddedValidation {
    private var faults = Faults()

    static func faults(of object: Value, _ shape: Shape) -> [FieldError] {
        var validation = EmbeddedValidation()
        shape.walk(object) { value, shape, path in
            guard shape.constraints?.isEmbeddedResource == true, let inner = value.object else { return }
            validation.checkObject(inner, path)
        }
        return validation.faults.errors
    }

    private mutating func checkObject(_ object: Object, _ path: String) {
        for key: Text in ["apiVersion", "kind"] {
            guard let value = object[key] else {
                faults.required("\(path).\(key)", "must not be empty")
                continue
            }
            guard let text = value.string else {
                faults.invalid("\(path).\(key)", value, "must be a string")
                continue
            }
            if text.isEmpty {
                faults.invalid("\(path).\(key)", value, "must not be empty")
            } else if key == "kind" {
                let words = Names.label1035(text.lowercased())
                if !words.isEmpty { faults.invalid("\(path).kind", value, Names.mixedCase(words)) }
            } else if text.split(separator: "/", omittingEmptySubsequences: false).count > 2 {
                faults.invalid("\(path).apiVersion", value, "unexpected GroupVersion string: \(text)")
            }
        }
        if let metadata = object["metadata"], metadata.object != nil { checkMetadata(metadata, "\(path).metadata") }
    }

    private mutating func checkMetadata(_ metadata: Value, _ path: String) {
        for key: Text in ["generateName", "name"] {
            faults.invalid("\(path).\(key)", metadata[key], all: Names.pathSegment(metadata[key]?.string ?? ""))
        }
        if let namespace = metadata["namespace"]?.string, !namespace.isEmpty {
            faults.invalid("\(path).namespace", metadata["namespace"], all: Names.label(namespace))
        }
        faults.checkMarks(metadata, path)
    }
}
