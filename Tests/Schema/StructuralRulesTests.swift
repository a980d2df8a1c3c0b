import API
import Document
import Testing

@testable import Schema

/// Which schemas of a CRD are refused, and in which words (apiextensions-apiserver's structural schema validation).
@Suite struct StructuralRulesTests {
    struct Row: CustomTestStringConvertible {
        let schema: Value
        let faults: [String]

        var testDescription: String { String(decoding: JSON.write(schema), as: UTF8.self) }
    }

    private static func part(_ schema: Value) -> Value { ["type": "object", "properties": ["a": schema]] }
    private static func rule(_ rule: Value) -> Value {
        ["type": "object", "x-kubernetes-validations": [rule], "properties": ["a": ["type": "string"]]]
    }
    private static let rules = "s.x-kubernetes-validations[0]"
    private static let list = "s.properties[a].x-kubernetes-list"

    static let rows = [
        Row(schema: ["type": "object"], faults: []),
        Row(schema: [:], faults: ["s.type: Required value: must not be empty at the root"]),
        Row(schema: ["type": "string"], faults: ["s.type: Invalid value: \"string\": must be object at the root"]),
        Row(
            schema: part([:]),
            faults: ["s.properties[a].type: Required value: must not be empty for specified object fields"]),
        Row(schema: part(["type": "array"]), faults: ["s.properties[a].items: Required value: must be specified"]),
        Row(
            schema: part(["type": "string", "pattern": "^(a"]),
            faults: [
                "s.properties[a].pattern: Invalid value: \"^(a\": must be a valid regular expression, but isn't: "
                    + "error parsing regexp: missing closing ): `^(a`"
            ]),
        Row(schema: part(["type": "string", "pattern": "^a+$"]), faults: []),
        Row(
            schema: part(["type": "foo"]),
            faults: [
                "s.properties[a].type: Unsupported value: \"foo\": supported values: \"array\", \"boolean\", \"integer\", "
                    + "\"number\", \"object\", \"string\""
            ]),
        Row(
            schema: part(["type": "array", "items": [["type": "string"]]]),
            faults: ["s.properties[a].items: Forbidden: items must be a schema object and not an array"]),
        Row(
            schema: ["type": "object", "nullable": true],
            faults: ["s.nullable: Forbidden: nullable cannot be true at the root"]),
        Row(schema: part(["type": "object", "additionalProperties": false]), faults: []),
        Row(
            schema: part([
                "type": "object", "additionalProperties": ["type": "string"], "properties": ["b": ["type": "string"]],
            ]),
            faults: [
                "s.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"
            ]),
        Row(
            schema: ["type": "object", "additionalProperties": true],
            faults: ["s.additionalProperties: Forbidden: must not be used at the root"]),
        // Branches.
        Row(
            schema: ["type": "object", "anyOf": [["type": "object"]]],
            faults: ["s.anyOf[0].type: Forbidden: must be empty to be structural"]),
        Row(
            schema: [
                "type": "object", "allOf": [["nullable": true, "description": "x", "x-kubernetes-map-type": "atomic"]],
            ],
            faults: [
                "s.allOf[0].description: Forbidden: must be empty to be structural",
                "s.allOf[0].nullable: Forbidden: must be false to be structural",
                "s.allOf[0].x-kubernetes-map-type: Forbidden: must be undefined to be structural",
                "s.allOf[0].type: Required value: must be object if x-kubernetes-map-type is specified",
            ]),
        Row(
            schema: ["type": "object", "not": ["properties": ["b": ["pattern": "x"]]]],
            faults: ["s.properties[b]: Required value: because it is defined in s.not.properties[b]"]),
        Row(
            schema: part([
                "x-kubernetes-int-or-string": true, "anyOf": [["type": "integer"], ["type": "string"]],
                "allOf": [["pattern": "x"]],
            ]), faults: []),
        // Metadata.
        Row(
            schema: [
                "type": "object",
                "properties": ["metadata": ["type": "object", "properties": ["labels": ["type": "object"]]]],
            ],
            faults: [
                "s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata "
                    + "is implicitly specified"
            ]),
        Row(
            schema: ["type": "object", "properties": ["kind": ["type": "string", "default": "X"]]],
            faults: ["s.properties[kind].default: Forbidden: must not be set in top-level kind"]),
        Row(
            schema: part(["type": "object", "x-kubernetes-embedded-resource": true]),
            faults: [
                "s.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true "
                    + "without x-kubernetes-preserve-unknown-fields"
            ]),
        // Defaults.
        Row(
            schema: part(["type": "object", "properties": ["b": ["type": "string"]], "default": ["c": 1]]),
            faults: ["s.properties[a].default: Invalid value: {\"c\":1}: must not have unknown fields"]),
        Row(
            schema: part(["type": "object", "properties": ["b": ["type": "integer"]], "default": ["b": "x"]]),
            faults: [
                "s.properties[a].default.b: Invalid value: \"string\": b in body must be of type integer: \"string\""
            ]),
        Row(
            schema: part(["type": "integer", "format": "int32", "default": ["a": 1]]),
            faults: [
                "s.properties[a].default: Invalid value: {\"a\":1}: must not have unknown fields",
                "s.properties[a].default: Invalid value: \"\":  in body must be of type int32: \"\"",
            ]),
        Row(
            schema: part(["type": "integer", "multipleOf": -1, "default": 3]),
            faults: [
                "s.properties[a].default: Invalid value: -1: factor MultipleOf declared for  must be positive: -1"
            ]),
        Row(
            schema: part(["type": "array", "items": ["type": "string"], "default": [["b": 1]]]),
            faults: [
                "s.properties[a].default: Invalid value: [{\"b\":1}]: must not have unknown fields",
                "s.properties[a].default.[0]: Invalid value: \"object\": [0] in body must be of type string: \"object\"",
            ]),
        Row(
            schema: part([
                "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true,
                "properties": ["metadata": ["type": "object", "default": ["name": "a/b"]]],
            ]),
            faults: [
                "s.properties[a].properties[metadata].default: Invalid value: {\"name\":\"a/b\"}: must result in valid "
                    + "metadata: metadata.name: Invalid value: \"a/b\": may not contain '/'"
            ]),
        // What structural schemas do not know.
        Row(
            schema: part(["type": "string", "$schema": "x"]),
            faults: ["s: Invalid value: \"\": OpenAPIV3Schema 'schema' is not supported"]),
        Row(
            schema: part(["type": "object", "x-kubernetes-preserve-unknown-fields": false, "items": ["type": ""]]),
            faults: [
                "s.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined"
            ]),
        Row(
            schema: [
                "type": "object", "properties": ["a": ["type": "object"]], "not": ["additionalProperties": false],
            ],
            faults: []),
        // Lists and maps.
        Row(
            schema: part([
                "type": "array", "items": ["type": "object"], "x-kubernetes-list-map-keys": ["b"],
            ]),
            faults: ["\(list)-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty"]),
        Row(
            schema: part([
                "type": "array", "items": ["type": "string"], "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["b"],
            ]),
            faults: [
                "s.properties[a].items.type: Invalid value: \"string\": must be object if parent array's "
                    + "x-kubernetes-list-type is map"
            ]),
        Row(
            schema: part([
                "type": "array", "items": ["type": "object"], "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["b"],
            ]),
            faults: ["\(list)-map-keys: Invalid value: [\"b\"]: entries must all be names of item properties"]),
        Row(
            schema: part(["type": "array", "items": ["type": "string"], "x-kubernetes-list-type": "x"]),
            faults: ["\(list)-type: Unsupported value: \"x\": supported values: \"atomic\", \"set\", \"map\""]),
        Row(
            schema: part(["type": "array", "items": ["type": "object"], "x-kubernetes-list-type": "set"]),
            faults: [
                "s.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with "
                    + "x-kubernetes-list-type=set"
            ]),
        // Rules.
        Row(schema: rule(["rule": "true", "message": "x", "fieldPath": ".a"]), faults: []),
        Row(
            schema: rule(["rule": "true", "message": " "]),
            faults: ["\(rules).message: Invalid value: \" \": must be non-empty if specified"]),
        Row(
            schema: rule(["rule": "true", "message": "a\nb"]),
            faults: ["\(rules).message: Invalid value: \"a\\nb\": must not contain line breaks"]),
        Row(
            schema: rule(["rule": "true\n|| false"]),
            faults: ["\(rules).message: Required value: message must be specified if rule contains line breaks"]),
        Row(
            schema: rule(["rule": "true", "messageExpression": " "]),
            faults: ["\(rules).messageExpression: Required value: messageExpression must be non-empty if specified"]),
        Row(
            schema: rule(["rule": "true", "reason": "Bad"]),
            faults: [
                "\(rules).reason: Unsupported value: \"Bad\": supported values: \"FieldValueDuplicate\", "
                    + "\"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\""
            ]),
        Row(
            schema: rule(["rule": "true", "fieldPath": ".b"]),
            faults: ["\(rules).fieldPath: Invalid value: \".b\": must be a valid path"]),
    ]

