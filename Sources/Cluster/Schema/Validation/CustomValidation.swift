public import API
import Document

extension Faults {
    /// A custom resource against the schema of its version (kube-openapi's validation, in its words).
    ///
    /// - Parameter old: what it replaces; nil for a new one.
    mutating func checkCustom(_ object: Value, _ kind: Kind, old: Value? = nil) {
        guard let structure = kind.custom, let constraints = kind.constraints else { return }
        let before = errors.count
        var validation = SchemaValidation()
        validation.checkRoot(object, structure, constraints, old: old)
        append(validation.faults.errors)
        let whole = Shape(.structure(structure))
        append(EmbeddedValidation.faults(of: object, whole))
        if old.map({ ListTypeValidation.faults(of: $0, whole).isEmpty }) ?? true {
            append(ListTypeValidation.faults(of: object, whole))
        }
        if errors[before...].contains(where: \.blocksRules), kind.hasRules {
            invalid("<nil>", .null, FieldError.unasked)
        }
    }
}

extension FieldError {
    fileprivate static let unasked =
        "some validation rules were not checked because the object was invalid; correct the existing errors to complete "
        + "validation"

    /// Whether the rules of the expression language are not asked about an object of which this is said
    /// (apiextensions-apiserver's hasBlockingErr).
    public var blocksRules: Bool {
        switch kind {
        case .required, .typeInvalid, .notSupported, .tooLong, .tooMany: true
        default: false
        }
    }
}

extension Kind {
    /// Whether the schema has rules of the expression language anywhere.
    var hasRules: Bool { schema?.containsKey("x-kubernetes-validations") ?? false }
}

extension Value {
    fileprivate func containsKey(_ key: Text) -> Bool {
        switch self {
        case .object(let object): object[key] != nil || object.contains { $0.value.containsKey(key) }
        case .array(let elements): elements.contains { $0.containsKey(key) }
        default: false
        }
    }
}

extension Shape {
    /// Goes through all that a custom resource holds but its metadata, the outer before the inner.
    func walk(_ value: Value, at path: String = "", _ visit: (Value, Shape, String) -> Void) {
        visit(value, self, path)
        switch (form, value) {
        case (.structure(let structure), .object(let object)):
            for member in object {
                guard let field = structure.field(member.key), field.shape.structure?.name != "ObjectMeta" else {
                    continue
                }
                let path = path.isEmpty ? member.key.string : "\(path).\(member.key)"
                field.shape.walk(member.value, at: path, visit)
            }
        case (.map(let item), .object(let object)):
            for member in object { item.walk(member.value, at: "\(path)[\(member.key)]", visit) }
        case (.list(let item, _), .array(let elements)):
            for (index, element) in elements.enumerated() { item.walk(element, at: "\(path)[\(index)]", visit) }
        default: break
        }
    }
}

/// Sets without doubles, maps with every key once (apiextensions' listtype package).
struct ListTypeValidation {
    private var faults = Faults()

    static func faults(of object: Value, _ shape: Shape) -> [FieldError] {
        var validation = ListTypeValidation()
        shape.walk(object) { value, shape, path in
            if case (.list(_, let merge), .array(let elements)) = (shape.form, value) {
                validation.checkElements(elements, shape, merge, path)
            }
        }
        return validation.faults.errors
    }

    private mutating func checkElements(_ elements: [Value], _ shape: Shape, _ merge: ListMerge, _ path: String) {
        guard merge != .atomic else { return }
        var seen: Set<Value> = []
        for (index, element) in elements.enumerated() {
            var identity = element
            if case .map(let keys) = merge {
                identity = .object(Object(keys.compactMap { key in element[key].map { (key, $0) } }))
            }
            if !seen.insert(identity).inserted { faults.duplicate("\(path)[\(index)]", identity) }
        }
    }
}
