import API
import Document

/// Turns the schema of a CRD into shapes, so that a custom resource is the same thing as a built-in one.
enum StructuralSchema {
    private static let objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

    /// The shape of the whole object, with apiVersion, kind and metadata beside what the schema says.
    static func root(_ schema: Structural, name: String) -> Structure {
        let keeps = schema.preservesUnknown
        let structure = Structure(name: name, isKind: true, preservesUnknown: keeps)
        structure.complete(fields(schema, isWhole: true, keeps: keeps))
        return structure
    }

    /// The metadata of an object, as Go declares it.
    static let metadataShape: Shape =
        DeclarationLibrary.shared.structure(objectMeta).map { Shape(.structure($0), goType: "v1.ObjectMeta") } ?? .any

    /// - Parameter keeps: whether what is around keeps unknown fields, which for server-side apply its parts then do too.
    private static func fields(_ schema: Structural, isWhole: Bool, keeps: Bool) -> [Field] {
        let fields = schema.properties.compactMap { member in
            isWhole && Structural.isOwn(member.name)
                ? nil : field(member.name, shape(member.schema, keeps: keeps), member.schema, schema)
        }
        return isWhole ? fields + [field("metadata", metadataShape, nil, nil)] : fields
    }

    private static func field(
        _ name: Text, _ shape: Shape, _ schema: Structural?, _ parent: Structural?
    ) -> Field {
        Field(
            name: name, shape: shape, isPointer: parent != nil, emission: .omitEmpty,
            isRequired: parent?.required.contains(name) ?? false, declaredDefault: schema?.defaultValue,
            appliedDefault: nil, patch: nil, enumeration: [],
            isAtomic: schema?.schema["x-kubernetes-map-type"] == "atomic", isGranular: false, isBare: false,
            // Of the metadata alone there is a message (PartialObjectMetadata).
            number: parent == nil ? 1 : 0, inline: nil)
    }

    /// - Parameter keeps: whether what is around keeps unknown fields.
    static func shape(_ schema: Structural, keeps: Bool = false) -> Shape {
        let keeps = keeps || schema.preservesUnknown
        if schema.isIntOrString { return Shape(.intOrString, structural: schema) }
        switch schema.type {
        case "object": return object(schema, keeps: keeps)
        case "array":
            return Shape(.list(schema.items.map { shape($0, keeps: keeps) } ?? .any, schema.list), structural: schema)
        case "string": return Shape(.string, structural: schema)
        case "integer": return Shape(.int64, structural: schema)
        case "number": return Shape(.float64, structural: schema)
        case "boolean": return Shape(.bool, structural: schema)
        default: return Shape(.any, structural: schema)
        }
    }

    private static func object(_ schema: Structural, keeps: Bool) -> Shape {
        switch schema.additional {
        case .schema(let item) where schema.properties.isEmpty:
            return Shape(.map(shape(item, keeps: keeps)), structural: schema)
        case .allowed(true): return Shape(.map(.any), structural: schema)
        default: break
        }
        // Who says nothing of what is inside takes everything (kube-openapi's schemaconv), until it is pruned.
        let isFree = schema.properties.isEmpty && !schema.isEmbeddedResource && !schema.takesAdditional
        let structure = Structure(
            name: "", isAtomic: schema.schema["x-kubernetes-map-type"] == "atomic", isKind: schema.isEmbeddedResource,
            preservesUnknown: keeps || isFree)
        structure.complete(fields(schema, isWhole: schema.isEmbeddedResource, keeps: keeps))
        return Shape(.structure(structure), structural: schema)
    }
}
