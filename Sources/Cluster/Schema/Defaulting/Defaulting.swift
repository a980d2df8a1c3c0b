import Document

/// Fills in what nobody set: the declared defaults, those that depend on other fields, and a CRD's.
enum Defaulting {
    static func apply(to object: Value, of kind: Kind, keepsNulls: Bool) -> Value {
        kind.structural.map { CustomDefaulting(keepsNulls: keepsNulls).apply(to: object, $0) }
            ?? apply(to: object, kind.structure)
    }

    private static func apply(to value: Value, _ shape: Shape) -> Value {
        switch (shape.form, value) {
        case (.structure(let structure), .object): apply(to: value, structure)
        case (.list(let item, _), .array(let elements)) where item.mayHaveDefaults:
            .array(elements.map { apply(to: $0, item) })
        case (.map(let item), .object(let object)) where item.mayHaveDefaults:
            .object(object.mapValues { apply(to: $0, item) })
        default: value
        }
    }

    /// Outer structures first, as upstream's generated SetObjectDefaults functions go.
    private static func apply(to value: Value, _ structure: Structure) -> Value {
        // ObjectMeta has none, and is in every object.
        if structure.name == "ObjectMeta" || structure.name == "ListMeta" { return value }
        guard case .object(var object) = value else { return value }
        for field in structure.fields {
            guard let fallback = field.defaultValue, field.isUnset(in: object) else { continue }
            let isZero = !field.isPointer && field.emission == .omitEmpty && field.omits(fallback)
            if !isZero { object[field.name] = fallback }
        }
        var result = Value.object(object)
        if let definition = structure.definition, let rule = rules[definition] { rule(&result) }
        guard case .object(var filled) = result else { return result }
        for field in structure.fields where field.shape.mayHaveDefaults {
            guard let child = filled[field.name] else { continue }
            filled[field.name] = apply(to: child, field.shape)
        }
        return .object(filled)
    }

    /// Changes a structure whose declared defaults are set, before its parts get theirs.
    typealias Rule = @Sendable (inout Value) -> Void

    /// By the definition name of the structure.
    private static let rules: [String: Rule] = {
        var rules: [String: Rule] = [:]
        for family in [podDefaults, coreDefaults, workloadDefaults, policyDefaults] {
            rules.merge(family) { first, _ in first }
        }
        return rules
    }()
}

extension Field {
    /// Whether Go sees nothing here: absent, null, or the zero value where there is no pointer.
    func isUnset(in object: Object) -> Bool {
        guard let value = object[name], !value.isNull else { return true }
        if isPointer { return false }
        switch value {
        case .string(let text): return text.isEmpty
        case .number(let number): return number.double == 0
        case .bool(let bool): return !bool
        case .array(let elements): return elements.isEmpty
        default: return false
        }
    }
}

extension Shape {
    /// Whether there can be a structure below, which may have defaults.
    var mayHaveDefaults: Bool {
        switch form {
        case .structure: true
        case .list(let item, _), .map(let item): item.mayHaveDefaults
        default: false
        }
    }
}

extension Value {
    /// Sets a member that is absent, null or empty.
    mutating func fill(_ key: Text, _ value: Value) {
        switch self[key] {
        case nil, .null?: self[key] = value
        case .string(let text)? where text.isEmpty: self[key] = value
        default: break
        }
    }

    /// Whether the member is there and not null.
    func has(_ key: Text) -> Bool { self[key].map { !$0.isNull } ?? false }
}