    @Test(arguments: rows) func refuses(_ row: Row) {
        #expect(SchemaRules.faults(of: row.schema, "s").map(\.description) == row.faults)
    }

    // MARK: Definitions

    private static let schema: Value = [
        "openAPIV3Schema": [
            "type": "object",
            "properties": [
                "spec": ["type": "object", "properties": ["a": ["type": "string"], "o": ["type": "object"]]]
            ],
        ]
    ]

    /// A definition that is valid but for what the row puts in.
    private static func definition(_ spec: Value, _ version: Value) -> Value {
        var whole: Value = ["name": "v1", "served": true, "storage": true, "schema": schema]
        for member in version.object ?? [:] { whole[member.key] = member.value }
        var definition: Value = [
            "metadata": ["name": "ms.t.io"], "status": ["storedVersions": ["v1"]],
            "spec": [
                "group": "t.io", "scope": "Cluster", "conversion": ["strategy": "None"], "versions": [whole],
                "names": ["plural": "ms", "singular": "m", "kind": "M", "listKind": "MList"],
            ],
        ]
        for member in spec.object ?? [:] { definition["spec", member.key] = member.value }
        return definition
    }

    private static let label =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and "
        + "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
        + "'[a-z]([-a-z0-9]*[a-z0-9])?')"

