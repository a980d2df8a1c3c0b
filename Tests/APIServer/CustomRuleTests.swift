import API
import Client
import Document
import Store
import TestSupport
import Testing

@testable import APIServer

/// Rules of the expression language in custom resource definitions.
struct CustomRuleTests {
    private static let path = "/apis/example.com/v1/namespaces/default/widgets"

    private static func definition(_ rules: Value) -> Value {
        [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "widgets.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true,
                        "schema": [
                            "openAPIV3Schema": [
                                "type": "object",
                                "properties": [
                                    "spec": [
                                        "type": "object", "x-kubernetes-validations": rules,
                                        "properties": [
                                            "size": ["type": "integer"], "max": ["type": "integer", "default": 50],
                                            "fixed": ["type": "string"],
                                            "tags": [
                                                "type": "array", "x-kubernetes-list-type": "set",
                                                "items": ["type": "string"],
                                            ],
                                            "parts": [
                                                "type": "array", "x-kubernetes-list-type": "map",
                                                "x-kubernetes-list-map-keys": ["id"],
                                                "items": [
                                                    "type": "object", "required": ["id"],
                                                    "properties": ["id": ["type": "string"], "n": ["type": "integer"]],
                                                ],
                                            ],
                                        ],
                                    ]
                                ],
                            ]
                        ],
                    ]
                ],
            ],
        ]
    }

    private static func server(_ rules: Value) async throws -> ServerFixture {
        let server = try await ServerFixture.started()
        let answer = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: .value(definition(rules)))
        #expect(answer.code == 201, "\(answer.body["message"]?.string ?? "")")
        return server
    }

    private static func widget(_ spec: Value) -> APIRequest.Body {
        .value(["apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": "w"], "spec": spec])
    }

    @Test func objectsThatBreakARuleAreRefused() async throws {
        let server = try await Self.server([
            ["rule": "self.size <= self.max", "message": "size over max"],
            ["rule": "self.size != 7", "messageExpression": "'not %d'.format([self.size])", "fieldPath": ".size"],
            ["rule": "self.size != 8", "reason": "FieldValueForbidden"],
            ["rule": "self.size != 9 || 1 / (self.size - 9) == 1"],
            ["rule": "self.size != 10", "messageExpression": "' ten\\n'"],
            ["rule": "self.size != 11", "reason": "FieldValueDuplicate"],
            ["rule": "self.size != 12 || dyn(self.size) + 'a' == ''", "message": " m "],
        ])
        let cases: [(Value, String)] = [
            (["size": 60], "Widget.example.com \"w\" is invalid: spec: Invalid value: size over max"),
            (["size": 7], "Widget.example.com \"w\" is invalid: spec.size: Invalid value: not 7"),
            (["size": 8], "Widget.example.com \"w\" is invalid: spec: Forbidden: failed rule: self.size != 8"),
            (
                ["size": 9],
                "Widget.example.com \"w\" is invalid: spec: Invalid value: \"object\": division by zero evaluating rule: "
                    + "self.size != 9 || 1 / (self.size - 9) == 1"
            ),
            (["size": 10], "Widget.example.com \"w\" is invalid: spec: Invalid value: ten"),
            (["size": 11], "Widget.example.com \"w\" is invalid: spec: Duplicate value"),
            (
                ["size": 12],
                "Widget.example.com \"w\" is invalid: spec: Invalid value: \"object\": 'no such overload': call arguments "
                    + "did not match a supported operator, function or macro signature for rule: m"
            ),
        ]
        for (spec, message) in cases {
            let answer = try await server.send(.post, Self.path, body: Self.widget(spec))
            #expect(answer.code == 422 && answer.body["message"]?.string == message)
        }
        #expect(try await server.send(.post, Self.path, body: Self.widget(["size": 1])).code == 201)
    }

    /// Without a scheme there is no kind to fill in, and the refusal shows what was sent (apiserver's transformDecodeError).
    @Test func whatNamesNoKindIsShown() async throws {
        let server = try await Self.server([])
        let body = #"{"metadata": {"name": "bad"}, "spec": {"size": 1}}"#
        let answer = try await server.send(.post, Self.path, body: .bytes(Array(body.utf8)))
        #expect(answer.code == 400)
        #expect(
            answer.body["message"]?.string
                == "the object provided is unrecognized (must be of type Widget): Object 'Kind' is missing in '\(body)' "
                + "({\"metadata\": {\"name\": \"bad\"},  ...)")
    }

    @Test func rulesOfChangesLookAtWhatWas() async throws {
        let server = try await Self.server([
            ["rule": "!has(oldSelf.fixed) || self.fixed == oldSelf.fixed", "message": "fixed is immutable"]
        ])
        #expect(try await server.send(.post, Self.path, body: Self.widget(["fixed": "a"])).code == 201)
        let type = "application/merge-patch+json"
        let change: Value = ["spec": ["fixed": "b"]]
        let refused = try await server.send(.patch, "\(Self.path)/w", type: type, body: .value(change))
        #expect(
            refused.body["message"]?.string
                == "Widget.example.com \"w\" is invalid: spec: Invalid value: fixed is immutable")
        let other: Value = ["spec": ["size": 2]]
        #expect(try await server.send(.patch, "\(Self.path)/w", type: type, body: .value(other)).code == 200)
    }

    /// Kubernetes documentation, "CRD validation rules": lists of type set and map have no order in `==`, and `+` keeps them such.
    @Test(arguments: [
        ("self.tags == ['b', 'a']", true), ("self.tags == ['a', 'c']", false), ("['b', 'a'] == self.tags", false),
        ("(self.tags + ['a', 'c']).size() == 3", true), ("self.tags[0] == 'a' && 'b' in self.tags", true),
        ("dyn(self.parts) == [{'id': dyn('y'), 'n': dyn(2)}, {'id': dyn('x'), 'n': dyn(1)}]", true),
        ("(self.parts + dyn([{'id': dyn('x'), 'n': dyn(9)}])).size() == 2", true),
        ("(self.parts + dyn([{'id': dyn('x'), 'n': dyn(9)}]))[0].n == 9", true), ("self.parts.all(p, p.n > 0)", true),
    ])
    func listsHaveTheOrderOfTheirType(rule: String, holds: Bool) async throws {
        let server = try await Self.server([["rule": .string(rule)]])
        let spec: Value = ["tags": ["a", "b"], "parts": [["id": "x", "n": 1], ["id": "y", "n": 2]]]
        let answer = try await server.send(.post, Self.path, body: Self.widget(spec))
        #expect(answer.code == (holds ? 201 : 422), "\(answer.body["message"]?.string ?? "")")
    }

    @Test func definitionsWithBadRulesAreRefused() async throws {
        let server = try await ServerFixture.started()
        let answer = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            body: .value(Self.definition([["rule": "self.nope == 1"], ["rule": "self.size"]])))
        let causes = answer.body["details", "causes"]?.array ?? []
        #expect(answer.code == 422 && causes.count == 2)
        #expect(
            causes.first?["message"]?.string
                == "Invalid value: {\"Rule\":\"self.nope == 1\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,"
                + "\"FieldPath\":\"\",\"OptionalOldSelf\":null}: compilation failed: ERROR: <input>:1:5: undefined field "
                + "'nope'\n | self.nope == 1\n | ....^")
        #expect(
            causes.first?["field"]?.string
                == "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule")
    }

    /// A schema that is wrong is told of before its rules are read (apiextensions-apiserver's validation).
    @Test(
        arguments: [
            ([["rule": ""], ["rule": "self.nope"]], "[0].rule", "Required value: rule is not specified"),
            (
                [["rule": "true", "optionalOldSelf": true]], "[0].optionalOldSelf",
                "Invalid value: true: may not be set if oldSelf is not used in rule"
            ),
            (
                [["rule": "true", "messageExpression": "nope"]], "[0].messageExpression",
                "Invalid value: {\"Rule\":\"true\",\"Message\":\"\",\"MessageExpression\":\"nope\",\"Reason\":null,"
                    + "\"FieldPath\":\"\",\"OptionalOldSelf\":null}: messageExpression compilation failed: ERROR: "
                    + "<input>:1:1: undeclared reference to 'nope' (in container '')\n | nope\n | ^"
            ),
            (
                [["rule": "'x'.matches('[')"]], "[0].rule",
                "Invalid value: {\"Rule\":\"'x'.matches('[')\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,"
                    + "\"FieldPath\":\"\",\"OptionalOldSelf\":null}: compilation failed: ERROR: <input>:1:13: invalid matches "
                    + "argument\n | 'x'.matches('[')\n | ............^"
            ),
        ] as [(Value, String, String)])
    func rulesAreChecked(rules: Value, place: String, message: String) async throws {
        let server = try await ServerFixture.started()
        let answer = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: .value(Self.definition(rules)))
        let causes = answer.body["details", "causes"]?.array ?? []
        let path = "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations\(place)"
        #expect(causes.map { $0["field"]?.string } == [path])
        #expect(causes.map { $0["message"]?.string } == [message])
    }

    @Test func valuesWithoutTypeHaveNoRules() async throws {
        let server = try await ServerFixture.started()
        var definition = Self.definition([])
        var version = definition["spec", "versions"]?.array?.first ?? [:]
        let loose: Value = [
            "x-kubernetes-preserve-unknown-fields": true, "x-kubernetes-validations": [["rule": "true"]],
        ]
        version["schema", "openAPIV3Schema"] = ["type": "object", "properties": ["loose": loose]]
        definition["spec", "versions"] = [version]
        let answer = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: .value(definition))
        #expect(
            answer.body["details", "causes"]?.array?.map { $0["message"]?.string } == [
                "Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: "
                    + "unable to convert structural schema to CEL declarations"
            ])
    }

    /// Nobody can say what an element of a list without keys was before.
    @Test func whatWasIsNotAskedWhereNobodyKnows() async throws {
        let server = try await ServerFixture.started()
        var definition = Self.definition([])
        var version = definition["spec", "versions"]?.array?.first ?? [:]
        version["schema", "openAPIV3Schema"] = [
            "type": "object",
            "properties": [
                "list": [
                    "type": "array", "maxItems": 3,
                    "items": ["type": "string", "x-kubernetes-validations": [["rule": "self == oldSelf"]]],
                ]
            ],
        ]
        definition["spec", "versions"] = [version]
        let answer = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: .value(definition))
        let list = "spec.validation.openAPIV3Schema.properties[list]"
        #expect(
            answer.body["details", "causes"]?.array?.first?["message"]?.string
                == "Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema "
                + "within \(list)")
    }

    /// What was right when it was made may stay as it is when the definition gets stricter.
    @Test func stricterDefinitionsLetOldValuesBe() async throws {
        let server = try await Self.server([])
        #expect(try await server.send(.post, Self.path, body: Self.widget(["fixed": "long", "size": 1])).code == 201)
        let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com"
        let place = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/fixed/maxLength"
        let stricter: Value = [["op": "add", "path": .string(place), "value": 2]]
        let made = try await server.send(
            .patch, definitions, type: "application/json-patch+json", body: .value(stricter))
        #expect(made.code == 200, "\(made.body)")
        let type = "application/merge-patch+json"
        for (change, code): (Value, Int) in [
            (["metadata": ["labels": ["a": "b"]]], 200), (["spec": ["size": 2]], 200),
            (["spec": ["fixed": "wide"]], 422),
        ] {
            let answer = try await server.send(.patch, "\(Self.path)/w", type: type, body: .value(change))
            #expect(answer.code == code, "\(answer.body)")
        }
    }

    @Test(
        arguments: [
            (nil, "example.com/v1 Widget is deprecated; use example.com/v2 Widget"), ("use gadgets", "use gadgets"),
        ] as [(Value?, String)])
    func deprecatedVersionsAreWarnedOf(warning: Value?, text: String) async throws {
        let server = try await ServerFixture.started()
        var definition = Self.definition([])
        var old = definition["spec", "versions"]?.array?.first ?? [:]
        var new = old
        new["name"] = "v2"
        new["storage"] = false
        old["deprecated"] = true
        old["deprecationWarning"] = warning
        definition["spec", "versions"] = [old, new]
        let answer = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: .value(definition))
        #expect(answer.code == 201, "\(answer.body)")
        #expect(try await server.send(.get, Self.path).warnings == [text])
        #expect(try await server.send(.post, Self.path, body: Self.widget([:])).warnings == [text])
        #expect(try await server.send(.get, "\(Self.path)/none").warnings == [text])
        #expect(try await server.send(.get, Self.path.replacing("/v1/", with: "/v2/")).warnings.isEmpty)
    }

    /// By estimate, before there is an object: per expression, and for the whole schema.
    @Test func definitionsWithCostlyRulesAreRefused() async throws {
        let server = try await ServerFixture.started()
        let dear = "self.tags.all(t, t.contains('cpu'))"
        let answer = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            body: .value(
                Self.definition([
                    ["rule": "self.size > 1"], ["rule": .string(dear)],
                    // Nothing says how long a number is as text.
                    ["rule": "self.size > 2", "messageExpression": "'not ' + string(self.size)"],
                ])))
        let schema = "spec.validation.openAPIV3Schema"
        let rules = "\(schema).properties[spec].x-kubernetes-validations"
        let advice =
            " exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and "
            + "maxLength where arrays, maps, and strings are declared)"
        let part =
            "Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"
        let causes = (answer.body["details", "causes"]?.array ?? []).map {
            "\($0["field"]?.string ?? "") \($0["message"]?.string ?? "")"
        }
        #expect(answer.code == 422)
        #expect(
            causes == [
                "\(rules)[1].rule Forbidden: estimated rule cost\(advice)",
                "\(rules)[2].messageExpression Forbidden: estimated messageExpression cost\(advice)",
                "\(rules)[2].messageExpression \(part)", "\(rules)[1].rule \(part)",
                "\(schema) Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema\(advice)",
            ], "\(causes)")
    }

    /// Served at once, told a little later, by the next server if this one ends in between.
    @Test(arguments: [false, true]) func definitionsInstallForAMoment(isEnded: Bool) async throws {
        let server = try ServerFixture(installing: .milliseconds(15))
        try await Bootstrap(server.api).run()
        let made = try await server.send(
            .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: .value(Self.definition([])))
        #expect(made.code == 201)
        func stored() async throws -> Value {
            try await server.client.get(ServerFixture.definitions, namespace: nil, name: "widgets.example.com")
        }
        #expect(try await stored().condition("Established")?.reason == "Installing")
        #expect(try await server.send(.get, Self.path).code == 200)
        if isEnded {
            let next = try ServerFixture(store: server.store, installing: .milliseconds(15))
            #expect(try await next.send(.get, Self.path).code == 200)
            try await Bootstrap(next.api).run()
        } else {
            try await wait(for: "somebody to wait for the time") { server.clock.sleepers > 0 }
            server.clock.advance(by: .milliseconds(15))
        }
        try await wait(for: "the definition to be established") { try await stored().isTrue("Established") }
    }
}
