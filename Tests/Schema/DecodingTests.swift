import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Bodies that cannot be read, in Go's words.
@Suite struct DecodingTests {
    static let failures = ["bad-bool", "bad-quantity", "bad-time", "wrong-type-int"]

    @Test(.needsShared, arguments: failures) func failsAsRecorded(_ name: String) throws {
        let golden = try Golden("errors/400-\(name)")
        let resource = try #require(golden.resource)
        let wanted = try #require(golden.response["message"]?.string)
        let failure = #expect(throws: DecodingFailure.self) { try resource.kind.decode(golden.request) }
        #expect(wanted.hasSuffix("cannot be handled as a \(resource.kind.name): \(failure?.message ?? "?")"))
    }

    @Test(.needsShared) func tellsUnknownAndDoubleFields() throws {
        let golden = try Golden("errors/fieldvalidation-strict")
        let resource = try #require(golden.resource)
        let text = try #require(golden.request.text)
        let body = try JSON.parseNotingDuplicates(text.bytes)
        let decoded = try resource.kind.decode(body.value, duplicates: body.duplicates)
        let problems = decoded.strictProblems.joined(separator: ", ")
        #expect(golden.response["message"]?.string?.hasSuffix("strict decoding error: \(problems)") == true)
    }

    static let scalars: [(kind: String, body: Value, path: [Text], result: Value?)] = [
        (
            "Pod", ["spec": ["containers": [["resources": ["limits": ["cpu": .number(Number(literal: "0.5"))]]]]]],
            ["cpu"], "500m"
        ),
        ("Pod", ["spec": ["containers": [["resources": ["limits": ["memory": "1024Mi"]]]]]], ["memory"], "1Gi"),
        ("Pod", ["spec": ["containers": [["resources": ["limits": ["memory": "1e3"]]]]]], ["memory"], "1e3"),
    ]

    @Test(arguments: scalars) func writesQuantitiesCanonically(
        _ row: (kind: String, body: Value, path: [Text], result: Value?)
    ) throws {
        let kind = try #require(Catalogue.builtIn.kind(group: "", version: "v1", kind: row.kind))
        let object = try kind.decode(row.body).object
        let container = object["spec", "containers"]?.array?.first
        #expect(container?["resources", "limits"]?[path: row.path] == row.result)
    }

    @Test func emitsWhatGoEmits() throws {
        let kind = try #require(Catalogue.builtIn.kind(group: "", version: "v1", kind: "Pod"))
        let object = try kind.decode(["spec": ["hostNetwork": false, "priority": 0, "containers": .null]]).object
        #expect(object["spec"] == ["priority": 0, "containers": .null])
        #expect(object["metadata"] == [:])
    }

    static let invalid: [(body: Value, message: String)] = [
        (["spec": 1], "json: cannot unmarshal number into Go struct field Pod.spec of type v1.PodSpec"),
        (
            ["spec": ["containers": [:]]],
            "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container"
        ),
        (
            ["spec": ["priority": .number(Number(literal: "1.5"))]],
            "json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32"
        ),
        (
            ["metadata": ["labels": ["a": 1]]],
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"
        ),
        (
            ["spec": ["dnsPolicy": true]],
            "json: cannot unmarshal bool into Go struct field PodSpec.spec.dnsPolicy of type v1.DNSPolicy"
        ),
    ]

    @Test(arguments: invalid) func tellsGoTypes(_ row: (body: Value, message: String)) throws {
        let kind = try #require(Catalogue.builtIn.kind(group: "", version: "v1", kind: "Pod"))
        #expect(throws: DecodingFailure(message: row.message)) { try kind.decode(row.body) }
    }
}
