import API
import Document

extension Faults {
    /// A custom resource against the schema of its version (kube-openapi's validation, in its words).
    mutating func checkCustom(_ object: Value, _ kind: Kind, old: Value? = nil) {
        guard let structure = kind.custom, let schema = kind.schema else { return }
        let before = errors.count
        var validation = SchemaValidation()
        validation.checkRoot(object, structure, StructuralSchema.constraints(schema))
        append(validation.faults.errors)
        var lists = ListTypeValidation()
        lists.check(object, Shape(.structure(structure)), "")
        append(lists.faults.errors)
        let blocking: Set<FieldError.Kind> = [.required, .typeInvalid, .notSupported, .tooLong, .tooMany]
        if kind.hasRules, errors[before...].contains(where: { blocking.contains($0.kind) }) {
            invalid(
                "<nil>", .null,
                "some validation rules were not checked because the object was invalid; correct the existing errors to "
                    + "complete validation")
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

/// Sets without doubles, maps with every key once (apiextensions' listtype package).
struct ListTypeValidation {
    var faults = Faults()

    mutating func check(_ value: Value, _ shape: Shape, _ path: String) {
        switch (shape.form, value) {
        case (.structure(let structure), .object(let object)):
            for member in object {
                guard let field = structure.field(member.key), field.shape.structure?.name != "ObjectMeta" else {
                    continue
                }
                check(member.value, field.shape, path.isEmpty ? member.key.string : "\(path).\(member.key)")
            }
        case (.map(let item), .object(let object)):
            for member in object { check(member.value, item, "\(path)[\(member.key)]") }
        case (.list(let item, let merge), .array(let elements)):
            checkElements(elements, shape, merge, path)
            for (index, element) in elements.enumerated() { check(element, item, "\(path)[\(index)]") }
        default: break
        }
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
