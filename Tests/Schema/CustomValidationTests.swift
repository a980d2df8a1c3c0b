import API
import Document
import Testing

@testable import Schema

/// What a custom resource is refused for by its schema (kube-openapi's validation as apiextensions-apiserver uses it).
@Suite struct CustomValidationTests {
    /// A resource whose `spec` has that schema.
    private static func resource(_ schema: Value, root: Value = [:], version more: Value = [:]) throws -> Resource {
        var whole = root
        whole["type"] = "object"
        var properties = root["properties"] ?? [:]
        properties["spec"] = schema
        whole["properties"] = properties
        var version: Value = [
            "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": whole],
        ]
        for member in more.object ?? [:] { version[member.key] = member.value }
        let catalogue = Catalogue.builtIn.adding([
            "metadata": ["name": "ms.t.io"],
            "spec": [
                "group": "t.io", "scope": "Cluster", "names": ["plural": "ms", "kind": "M"], "versions": [version],
            ],
        ])
        return try #require(catalogue.resource(group: "t.io", version: "v1", plural: "ms"))
    }

    private static func object(_ spec: Value) -> Value {
        ["apiVersion": "t.io/v1", "kind": "M", "metadata": ["name": "m"], "spec": spec]
    }

    private static let two: Value = ["a": ["type": "string"], "b": ["type": "string", "maxLength": 3]]

    private static func choice(_ key: Text, _ value: Value) -> Value {
        ["type": "object", "properties": two, key: value]
    }

    static let either: Value = [["required": ["a"]], ["required": ["b"]]]
    private static let none = "<nil>: Invalid value: \"\": \"spec\" must"

    static let rows: [(schema: Value, spec: Value, faults: [String])] = [
        (choice("oneOf", either), ["a": "x"], []), (choice("oneOf", either), ["b": "x"], []),
        (
            choice("oneOf", either), [:],
            ["\(none) validate one and only one schema (oneOf). Found none valid", "spec.a: Required value"]
        ),
        (
            choice("oneOf", either), ["a": "x", "b": "y"],
            ["\(none) validate one and only one schema (oneOf). Found 2 valid alternatives"]
        ),
        (choice("anyOf", either), ["b": "x"], []),
        (choice("anyOf", either), [:], ["\(none) validate at least one schema (anyOf)", "spec.a: Required value"]),
        (
            choice("allOf", either), ["a": "x"],
            ["spec.b: Required value", "\(none) validate all the schemas (allOf)"]
        ),
        (
            choice("allOf", either), [:],
            [
                "spec.a: Required value", "spec.b: Required value",
                "\(none) validate all the schemas (allOf). None validated",
            ]
        ),
        (choice("not", ["required": ["a"]]), ["b": "x"], []),
        (choice("not", ["required": ["a"]]), ["a": "x"], ["\(none) not validate the schema (not)"]),
        (choice("allOf", [["properties": ["a": ["pattern": "^x"]]]]), ["a": "x"], []),
        (
            choice("not", ["properties": ["a": ["enum": ["x"]]], "required": ["a"]]), ["a": "x"],
            ["\(none) not validate the schema (not)"]
        ),
        // The branch that knows more of the value is told of.
        (
            choice("anyOf", [["required": ["c"]], ["properties": ["a": ["enum": ["y"]]]]]), ["a": "x"],
            [
                "\(none) validate at least one schema (anyOf)",
                "spec.a: Unsupported value: \"x\": supported values: \"y\"",
            ]
        ),
        (
            ["type": "array", "items": ["type": "string"], "not": ["items": ["enum": ["x"]]]], ["x"],
            ["\(none) not validate the schema (not)"]
        ),
        // A wrong type does not keep the rest from being looked at.
        (
            ["type": "integer", "enum": [1, 2], "minLength": 3], "x",
            [
                "spec: Invalid value: \"string\": spec in body must be of type integer: \"string\"",
                "spec: Invalid value: \"x\": spec in body should be at least 3 chars long",
                "spec: Unsupported value: \"x\": supported values: \"1\", \"2\"",
            ]
        ),
        (
            ["type": "integer", "format": "int32"], 3_000_000_000,
            ["<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in spec"]
        ),
        (
            ["type": "integer", "format": "int32"], true,
            ["spec: Invalid value: \"\": spec in body must be of type int32: \"\""]
        ),
        // A format is all that is asked of a list where a text should be.
        (["type": "string", "format": "date"], ["x"], []),
        (
            ["type": "string", "format": "foo"], ["x"],
            ["spec: Invalid value: \"array\": spec in body must be of type string: \"array\""]
        ),
        (
            [
                "type": "integer", "multipleOf": .number(Number(literal: "0.5")),
                "maximum": .number(Number(literal: "1.5")),
            ], 2,
            [
                "<nil>: Invalid value: \"\": MultipleOf value must be of type integer (default format) in spec",
                "<nil>: Invalid value: \"\": Maximum boundary value must be of type integer (default format) in spec",
                "spec: Invalid value: 2: spec in body should be less than or equal to 1.5",
            ]
        ),
        (["type": "string", "maxLength": 1], "ab", ["spec: Too long: may not be more than 1 byte"]),
        (["type": "string", "maxLength": -1], "", ["spec: Too long: value is too long"]),
        (["type": "object", "maxProperties": -1], [:], ["spec: Too many: 0: has too many items"]),
        (
            ["type": "object", "additionalProperties": false], ["x": 1],
            ["spec: Invalid value: \"x\": spec.x in body is a forbidden property"]
        ),
        (
            ["type": "string", "nullable": true, "enum": ["a", .null]], .null,
            ["spec: Unsupported value: null: supported values: \"a\", \"null\""]
        ),
    ]

    @Test(arguments: rows) func branchesHold(schema: Value, spec: Value, faults: [String]) throws {
        let found = try Self.resource(schema).validateCreate(Self.object(spec))
        #expect(found.map(\.description) == faults)
    }

    /// Names may be restricted beyond what Kubernetes demands of them.
    @Test func namesAreRestricted() throws {
        let resource = try Self.resource(
            ["type": "object"],
            root: ["properties": ["metadata": ["type": "object", "properties": ["name": ["pattern": "^x"]]]]])
        #expect(
            resource.validateCreate(Self.object([:])).map(\.description) == [
                "metadata.name: Invalid value: \"m\": metadata.name in body should match '^x'"
            ])
    }

    // MARK: Ratcheting

    private static let list: Value = [
        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
        "items": ["type": "object", "required": ["k"], "properties": ["k": ["type": "string"], "v": two["b"] ?? [:]]],
    ]

    /// What does not change may stay (KEP-4008): whole values, properties, and elements of lists with keys.
    @Test(
        arguments: [
            (choice("not", ["required": ["c"]]), ["b": "long"], ["b": "long", "a": "new"], []),
            (choice("not", ["required": ["c"]]), ["b": "long"], ["b": "longer"], ["spec.b"]),
            (choice("oneOf", either), [:], [:], []),
            (choice("oneOf", either), ["c": 1], ["c": 2], ["<nil>", "spec.a"]),
            (list, [["k": "1", "v": "long"]], [["k": "0", "v": "x"], ["k": "1", "v": "long"]], []),
            (list, [["k": "1", "v": "long"]], [["k": "2", "v": "long"]], ["spec[0].v"]),
            (
                ["type": "array", "items": ["type": "string", "maxLength": 3]], ["long"], ["x", "long"], ["spec[1]"]
            ),
        ] as [(Value, Value, Value, [String])])
    func whatDoesNotChangeMayStay(schema: Value, old: Value, new: Value, places: [String]) throws {
        var (before, after) = (Self.object(old), Self.object(new))
        before["metadata", "resourceVersion"] = "1"
        after["metadata"] = ["name": "m", "resourceVersion": "1", "labels": ["a": "b"]]
        #expect(try Self.resource(schema).validateUpdate(after, old: before).map(\.field) == places)
    }

    // MARK: Embedded objects

    @Test(
        arguments: [
            (
                [:],
                [
                    "spec.apiVersion: Required value", "spec.kind: Required value",
                ]
            ),
            (["apiVersion": "v1", "kind": "Pod"], []),
            (
                ["apiVersion": "a/b/c", "kind": "", "metadata": ["name": "a/b"]],
                [
                    "spec.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c",
                    "spec.kind: Invalid value: \"\": must not be empty",
                    "spec.metadata.name: Invalid value: \"a/b\": may not contain '/'",
                ]
            ),
        ] as [(Value, [String])])
    func embeddedObjectsAreChecked(value: Value, faults: [String]) throws {
        let resource = try Self.resource([
            "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true,
        ])
        #expect(resource.validateCreate(Self.object(value)).map(\.description) == faults)
    }

    // MARK: Formats

    @Test(arguments: [
        (
            "email", ["a@b.c", "A B <a@b>", "\"a b\"@c", "a@[1.2.3.4]"],
            ["", "a", "a@", "a b@c", "@b", "a@[Z1.2.3.4]"]
        ),
        (
            "uri", ["http://a.b/c?d=e", "/x", "mailto:x", "http://[::1]:80/", "fe80::1%eth0"],
            ["", "foo", "http://a b/", "%zz", "1a:b", "htt://[::@]"]
        ),
        ("isbn10", ["0-306-40615-2", "080442957X"], ["0306406153", "9780306406157"]),
        ("isbn13", ["978-0-306-40615-7"], ["9780306406158", "0306406152"]),
        ("isbn", ["0306406152", "9780306406157"], ["1"]),
        ("creditcard", ["4111 1111 1111 1111", "378282246310005"], ["4111111111111112", "1"]),
        ("ssn", ["123-45-6789"], ["123456789", "12-345-6789"]), ("hexcolor", ["#fff", "00FF00"], ["#ffff", "red"]),
        ("rgbcolor", ["rgb(1, 20,255)"], ["rgb(1,2)", "rgb(256,0,0)"]),
        ("bsonobjectid", ["507f1f77bcf86cd799439011"], ["507f1f77bcf86cd79943901"]),
        ("k8s-short-name", ["a-b"], ["a.b", "A"]), ("k8s-long-name", ["a.b"], ["a_b"]),
        ("duration", ["1h2m", "1 day", "1d", "1w", "2 weeks", "3 hours"], ["", "1", "day", "1 x"]),
        (
            "mac", ["00:00:5e:00:53:01", "00-00-5E-00-53-01", "0000.5e00.5301", "4111111111111111"],
            ["0000.5e00", "00:00:5e:00:53", "41111111111111"]
        ),
        ("hostname", ["a", "é", "a-", "☃.net", "=a", "example.com"], ["a.b", "1.2.3.4", "2020-01-01", "a.b-", ""]),
        ("ipv4", ["1.2.3.4", "01.2.3.4", "::ffff:1.2.3.4"], ["256.1.1.1", "1.2.3", "::1"]),
        ("cidr", ["1.2.3.0/24", "1.2.3.4/024", "::/0"], ["1.2.3.4", "1.2.3.4/33", "1.2.3.4/"]),
        ("byte", ["YWJj", "YQ=="], ["", "YQ", "YWJj\n"]),
        (
            "date-time", ["2020-01-01t00:00:00z", "2020-01-01T00:00:00,5Z", "2020-01-01T00:00:00+99:99"],
            ["2020-01-01T23:59:60Z", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00", "2020-02-30T00:00:00Z"]
        ),
        ("uuid4", ["9b2e8a3e-1f4d-4c5e-8a1b-0123456789ab"], ["9b2e8a3e-1f4d-3c5e-8a1b-0123456789ab"]),
        ("unheard-of", ["anything"], []),
    ])
    func formatsAreUpstreams(format: String, right: [String], wrong: [String]) {
        for text in right { #expect(SchemaFormats.accepts(text, format), "\(format) \(text)") }
        for text in wrong { #expect(!SchemaFormats.accepts(text, format), "\(format) \(text)") }
    }

    // MARK: Reading

    private static let parts: Value = [
        "type": "object",
        "properties": [
            "any": ["type": "object", "additionalProperties": true],
            "kept": [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                "properties": ["a": ["type": "object", "properties": ["b": ["type": "string"]]]],
            ],
            "text": ["type": "string"],
            "whole": [
                "type": "object", "additionalProperties": ["type": "object", "x-kubernetes-embedded-resource": true],
            ],
        ],
    ]

    /// What is not declared goes, wherever it stands (apiextensions' pruning package).
    @Test(
        arguments: [
            (["any": ["k": ["x": 1], "l": 2]], ["any": ["k": [:], "l": 2]], ["spec.any.k.x"]),
            (["kept": ["u": 1, "a": ["b": "c", "d": 1]]], ["kept": ["u": 1, "a": ["b": "c"]]], ["spec.kept.a.d"]),
            (["text": ["x": 1]], ["text": [:]], ["spec.text.x"]),
            (
                ["whole": ["o/p": ["kind": "X", "metadata": ["name": "x", "y": 1], "z": 1]]],
                ["whole": ["o/p": ["kind": "X", "metadata": ["name": "x"]]]],
                ["spec.whole.o/p.z", "spec.whole[o/p].metadata.y"]
            ),
        ] as [(Value, Value, [String])])
    func unknownFieldsArePruned(spec: Value, pruned: Value, unknown: [String]) throws {
        let decoded = try Self.resource(Self.parts).kind.decode(Self.object(spec))
        #expect(decoded.object["spec"] == pruned)
        #expect(decoded.strictProblems == unknown.map { "unknown field \"\($0)\"" })
    }

    /// Own parts of embedded objects are read as Go reads them.
    @Test(
        arguments: [
            (["whole": ["o/p": ["kind": 1]]], "spec.whole[o/p].kind: Invalid value: 1: must be a string"),
            (
                ["whole": ["k": ["metadata": ["labels": ["a": 1]]]]],
                "spec.whole[k].metadata: Invalid value: {\"labels\":{\"a\":1}}: json: cannot unmarshal number into Go struct "
                    + "field ObjectMeta.labels of type string"
            ),
        ] as [(Value, String)])
    func embeddedObjectsAreRead(spec: Value, failure: String) throws {
        let kind = try Self.resource(Self.parts).kind
        #expect(throws: DecodingFailure(message: failure)) { try kind.decode(Self.object(spec)) }
    }

    /// Where objects are stored in another version, that version's schema prunes them too.
    @Test func objectsArePrunedByTheVersionThatStoresThem() throws {
        func version(_ name: String, _ properties: Value) -> Value {
            let spec: Value = ["type": "object", "properties": properties]
            return [
                "name": .string(name), "served": true, "storage": name == "v1" ? true : false,
                "schema": ["openAPIV3Schema": ["type": "object", "properties": ["spec": spec]]],
            ]
        }
        let both: Value = ["type": "string"]
        let catalogue = Catalogue.builtIn.adding([
            "metadata": ["name": "ms.t.io"],
            "spec": [
                "group": "t.io", "scope": "Cluster", "names": ["plural": "ms", "kind": "M"],
                "versions": [
                    version("v1", ["a": both, "d": ["type": "string", "default": "x"]]),
                    version("v2", ["a": both, "b": both]),
                ],
            ],
        ])
        let resource = try #require(catalogue.resource(group: "t.io", version: "v2", plural: "ms"))
        let stored = resource.stored(Self.object(["a": "1", "b": "2"]))
        #expect(stored["spec"] == ["a": "1"])
        #expect(resource.served(stored)["spec"] == ["a": "1"])
        let first = try #require(catalogue.resource(group: "t.io", version: "v1", plural: "ms"))
        #expect(first.served(stored)["spec"] == ["a": "1", "d": "x"])
    }

    // MARK: Beside the schema

    @Test(
        arguments: [
            (["replicas": -1], [".spec.replicas: Invalid value: -1: should be a non-negative integer"]),
            (
                ["replicas": "x"],
                [
                    ".spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected int64"
                ]
            ),
            (
                ["replicas": 5_000_000_000],
                [".spec.replicas: Invalid value: 5000000000: should be less than or equal to 2147483647"]
            ),
        ] as [(Value, [String])])
    func scalesAreChecked(spec: Value, faults: [String]) throws {
        let scale: Value = ["specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"]
        let resource = try Self.resource(
            ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
            version: ["subresources": ["scale": scale]])
        #expect(resource.validateCreate(Self.object(spec)).map(\.description) == faults)
    }

    /// Who scales takes the replicas from whoever set them, where somebody did; none are owned by nobody.
    @Test(
        arguments: [
            (["replicas": 1, "a": "x"], 3, ["creator/: a", "scaler/scale: replicas"]),
            (["replicas": 1, "a": "x"], 0, ["creator/: a"]), (["a": "x"], 3, nil),
        ] as [(Value, Int, [String]?)])
    func scalesAreOwned(spec: Value, replicas: Int, owners: [String]?) throws {
        let scale: Value = ["specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"]
        let resource = try Self.resource(
            ["type": "object", "properties": ["a": ["type": "string"], "replicas": ["type": "integer"]]],
            version: ["subresources": ["scale": scale]])
        let now = Time(seconds: 0)
        var old = Self.object(spec)
        old = resource.trackingUpdate(old, from: nil, by: FieldOwner(manager: "creator", now: now))
        old["metadata", "uid"] = "u"
        #expect(resource.isScaleManaged(old) == (owners != nil))
        guard let owners else { return }
        let new = resource.settingScale(["spec": ["replicas": .int(replicas)]], on: old)
        let tracked = resource.trackingUpdate(
            new, from: old, by: FieldOwner(manager: "scaler", subresource: "scale", now: now))
        let found = (tracked["metadata", "managedFields"]?.array ?? []).map { entry in
            let fields = (entry["fieldsV1", "f:spec"]?.object ?? [:]).map(\.key.string).filter { $0 != "." }
            let names = fields.map { $0.dropFirst(2) }.joined(separator: ",")
            return "\(entry["manager"]?.string ?? "")/\(entry["subresource"]?.string ?? ""): \(names)"
        }
        #expect(found.sorted() == owners)
    }

    /// A field selector compares what fmt prints of a value; nothing where there is none.
    @Test(
        arguments: [
            (["n": 5], "5"), (["n": [1, 1]], "[1 1]"), (["n": .null], ""), ([:], ""), (["n": true], "true"),
        ] as [(Value, Text)])
    func selectorsCompareWhatIsPrinted(spec: Value, text: Text) throws {
        let resource = try Self.resource(
            ["type": "object", "properties": ["n": ["type": "integer"]]],
            version: ["selectableFields": [["jsonPath": ".spec.n"]]])
        #expect(resource.selectableValue("spec.n", of: Self.object(spec)) == text)
    }

    /// What server-side apply may say of a custom resource (kube-openapi's schemaconv).
    @Test(
        arguments: [
            (parts, ["zz": 1], ".spec.zz: field not declared in schema"),
            (parts, ["text": 1], ".spec.text: expected string, got &value.valueUnstructured{Value:1}"),
            (parts, ["any": [1]], ".spec.any: expected map, got &{[1]}"),
            (parts, ["kept": ["u": 1, "a": ["v": 1]]], nil), (["type": "object"], ["zz": 1], nil),
            (
                ["type": "array", "items": ["type": "integer"]], ["x"],
                ".spec[0]: expected numeric (int or float), got string"
            ),
        ] as [(Value, Value, String?)])
    func configurationsAreTyped(schema: Value, spec: Value, fault: String?) throws {
        let kind = try Self.resource(schema).kind
        #expect(TypedValidation(Self.object(spec), MergeShape(kind)).text == fault)
    }

    /// Finalizers of custom resources need not be qualified, but it is told that they better were.
    @Test func finalizersAreWarnedOf() throws {
        let resource = try Self.resource(["type": "object"])
        var object = Self.object([:])
        object["metadata", "finalizers"] = ["x", "a.b", "a.b/c"]
        #expect(resource.validateCreate(object) == [])
        let words = "to avoid accidental conflicts with other finalizer writers"
        #expect(
            resource.warnings(object, old: nil) == [
                "metadata.finalizers: \"a.b\": prefer a domain-qualified finalizer name including a path (/) \(words)",
                "metadata.finalizers: \"x\": prefer a domain-qualified finalizer name \(words)",
            ])
    }
}
