import API
import Document

/// The defaults of a schema: they have to be valid by it, and to hold nothing that it does not know
/// (apiextensions-apiserver/pkg/apiserver/schema/defaulting).
struct DefaultRules {
    private let language: (any SchemaLanguage)?
    private var faults = Faults()

    /// - Parameter language: who knows the language of the rules; nil where those are not looked at.
    static func faults(of schema: Value, _ path: String, _ language: (any SchemaLanguage)? = nil) -> [FieldError] {
        var rules = DefaultRules(language: language)
        let whole = Structural(schema, isRoot: true)
        rules.check(whole, path, Surroundings(whole: whole))
        return rules.faults.errors
    }

    /// What stands around a default: the object that it is a part of, and the way to it.
    private struct Surroundings {
        /// The schema of the innermost object that has apiVersion, kind and metadata.
        let whole: Structural
        /// Where below it the default stands; nil stands for an index.
        var path: [Text?] = []
        /// Whether the default is a part of those.
        var isInMetadata = false

        func below(_ step: Text?) -> Surroundings {
            var inner = self
            inner.path.append(step)
            return inner
        }

        /// The least object with the value at that place.
        func object(around value: Value) -> Value {
            var object = path.reversed().reduce(value) { inner, step in
                step.map { .object(Object([($0, inner)])) } ?? .array([inner])
            }
            object.fill("kind", "Validation")
            object.fill("apiVersion", "validation/v1")
            return object
        }
    }

    private mutating func check(_ schema: Structural, _ path: String, _ surroundings: Surroundings) {
        let surroundings = schema.isEmbeddedResource ? Surroundings(whole: schema) : surroundings
        if let value = schema.defaultValue {
            check(value, schema, "\(path).default", surroundings)
        }
        // Below additionalProperties there are no defaults.
        if let items = schema.items { check(items, "\(path).items", surroundings.below(nil)) }
        for (name, part) in schema.properties {
            var inner = surroundings.below(name)
            if schema.isEmbeddedResource, Structural.isOwn(name) { inner.isInMetadata = true }
            check(part, "\(path).properties[\(name)]", inner)
        }
    }

    private mutating func check(_ value: Value, _ schema: Structural, _ path: String, _ surroundings: Surroundings) {
        var found: [FieldError]
        if surroundings.isInMetadata {
            found = metadataFaults(value, path, surroundings)
        } else {
            if Decoder.dropsFields(of: value, schema) { faults.invalid(path, value, "must not have unknown fields") }
            found = embeddedFaults(value, schema, path, isRoot: schema.isEmbeddedResource)
        }
        if found.isEmpty { found = SchemaValidation.faults(of: value, schema, as: .declaration, at: path) }
        if found.isEmpty, let language {
            let isRoot = schema === surroundings.whole
            found = language.faults(ofDefault: value, schema.schema, at: path, isRoot: isRoot)
        }
        faults.append(found)
    }

    private func embeddedFaults(
        _ value: Value, _ schema: Structural, _ path: String, isRoot: Bool
    ) -> [FieldError] {
        if let fault = Decoder.embeddedFault(of: value, schema, isRoot: isRoot) {
            var moved = fault
            moved.field = fault.field.isEmpty ? path : path.isEmpty ? fault.field : "\(path).\(fault.field)"
            return [moved]
        }
        return EmbeddedValidation.faults(of: value, schema, at: path, isRoot: isRoot)
    }

    /// Parts of metadata are looked at where they stand.
    private func metadataFaults(_ value: Value, _ path: String, _ surroundings: Surroundings) -> [FieldError] {
        let found = embeddedFaults(surroundings.object(around: value), surroundings.whole, "", isRoot: true)
        guard !found.isEmpty else { return [] }
        let texts = found.map(\.description)
        let words = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        return [FieldError(.invalid, path, value: value, detail: "must result in valid metadata: \(words)")]
    }
}
