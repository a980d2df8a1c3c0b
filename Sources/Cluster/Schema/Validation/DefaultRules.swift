import API
import Document

/// The defaults of a schema: they have to be valid by it, and to hold nothing that it does not know
/// (apiextensions-apiserver/pkg/apiserver/schema/defaulting).
struct DefaultRules {
    private var faults = Faults()

    static func faults(of schema: Value, _ path: String) -> [FieldError] {
        var rules = DefaultRules()
        rules.check(schema, path, isWhole: true)
        return rules.faults.errors
    }

    /// - Parameter isWhole: whether the value has apiVersion, kind and metadata of its own.
    private mutating func check(_ schema: Value, _ path: String, isWhole: Bool) {
        if let value = schema["default"], !value.isNull { check(value, schema, "\(path).default") }
        if let items = schema["items"], items.object != nil { checkPart(items, "\(path).items") }
        for member in schema["properties"]?.object ?? [:] {
            if isWhole, ["apiVersion", "kind", "metadata"].contains(member.key) { continue }
            checkPart(member.value, "\(path).properties[\(member.key)]")
        }
    }

    private mutating func checkPart(_ schema: Value, _ path: String) {
        check(schema, path, isWhole: schema["x-kubernetes-embedded-resource"] == true)
    }

    private mutating func check(_ value: Value, _ schema: Value, _ path: String) {
        let shape = StructuralSchema.shape(schema)
        if Decoder.dropsFields(of: value, shape) { faults.invalid(path, value, "must not have unknown fields") }
        var validation = SchemaValidation()
        validation.check(value, shape, "")
        for error in validation.faults.errors {
            var moved = error
            moved.field = path + (error.field.isEmpty || error.field == "<nil>" ? "" : ".\(error.field)")
            faults.append([moved])
        }
    }
}
