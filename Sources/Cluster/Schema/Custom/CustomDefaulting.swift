import Document

/// Defaults of a CRD's schema (apiextensions-apiserver/pkg/apiserver/schema/defaulting).
struct CustomDefaulting {
    /// Whether a null stays where none may stand and nothing is declared to stand there instead: what is applied is not
    /// decoded as what is sent is, and then refused for it.
    var keepsNulls = false

    func apply(to object: Value, _ structure: Structure) -> Value {
        guard case .object(var result) = object else { return object }
        for field in structure.fields where field.shape.structure?.name != "ObjectMeta" {
            let fallback = field.declaredDefault
            if let value = result[field.name], value.isNull, !isNullable(field.shape),
                fallback != nil || !keepsNulls
            {
                result[field.name] = nil
            }
            if result[field.name] == nil, let fallback { result[field.name] = fallback }
            if let value = result[field.name] { result[field.name] = apply(to: value, field.shape) }
        }
        return .object(result)
    }

    private func isNullable(_ shape: Shape) -> Bool { shape.constraints?.isNullable ?? true }

    private func apply(to value: Value, _ shape: Shape) -> Value {
        switch (shape.form, value) {
        case (.structure(let structure), .object): return apply(to: value, structure)
        case (.map(let item), .object(let object)):
            let isOpen = keepsNulls || isNullable(item)
            let members = isOpen ? object : Object(unsorted: object.filter { !$0.value.isNull })
            return .object(members.mapValues { apply(to: $0, item) })
        case (.list(let item, _), .array(let elements)): return .array(elements.map { apply(to: $0, item) })
        default: return value
        }
    }
}
