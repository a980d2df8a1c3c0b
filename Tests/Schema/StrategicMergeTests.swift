import API
import Document
import Testing

@testable import Schema

/// Strategic merge patches: what k8s.io/apimachinery's strategicpatch makes of the same objects and patches.
@Suite struct StrategicMergeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let original: String
        let patch: String
        /// The result, or the text of the refusal.
        let expected: String

        init(_ original: String, _ patch: String, _ expected: String) {
            self.original = original
            self.patch = patch
            self.expected = expected
        }

        var testDescription: String { "\(original) \(patch)" }
    }

    static let merged = [
        // What is new loses its nulls and what holds $patch; other directives stay for the reader to refuse.
        Case(
            #"{"spec":{}}"#,
            #"{"spec":{"volumes":[{"name":"a","emptyDir":null,"$retainKeys":["name"]},{"$patch":"replace"}]}}"#,
            #"{"spec":{"volumes":[{"$retainKeys":["name"],"name":"a"}]}}"#),
        Case(
            #"{"spec":{"volumes":[{"name":"b"}]}}"#,
            #"{"spec":{"volumes":[{"name":"a","emptyDir":null,"$retainKeys":["name"]}]}}"#,
            #"{"spec":{"volumes":[{"$retainKeys":["name"],"emptyDir":null,"name":"a"},{"name":"b"}]}}"#),
        Case(
            #"{"metadata":{"labels":{"a":"b"}}}"#,
            #"{"metadata":{"labels":{"c":{"$patch":"delete"},"d":{"x":null}}}}"#,
            #"{"metadata":{"labels":{"a":"b","d":{}}}}"#),
        // Lists that are not merged lose elements by name, too.
        Case(
            #"{"spec":{"containers":[{"name":"c","args":["x","y","z"]}]}}"#,
            #"{"spec":{"containers":[{"name":"c","$deleteFromPrimitiveList/args":["y"]}]}}"#,
            #"{"spec":{"containers":[{"args":["x","z"],"name":"c"}]}}"#),
        Case(
            #"{"spec":{"containers":[{"name":"c"}]}}"#,
            #"{"spec":{"containers":[{"name":"c","$deleteFromPrimitiveList/args":["y"]}]}}"#,
            #"{"spec":{"containers":[{"name":"c"}]}}"#),
        Case(
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}}"#,
            #"{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}]}}"#,
            #"{"spec":{"containers":[{"name":"b"},{"name":"c"},{"name":"a"}]}}"#),
        Case(
            #"{"spec":{"containers":[{"name":"a"}]}}"#,
            #"{"spec":{"$setElementOrder/containers":[],"containers":[{"name":"x"},{"name":"y"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"y"},{"name":"x"}]}}"#),
        Case(
            #"{"spec":{"securityContext":{}}}"#,
            #"{"spec":{"securityContext":{"$setElementOrder/runAsUser":[],"$setElementOrder/windowsOptions":[]}}}"#,
            #"{"spec":{"securityContext":{}}}"#),
        Case(
            #"{"spec":{"hostname":"a","subdomain":"b"}}"#,
            #"{"spec":{"subdomain":"c","$retainKeys":["subdomain"]}}"#, #"{"spec":{"subdomain":"c"}}"#),
    ]

    static let refused = [
        Case(
            #"{"spec":{"volumes":[]}}"#, #"{"spec":{"volumes":[],"$setElementOrder/volumes":[{"name":"a"}]}}"#,
            "no elements in any of the given slices"),
        Case(
            #"{"metadata":{"finalizers":[]}}"#, #"{"metadata":{"finalizers":[{"x":"y"}]}}"#,
            "cannot merge lists without merge key for string"),
        Case(
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"#
                + #""containers":[{"name":"a","$patch":"delete"},{"name":"n"}]}}"#,
            "The order in patch list:\n[map[$patch:delete name:a] map[name:n]]\n doesn't match $setElementOrder list:\n"
                + "[map[name:b] map[name:a]]\n"),
        Case(
            #"{"spec":{"containers":[{"name":"a"}]}}"#, #"{"spec":{"containers":["x"]}}"#,
            "list element types are not identical: [[map[name:a]] [x]]"),
        Case(
            #"{"spec":{"containers":[]}}"#, #"{"spec":{"containers":["x"]}}"#,
            "expected a map[string]interface {}, but received a string"),
        Case(
            #"{"spec":{"containers":[{"name":"a"}]}}"#, #"{"spec":{"containers":[{"image":"x"}]}}"#,
            "map: map[image:x] does not contain declared merge key: name"),
        Case(
            #"{"spec":{"nodeSelector":{"a":"b"}}}"#, #"{"spec":{"nodeSelector":{"$setElementOrder/x":[]}}}"#,
            "merging an object in json but data type is not struct, instead is: map"),
        Case(
            #"{"spec":{}}"#, #"{"spec":{"$setElementOrder/nodeName":[]}}"#,
            "expected slice or array type, but got: struct"),
    ]

    @Test(arguments: merged) func merges(_ row: Case) throws {
        let result = try Self.pod.strategicallyPatched(
            JSON.parse(Text(row.original)), with: JSON.parse(Text(row.patch)))
        #expect(JSON.text(result).string == row.expected)
    }

    @Test(arguments: refused) func refuses(_ row: Case) throws {
        let (original, patch) = (try JSON.parse(Text(row.original)), try JSON.parse(Text(row.patch)))
        #expect {
            try Self.pod.strategicallyPatched(original, with: patch)
        } throws: {
            ($0 as? PatchFailure)?.message == row.expected
        }
    }

    private static var pod: Kind {
        get throws { try #require(Catalogue.builtIn.kind(group: "", version: "v1", kind: "Pod")) }
    }
}
