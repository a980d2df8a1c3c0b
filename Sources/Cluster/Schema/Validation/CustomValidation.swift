public import API
import Document

extension Faults {
    /// A custom resource against the schema of its version (apiextensions-apiserver/pkg/registry/customresource).
    ///
    /// - Parameters:
    ///   - old: what it replaces; nil for a new one.
    ///   - subresource: what is written; of a status nothing else is looked at.
    mutating func checkCustom(_ object: Value, _ resource: Resource, old: Value? = nil, subresource: String? = nil) {
        guard let schema = resource.kind.structural else { return }
        let before = errors.count
        let whole = old.map { Correlation(object, $0, schema) }
        let isStatus = subresource == "status"
        if !isStatus {
            append(SchemaValidation.faults(of: object, schema, correlation: whole))
        } else if let status = object["status"], let part = schema.property("status") {
            append(SchemaValidation.faults(of: status, part, at: "status", correlation: whole?.key("status")))
        }
        checkScale(object, resource.declaration.scale, isStatus: isStatus)
        if !isStatus { append(EmbeddedValidation.faults(of: object, schema)) }
        if old.map({ ListTypeValidation.faults(of: $0, schema).isEmpty }) ?? true {
            append(ListTypeValidation.faults(of: object, schema))
        }
        if errors[before...].contains(where: \.blocksRules), resource.kind.hasRules {
            invalid("<nil>", .null, FieldError.unasked)
        }
    }

    // MARK: Scale

    private mutating func checkScale(_ object: Value, _ paths: ScalePaths?, isStatus: Bool) {
        guard let paths else { return }
        if !isStatus { checkReplicas(object, paths.specReplicas) }
        checkReplicas(object, paths.statusReplicas)
        guard let path = paths.labelSelector, let found = find(path, in: object) else { return }
        if let fault = found.fault { return invalid(place(path), "", fault) }
        guard let value = found.value, value.string == nil else { return }
        invalid(place(path), "", Faults.mistyped(path, value, "string"))
    }

    private mutating func checkReplicas(_ object: Value, _ path: [Text]) {
        guard let found = find(path, in: object) else { return }
        if let fault = found.fault { return invalid(place(path), 0, fault) }
        guard let value = found.value else { return }
        guard let count = value.number?.int64 else {
            return invalid(place(path), 0, Faults.mistyped(path, value, "int64"))
        }
        if count < 0 { invalid(place(path), value, "should be a non-negative integer") }
        if count > Int64(Int32.max) {
            invalid(place(path), value, "should be less than or equal to \(Int32.max)")
        }
    }

    private func place(_ path: [Text]) -> String { path.map { ".\($0)" }.joined() }

    /// What stands at a path, or why there is no way to it; nil where nothing stands there (unstructured.NestedFieldNoCopy).
    private func find(_ path: [Text], in object: Value) -> (value: Value?, fault: String?)? {
        var value = object
        for (index, step) in path.enumerated() {
            if value.isNull { return nil }
            guard case .object(let members) = value else {
                return (nil, Faults.mistyped(Array(path[...index]), value, "map[string]interface{}"))
            }
            guard let next = members[step] else { return nil }
            value = next
        }
        return (value, nil)
    }

    private static func mistyped(_ path: [Text], _ value: Value, _ wanted: String) -> String {
        let type = value.isNull ? "<nil>" : GoValue.type(value)
        return "\(path.map { ".\($0)" }.joined()) accessor error: \(GoValue.text(value)) is of the type \(type), "
            + "expected \(wanted)"
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

/// Sets without doubles, maps with every key once (apiextensions' listtype package).
struct ListTypeValidation {
    private var faults = Faults()

    static func faults(of object: Value, _ schema: Structural) -> [FieldError] {
        var validation = ListTypeValidation()
        validation.check(object, schema, "")
        return validation.faults.errors
    }

    private mutating func check(_ value: Value, _ schema: Structural, _ path: String) {
        switch value {
        case .object(let object):
            if let item = schema.additionalSchema {
                for member in object { check(member.value, item, "\(path)[\(member.key)]") }
            }
            for member in object {
                guard let part = schema.property(member.key) else { continue }
                check(member.value, part, path.isEmpty ? member.key.string : "\(path).\(member.key)")
            }
        case .array(let elements):
            checkElements(elements, schema.list, path)
            guard let items = schema.items else { return }
            for (index, element) in elements.enumerated() { check(element, items, "\(path)[\(index)]") }
        default: break
        }
    }

    private mutating func checkElements(_ elements: [Value], _ merge: ListMerge, _ path: String) {
        guard merge != .atomic else { return }
        var identities = elements
        if case .map(let keys) = merge {
            if let index = elements.firstIndex(where: { !$0.isNull && $0.object == nil }) {
                return faults.invalid(
                    "\(path)[\(index)]", elements[index], "must be an object for an array of list-type map")
            }
            identities = elements.map { element in
                .object(Object(keys.compactMap { key in element[key].map { (key, $0) } }))
            }
        }
        // Of those that are more than two alike, the second alone is told of.
        var seen: [Value: Int] = [:]
        for (index, identity) in identities.enumerated() {
            seen[identity, default: 0] += 1
            if seen[identity] == 2 { faults.duplicate("\(path)[\(index)]", identity) }
        }
    }
}
