import Document

extension Definitions {
    /// A reference to a kind's definition, which is made if it is not yet there.
    mutating func kindReference(_ kind: Kind) -> Value {
        guard let custom = kind.custom else { return reference(kind.structure) }
        let key = Text(kind.definition)
        if made[key] == nil { add(kind.definition, customKind(kind, custom)) }
        return reference(kind.definition)
    }

    /// A reference to the definition of a resource's list.
    mutating func listReference(_ resource: Resource) -> Value {
        let kind = resource.kind
        guard kind.custom != nil else {
            return DeclarationLibrary.shared.structure("\(kind.definition)List").map { reference($0) } ?? [
                "type": "object"
            ]
        }
        let name = kind.definition.dropLast(kind.name.count) + resource.listKind
        if made[Text(String(name))] == nil { add(String(name), customList(resource)) }
        return reference(String(name))
    }

    /// A CRD's definitions tell by which fields it can be selected.
    mutating func noteSelectors(of resource: Resource) {
        let selectors = resource.declaration.selectors
        guard resource.isCustom, !selectors.isEmpty else { return }
        let fields = Value.array(selectors.map { ["fieldPath": .string($0)] })
        let base = resource.kind.definition.dropLast(resource.kind.name.count)
        for name in [resource.kind.name, resource.listKind] {
            change("\(base)\(name)") { $0["x-kubernetes-selectable-fields"] = fields }
        }
    }

    mutating func metaReference(_ name: String) -> Value {
        let meta = "io.k8s.apimachinery.pkg.apis.meta.v1.\(name)"
        return DeclarationLibrary.shared.structure(meta).map { reference($0) } ?? ["type": "object"]
    }

    private mutating func customKind(_ kind: Kind, _ structure: Structure) -> Value {
        var schema = custom(kind.schema ?? ["type": "object", "x-kubernetes-preserve-unknown-fields": true])
        for (name, field) in typeFields(kind.definition) + [metadata("ObjectMeta", kind.definition)] {
            schema["properties", name] = field
        }
        schema["x-kubernetes-group-version-kind"] = [
            [
                "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.name),
            ]
        ]
        return schema
    }

    private mutating func customList(_ resource: Resource) -> Value {
        let item = kindReference(resource.kind)
        let definition = "\(resource.kind.definition)List"
        var items: Value = ["type": "array", "items": item]
        descriptions.describe("items", of: definition, in: &items)
        var schema: Value = [
            "type": "object", "required": ["items"],
            "properties": .object(
                Object(typeFields(definition) + [metadata("ListMeta", definition), ("items", items)])),
            "x-kubernetes-group-version-kind": [
                [
                    "group": .string(resource.group), "version": .string(resource.version),
                    "kind": .string(resource.listKind),
                ]
            ],
        ]
        descriptions.describe(definition, in: &schema)
        return schema
    }

    private mutating func metadata(_ type: String, _ definition: String) -> (Text, Value) {
        let reference = metaReference(type)
        var schema: Value = dialect == .v3 ? ["allOf": [reference]] : reference
        descriptions.describe("metadata", of: definition, in: &schema)
        return ("metadata", schema)
    }
}
