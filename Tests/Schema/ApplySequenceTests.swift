import API
import Document
import Testing

@testable import Schema

/// What several managers leave of a custom object, one after the other: what structured-merge-diff v6.3 makes of it.
@Suite struct ApplySequenceTests {
    /// A write of one manager, and what comes of it.
    struct Step: Sendable {
        var manager: String
        var isApply = true
        /// In YAML.
        var spec: Text
        /// The spec that is then there; nil where the write is refused for a conflict.
        var leaves: Text?
        /// What each manager has of the spec then.
        var owners: [String: Text] = [:]
    }

    static let sequences: [[Step]] = [
        // A value of open kind that becomes another kind is changed as a whole.
        [
            Step(manager: "a", spec: "{any: text}", leaves: "{any: text}", owners: ["a": "{'f:any': {}}"]),
            Step(manager: "b", spec: "{any: {p: 1}}", leaves: nil),
        ],
        [
            Step(manager: "a", spec: "{any: [1]}", leaves: "{any: [1]}"),
            Step(
                manager: "b", isApply: false, spec: "{any: {p: 1}}", leaves: "{any: {p: 1}}",
                owners: ["b": "{'f:any': {'.': {}, 'f:p': {}}}"]),
        ],
        [
            Step(manager: "a", spec: "{any: {p: 1}}", leaves: "{any: {p: 1}}"),
            Step(
                manager: "b", isApply: false, spec: "{any: 1}", leaves: "{any: 1}", owners: ["b": "{'f:any': {}}"]),
        ],
        // What is emptied stays, for it was asked for.
        [
            Step(manager: "a", spec: "{map: {p: x}}", leaves: "{map: {p: x}}"),
            Step(manager: "a", spec: "{map: {}}", leaves: "{map: {}}", owners: ["a": "{'f:map': {}}"]),
        ],
        [
            Step(manager: "a", spec: "{list: [{name: p, value: x}]}", leaves: "{list: [{name: p, value: x}]}"),
            Step(manager: "b", spec: "{list: [{name: p}]}", leaves: "{list: [{name: p, value: x}]}"),
            Step(
                manager: "a", spec: "{list: []}", leaves: "{list: [{name: p}]}",
                owners: ["b": "{'f:list': {'k:{\"name\":\"p\"}': {'.': {}, 'f:name': {}}}}"]),
        ],
        // Null and what is empty leave what others have.
        [
            Step(manager: "a", spec: "{list: [{name: p}], map: {p: x}}", leaves: "{list: [{name: p}], map: {p: x}}"),
            Step(manager: "b", spec: "{list: null, map: null}", leaves: "{list: [{name: p}], map: {p: x}}"),
            Step(manager: "c", spec: "{list: [], map: {}}", leaves: "{list: [{name: p}], map: {p: x}}"),
        ],
    ]

    /// Who applies what is there already has no time, for he changed nothing.
    @Test func whoChangesNothingHasNoTime() throws {
        let resource = try resource()
        let object: Value = [
            "apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t", "uid": "u"],
            "spec": ["map": ["p": "x"]],
        ]
        var live: Value?
        for manager in ["a", "b", "a"] {
            let owner = FieldOwner(manager: manager, now: Time(seconds: 1))
            live = try resource.applied(object, to: live, by: owner, force: false)
        }
        let times = live?["metadata", "managedFields"]?.array?.map { [$0["manager"]?.string, $0["time"]?.string] }
        #expect(times == [["b", nil], ["a", "1970-01-01T00:00:01Z"]])
    }

    @Test(arguments: [
        ("{list: [null]}", ".spec.list: element 0: associative list with keys may not have a null element"),
        ("{list: [x]}", ".spec.list: element 0: associative list with keys may not have non-map elements"),
        (
            "{set: [a, null]}",
            ".spec.set: element 1: associative list without keys has an element that's an explicit null"
        ),
        ("{set: [{}]}", ".spec.set: element 0: associative list without keys has an element that's a map type"),
    ])
    func elementsThatCannotBeTold(_ spec: Text, _ fault: String) throws {
        let resource = try resource()
        var object: Value = ["apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t"]]
        object["spec"] = try YAML.parse(spec)
        #expect {
            try resource.applied(object, to: nil, by: FieldOwner(manager: "a", now: Time(seconds: 1)), force: false)
        } throws: {
            ($0 as? ApplyFailure)?.message.hasSuffix(fault) == true
        }
    }

    @Test(arguments: sequences) func comesOut(_ steps: [Step]) throws {
        let resource = try resource()
        var live: Value?
        for (number, step) in steps.enumerated() {
            let owner = FieldOwner(manager: step.manager, now: Time(seconds: Int64(number)))
            var object: Value = [
                "apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t", "uid": "u"],
            ]
            object["spec"] = try YAML.parse(step.spec)
            guard step.isApply else {
                live = resource.trackingUpdate(object, from: live, by: owner)
                continue
            }
            guard let leaves = step.leaves else {
                #expect(throws: ApplyFailure.self) {
                    try resource.applied(object, to: live, by: owner, force: false)
                }
                continue
            }
            live = try resource.applied(object, to: live, by: owner, force: false)
            #expect(live?["spec"] == (try YAML.parse(leaves)))
        }
        for (manager, fields) in steps.last?.owners ?? [:] {
            let entry = live?["metadata", "managedFields"]?.array?.first { $0["manager"]?.string == manager }
            #expect(entry?["fieldsV1", "f:spec"]?.removing(".") == (try YAML.parse(fields)))
        }
    }

    private func resource() throws -> Resource {
        let properties = """
            any: {x-kubernetes-preserve-unknown-fields: true}
            map: {type: object, additionalProperties: {type: string}}
            set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
            list:
              type: array
              x-kubernetes-list-type: map
              x-kubernetes-list-map-keys: [name]
              items: {type: object, required: [name], properties: {name: {type: string}, value: {type: string}}}
            """
        let schema: Value = [
            "type": "object",
            "properties": ["spec": ["type": "object", "properties": try YAML.parse(Text(properties))]],
        ]
        let version: Value = [
            "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema],
        ]
        let catalogue = Catalogue.builtIn.adding([
            "metadata": ["name": "things.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced", "versions": [version],
                "names": ["plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"],
            ],
            "status": ["acceptedNames": ["plural": "things", "kind": "Thing", "listKind": "ThingList"]],
        ])
        return try #require(catalogue.resource(group: "example.com", version: "v1", plural: "things"))
    }
}

extension Value {
    fileprivate func removing(_ key: Text) -> Value {
        var value = self
        value[key] = nil
        return value
    }
}