    private static let gone =
        "missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage "
        + "migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions"

    private static func webhook(_ client: Value) -> Value {
        [
            "conversion": [
                "strategy": "Webhook", "webhook": ["clientConfig": client, "conversionReviewVersions": ["v1"]],
            ]
        ]
    }

    @Test(
        arguments: [
            ([:], [:], []), (["scope": ""], [:], ["spec.scope: Required value"]),
            (
                ["versions": []], [:],
                [
                    "spec.versions: Invalid value: []: must have exactly one version marked as storage version",
                    "status.storedVersions[0]: Invalid value: \"v1\": \(gone)",
                ]
            ),
            (
                ["versions": .null], [:],
                [
                    "spec.versions: Invalid value: null: must have exactly one version marked as storage version",
                    "status.storedVersions[0]: Invalid value: \"v1\": \(gone)",
                ]
            ),
            (
                [:],
                [
                    "storage": false, "deprecated": true, "deprecationWarning": "x",
                    "subresources": ["scale": ["specReplicasPath": ".spec.a", "statusReplicasPath": ".status.a"]],
                ],
                [
                    "spec.versions: Invalid value: [{\"Name\":\"v1\",\"Served\":true,\"Storage\":false,"
                        + "\"Deprecated\":true,\"DeprecationWarning\":\"x\",\"Schema\":null,\"Subresources\":null,"
                        + "\"AdditionalPrinterColumns\":null,\"SelectableFields\":null}]: must have exactly one version "
                        + "marked as storage version"
                ]
            ),
            (
                [:], ["name": "X"],
                [
                    "spec.versions[0].name: Invalid value: \"X\": \(label)",
                    "spec.version: Invalid value: \"X\": \(label)",
                    "status.storedVersions: Invalid value: [\"v1\"]: must have the storage version X",
                    "status.storedVersions[0]: Invalid value: \"v1\": \(gone)",
                ]
            ),
            (
                [:],
                [
                    "subresources": ["status": [:]],
                    "schema": ["openAPIV3Schema": ["type": "object", "minProperties": 1]],
                ],
                [
                    "spec.validation.openAPIV3Schema: Invalid value: "
                        + "\(SchemaDump.text(["type": "object", "minProperties": 1])): only [Description Type Format Title "
                        + "Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems "
                        + "UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields "
                        + "XValidations] fields are allowed at the root of the schema if the status subresource is enabled"
                ]
            ),
            (
                [
                    "versions": [
                        ["name": "v1", "served": true, "storage": true, "schema": schema],
                        [
                            "name": "v2", "served": true, "storage": false, "schema": schema,
                            "selectableFields": [["jsonPath": ".spec.a"]],
                        ],
                    ]
                ], [:],
                [
                    "spec.versions[1].selectableFields: Invalid value: \"\": may only be set when "
                        + "`version.schema.openAPIV3Schema` is not included"
                ]
            ),
            (
                ["conversion": ["strategy": ""]], [:], ["spec.conversion.strategy: Required value"]
            ),
            (
                ["preserveUnknownFields": true], [:],
                [
                    "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set "
                        + "x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
                ]
            ),
            (
                [:], ["deprecationWarning": "x"],
                [
                    "spec.versions[0].deprecationWarning: Invalid value: \"x\": can only be set for deprecated versions"
                ]
            ),
            (
                [:], ["additionalPrinterColumns": [["type": "x", "format": "y"]]],
                [
                    "spec.additionalPrinterColumns[0].name: Required value",
                    "spec.additionalPrinterColumns[0].type: Invalid value: \"x\": must be one of "
                        + "boolean,date,integer,number,string",
                    "spec.additionalPrinterColumns[0].format: Invalid value: \"y\": must be one of "
                        + "byte,date,date-time,double,float,int32,int64,password",
                    "spec.additionalPrinterColumns[0].JSONPath: Required value",
                ]
            ),
            (
                [:], ["subresources": ["scale": ["specReplicasPath": ".status.a", "statusReplicasPath": "x"]]],
                [
                    "spec.subresources.scale.specReplicasPath: Invalid value: \".status.a\": should be a json path under .spec",
                    "spec.subresources.scale.statusReplicasPath: Invalid value: \"x\": must be a simple json path starting "
                        + "with .",
                ]
            ),
            (
                [:],
                [
                    "selectableFields": [
                        ["jsonPath": ".spec.a"], ["jsonPath": ".spec.a"], ["jsonPath": ".spec.x"],
                        ["jsonPath": ".spec.o"],
                        ["jsonPath": ".metadata.name"], ["jsonPath": "spec"],
                    ]
                ],
                [
                    "spec.selectableFields[1].jsonPath: Duplicate value: \".spec.a\"",
                    "spec.selectableFields[2].jsonPath: Invalid value: \".spec.x\": is an invalid path: does not refer to a "
                        + "valid field",
                    "spec.selectableFields[3].jsonPath: Invalid value: \".spec.o\": must point to a field of type string, "
                        + "boolean or integer. Enum string fields and strings with formats are allowed.",
                    "spec.selectableFields[4].jsonPath: Invalid value: \".metadata.name\": is an invalid path: does not refer "
                        + "to a valid field",
                    "spec.selectableFields[5].jsonPath: Invalid value: \"spec\": is an invalid path: expected [ or . but got: "
                        + "spec",
                ]
            ),
            (
                webhook([:]), [:],
                ["spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required"]
            ),
            (
                webhook(["url": "http://x"]), [:],
                [
                    "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; "
                        + "desired format: https://host[/path]"
                ]
            ),
            (webhook(["service": ["name": "a", "namespace": "b", "path": "/x", "port": 443]]), [:], []),
        ] as [(Value, Value, [String])])
    func definitionsAreChecked(spec: Value, version: Value, faults: [String]) {
        var found = Faults()
        CustomDefinitionRules.new(Self.definition(spec, version), &found)
        #expect(found.errors.map(\.description) == faults)
    }

