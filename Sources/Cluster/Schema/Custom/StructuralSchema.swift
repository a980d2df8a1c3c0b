import Document

/// Turns the schema of a CRD into shapes, so that a custom resource is the same thing as a built-in one.
enum StructuralSchema {
    private static let objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

    /// The shape of the whole object, with apiVersion, kind and metadata beside what the schema says.
    static func root(_ schema: Value, name: String, preservesUnknown: Bool) -> Structure {
        let structure = Structure(
            name: name, isKind: true,
            preservesUnknown: preservesUnknown || schema["x-kubernetes-preserve-unknown-fields"] == true)
        var fields = (schema["properties"]?.object ?? [:]).compactMap { member -> Field? in
            ["apiVersion", "kind", "metadata"].contains(member.key.string)
                ? nil : field(member.key, member.value, schema)
        }
        fields.append(metadata)
        structure.complete(fields)
        return structure
    }

    /// The constraints of the root schema itself.
    static func constraints(_ schema: Value) -> Constraints {
        Constraints(schema: schema, branch: branch, isRoot: true)
    }

    private static var metadata: Field {
        let shape = DeclarationLibrary.shared.structure(objectMeta).map {
            Shape(.structure($0), goType: "v1.ObjectMeta")
        }
        return Field(
            name: "metadata", shape: shape ?? .any, isPointer: false, emission: .omitEmpty, isRequired: false,
            declaredDefault: nil, appliedDefault: nil, patch: nil, enumeration: [], isAtomic: false, isGranular: false,
            isBare: false, number: 1, inline: nil)
    }

    private static func field(
        _ name: Text, _ schema: Value, _ parent: Value, _ part: (Value) -> Shape = shape
    ) -> Field {
        Field(
            name: name, shape: part(schema), isPointer: true, emission: .omitEmpty,
            isRequired: parent["required"]?.array?.contains(.string(name)) ?? false,
            declaredDefault: schema["default"], appliedDefault: nil, patch: nil, enumeration: [],
            isAtomic: schema["x-kubernetes-map-type"] == "atomic", isGranular: false, isBare: false, number: 0,
            inline: nil)
    }

    /// What stands in allOf and the others, where no type may be said: whatever the value is, what the branch says of
    /// its properties or items holds.
    static func branch(_ schema: Value) -> Shape {
        let constraints = Constraints(schema: schema, branch: branch)
        if let properties = schema["properties"]?.object {
            let structure = Structure(name: "", isAtomic: false, isKind: false, preservesUnknown: true)
            structure.complete(properties.map { field($0.key, $0.value, schema, branch) })
            return Shape(.structure(structure), constraints: constraints)
        }
        if let item = schema["items"], item.object != nil {
            return Shape(.list(branch(item), .atomic), constraints: constraints)
        }
        if let item = schema["additionalProperties"], item.object != nil {
            return Shape(.map(branch(item)), constraints: constraints)
        }
        return Shape(.any, constraints: constraints)
    }

    static func shape(_ schema: Value) -> Shape {
        let constraints = Constraints(schema: schema, branch: branch)
        if constraints.isIntOrString { return Shape(.intOrString, constraints: constraints) }
        switch constraints.type {
        case "object": return object(schema, constraints)
        case "array":
            let item = schema["items"].map(shape) ?? .any
            return Shape(.list(item, listMerge(schema)), constraints: constraints)
        case "string": return Shape(.string, constraints: constraints)
        case "integer": return Shape(.int64, constraints: constraints)
        case "number": return Shape(.float64, constraints: constraints)
        case "boolean": return Shape(.bool, constraints: constraints)
        default: return Shape(.any, constraints: constraints)
        }
    }

    private static func object(_ schema: Value, _ constraints: Constraints) -> Shape {
        let preserves = schema["x-kubernetes-preserve-unknown-fields"] == true
        if let item = schema["additionalProperties"], item.object != nil, schema["properties"] == nil {
            return Shape(.map(shape(item)), constraints: constraints)
        }
        if schema["additionalProperties"] == true { return Shape(.map(.any), constraints: constraints) }
        let structure = Structure(
            name: "", isAtomic: schema["x-kubernetes-map-type"] == "atomic",
            isKind: constraints.isEmbeddedResource, preservesUnknown: preserves)
        var fields = (schema["properties"]?.object ?? [:]).map { field($0.key, $0.value, schema) }
        if constraints.isEmbeddedResource {
            fields = fields.filter { !["apiVersion", "kind", "metadata"].contains($0.name.string) } + [metadata]
        }
        structure.complete(fields)
        return Shape(.structure(structure), constraints: constraints)
    }

    private static func listMerge(_ schema: Value) -> ListMerge {
        switch schema["x-kubernetes-list-type"] {
        case "set"?: return .set
        case "map"?: return .map((schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.text))
        default: return .atomic
        }
    }
}
