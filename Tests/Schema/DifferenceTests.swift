import API
import Document
import TestSupport
import Testing

@testable import Schema

/// What upstream shows of the difference between its structs.
@Suite struct DifferenceTests {
    /// Old lines, new lines, and the unified difference with one line around.
    static let texts: [(old: String, new: String, difference: String)] = [
        ("abc", "abc", ""),
        ("abc", "axc", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"),
        ("abcdef", "xbcdef", "@@ -1,2 +1,2 @@\n-a\n+x\n b\n"),
        ("abcdef", "abcde", "@@ -5,2 +5 @@\n e\n-f\n"),
        ("", "a", "@@ -0,0 +1 @@\n+a\n"),
        ("abcdefgh", "Abcdefgh_", "@@ -1,2 +1,2 @@\n-a\n+A\n b\n@@ -8 +8,2 @@\n h\n+_\n"),
        ("abcd", "AbcD", "@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n-d\n+D\n"),
    ]

    @Test(arguments: texts) func linesAreComparedAsDifflibDoes(_ text: (old: String, new: String, difference: String)) {
        let difference = LineDiff(text.old.map(String.init), text.new.map(String.init)).unified(context: 1)
        #expect(difference == text.difference)
    }

    /// A recorded refusal, and the object that was stored when the request came.
    static func stored(_ golden: Golden) throws -> Value {
        guard golden.path.contains("/pods/") else { return try Golden("defaults/pvc").response }
        var pod = try Golden("invalid/update-pod-spec-immutable").request
        var container = pod["spec", "containers"]?.array?.first ?? [:]
        container["command"] = nil
        pod["spec", "containers"] = [container]
        return pod
    }

    @Test(
        .needsShared,
        arguments: ["update-pod-spec-immutable", "patch-pod-nodename-immutable", "patch-pvc-immutable"])
    func refusedChangesAreShown(_ name: String) throws {
        let golden = try Golden("invalid/\(name)")
        let resource = try #require(golden.resource)
        let old = try Self.stored(golden)
        let sent = golden.method == "PUT" ? golden.request : old.mergePatched(with: golden.request)
        let new = resource.kind.defaulted(try resource.kind.decode(sent).object)
        let faults = resource.validateUpdate(new, old: old)
        let causes = golden.response["details", "causes"]?.array ?? []
        let wanted = causes.map { "spec: \($0["message"]?.string ?? "")" }
        #expect(faults.map(\.description) == wanted)
    }

    /// What stands elsewhere in the internal types, and what bears the tags of JSON there too.
    @Test func internalTypesDiffer() {
        let old: Value = ["serviceAccount": "x", "hostNetwork": true, "affinity": .null]
        let new: Value = [
            "serviceAccount": "y", "hostNetwork": false,
            "topologySpreadConstraints": [["maxSkew": 1, "labelSelector": ["matchLabels": ["a": "<b>"]]]],
        ]
        let lines = GoDump.difference("PodSpec", old, new).split(separator: "\n").map(String.init)
        #expect(lines.contains("-  \"HostNetwork\": true,"))
        #expect(lines.contains("+  \"HostNetwork\": false,"))
        #expect(lines.contains("+     \"a\": \"\\u003cb\\u003e\""))
        #expect(lines.contains("+    \"matchLabels\": {"))
        #expect(!lines.contains { $0.contains("ServiceAccount\"") })
    }
}