    /// Names of definitions do not change, and are not asked about again (ValidateCustomResourceDefinitionUpdate).
    @Test(
        arguments: [
            (["group": "t.io"], []),
            (["scope": "Namespaced"], ["spec.scope: Invalid value: \"Namespaced\": field is immutable"]),
            (["group": "u.io"], ["spec.group: Invalid value: \"u.io\": field is immutable"]),
        ] as [(Value, [String])])
    func changesOfDefinitionsAreChecked(spec: Value, faults: [String]) {
        var old = Self.definition([:], [:])
        old["status", "conditions"] = [["type": "Established", "status": "True"]]
        var new = old
        for member in spec.object ?? [:] { new["spec", member.key] = member.value }
        var found = Faults()
        CustomDefinitionRules.update(new, old, &found)
        #expect(found.errors.map(\.description) == faults)
    }

    @Test(
        arguments: [
            (
                nil,
                "Required value: protected groups must have approval annotation \"api-approved.kubernetes.io\", see",
                "MissingAnnotation"
            ),
            ("maybe", "Invalid value: \"maybe\": protected groups must have approval annotation", "InvalidAnnotation"),
            ("https://github.com/kubernetes/kubernetes/pull/1", nil, "ApprovedAnnotation"),
            ("unapproved, experimental", nil, "UnapprovedAnnotation"),
        ] as [(String?, String?, String)])
    func groupsOfTheCommunityAreApproved(approval: String?, fault: String?, reason: String) throws {
        var definition = Self.definition(["group": "x.k8s.io"], [:])
        definition.name = "ms.x.k8s.io"
        definition["metadata", "annotations", "api-approved.kubernetes.io"] = approval.map { .string($0) }
        var found = Faults()
        CustomDefinitionRules.new(definition, &found)
        #expect(found.errors.count == (fault == nil ? 0 : 1))
        #expect(found.errors.first?.body.hasPrefix(fault ?? "") != false)
        let told = Catalogue.builtIn.withStatus(definition, now: Time(seconds: 0))
        let conditions = told["status", "conditions"]?.array ?? []
        let condition = try #require(conditions.first { $0["type"] == "KubernetesAPIApprovalPolicyConformant" })
        #expect(condition["reason"] == .string(reason))
        #expect(condition["status"] == (reason == "ApprovedAnnotation" ? "True" : "False"))
    }
}
