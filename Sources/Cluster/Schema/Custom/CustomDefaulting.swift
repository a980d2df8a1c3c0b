import Document

/// Defaults of a CRD's schema (apiextensions-apiserver/pkg/apiserver/schema/defaulting).
enum CustomDefaulting {
    static func apply(to object: Value, _ structure: Structure) -> Value {
        guard case .object(var result) = object else { return object }
        for field in structure.fields where field.shape.structure?.name != "ObjectMeta" {
            let isNullable = field.shape.constraints?.isNullable ?? true
            // A null where none may stand is as if nothing were there.
            if let value = result[field.name], value.isNull, !isNullable { result[field.name] = nil }
            if result[field.name] == nil, let fallback = field.declaredDefault { result[field.name] = fallback }
            if let value = result[field.name] { result[field.name] = apply(to: value, field.shape) }
        }
        return .object(result)
    }

    private static func apply(to value: Value, _ shape: Shape) -> Value {
        switch (shape.form, value) {
        case (.structure(let structure), .object): apply(to: value, structure)
        case (.map(let item), .object(let object)): .object(object.mapValues { apply(to: $0, item) })
        case (.list(let item, _), .array(let elements)): .array(elements.map { apply(to: $0, item) })
        default: value
        }
    }
}
