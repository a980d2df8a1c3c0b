import API
import Client
import Document
import Testing

@testable import APIServer

/// How requests are refused that no handler understands, in the words of upstream's libraries: what they say was read in
/// apimachinery, apiserver, evanphx/json-patch, sigs.k8s.io/json and go-restful.
struct ProtocolTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var method = APIRequest.Method.get
        var path = "/api/v1/namespaces/default/configmaps/c"
        var query: [String] = []
        var type = "application/json"
        var accept = "application/json"
        var body = ""
        var code = 400
        /// The whole message, or how it ends.
        let message: String

        var testDescription: String { "\(body) \(query) \(accept): \(message)" }
    }

    private static let deployment = "/apis/apps/v1/namespaces/default/deployments/d"

    private static func patch(
        _ type: String, _ body: String, _ code: Int, _ message: String, _ query: [String] = []
    ) -> Case {
        Case(
            method: .patch, path: deployment, query: query, type: "application/\(type)-patch+json", body: body,
            code: code, message: message)
    }

    private static func strategic(_ body: String, _ code: Int, _ message: String) -> Case {
        patch("strategic-merge", body, code, message)
    }

    private static func apply(_ body: String, _ code: Int, _ message: String, _ query: [String] = []) -> Case {
        Case(
            method: .patch, query: ["fieldManager=m"] + query, type: "application/apply-patch+yaml", body: body,
            code: code, message: message)
    }

    private static let general = "the server rejected our request due to an error in our request"
    private static let decoding = "error decoding patch: json: cannot unmarshal "

    static let patches = [
        patch("json", "{}", 400, decoding + "object into Go value of type []handlers.jsonPatchOp"),
        patch(
            "json", "{}", 400, "json: cannot unmarshal object into Go value of type jsonpatch.Patch",
            ["fieldValidation=Ignore"]),
        patch(
            "json", #"[{"op":1}]"#, 400, decoding + "number into Go struct field jsonPatchOp.op of type string"),
        patch(
            "json",
            "["
                + Array(repeating: #"{"op":"test","path":"/kind","value":"Deployment"}"#, count: 10_001)
                .joined(separator: ",") + "]", 413,
            "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"),
        patch("json", #"[{"op":"test","path":"/kind","value":"x"}]"#, 422, general),
        patch("json", #"[{"op":"test","path":"/no/such","value":null}]"#, 422, general),
        patch("json", #"[{"op":"bad","path":"/kind"}]"#, 422, general),
        patch(
            "json", #"[{"op":"test","path":"/kind","value":"Deployment","x":1,"op":"test"}]"#, 422,
            "strict decoding error: json patch unknown field \"[0].x\", json patch duplicate field \"[0].op\"",
            ["fieldValidation=Strict"]),
        patch("merge", "null", 400, "Invalid JSON Patch"),
        patch("merge", "[]", 400, decoding + "array into Go value of type map[string]interface {}"),
        patch(
            "merge", #"{"metadata":{"labels":{"a":"1","a":"2"}}}"#, 422,
            "strict decoding error: duplicate field \"metadata.labels.a\"", ["fieldValidation=Strict"]),
        patch(
            "merge", #"{"spec":{"replicas":"x"}}"#, 422,
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"),
        patch(
            "merge", #"{"kind":"Secret"}"#, 422,
            "no kind \"Secret\" is registered for version \"apps/v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""),
        Case(method: .patch, body: "{}", code: 415, message: "415: Unsupported Media Type"),
        patch(
            "merge", "{}", 422,
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\\a\": invalid character U+0007 "
                + "(at position 1)", ["fieldManager=a\u{7}"]),
    ]

    static let strategicPatches = [
        strategic("{", 400, "unexpected end of JSON input"),
        strategic("[]", 400, "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        strategic(
            #"{"spec":{"replicas":"x"}}"#, 422,
            " \"\" is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": unrecognized type: int32"),
        strategic(#"{"spec":{"replicas":1.5}}"#, 422, "cannot convert float64 to int32"),
        strategic(#"{"metadata":{"labels":{"a":1}}}"#, 422, "cannot convert int64 to string"),
        strategic(#"{"spec":"x"}"#, 422, "cannot restore struct from: string"),
        strategic(#"{"spec":{"template":{"spec":{"containers":{}}}}}"#, 422, "cannot restore slice from map"),
        strategic(#"{"spec":{"template":{"spec":{"nodeSelector":[]}}}}"#, 422, "cannot restore map from slice"),
        strategic(#"{"spec":{"$patch":"bad"}}"#, 500, "unknown patch type: bad in map: map[$patch:bad]"),
        strategic(#"{"spec":{"$patch":1}}"#, 500, "unknown patch type: %!s(int64=1) in map: map[$patch:1]"),
        strategic(#"{"spec":{"$retainKeys":"x"}}"#, 400, "invalid patch format of retainKeys"),
        strategic(
            #"{"spec":{"strategy":{"$retainKeys":[],"type":"Recreate"}}}"#, 400, "invalid patch format of retainKeys"),
        strategic(
            #"{"metadata":{"$setElementOrder/finalizers":"x"}}"#, 500,
            "expected a []interface {}, but received a string"),
        strategic(
            #"{"metadata":{"$setElementOrderfinalizers":[]}}"#, 400,
            "invalid patch format of setElementOrder list"),
        strategic(
            #"{"metadata":{"$setElementOrder/nope":[]}}"#, 500,
            "unable to find api field in struct ObjectMeta for the json field \"nope\""),
        strategic(
            #"{"metadata":{"$deleteFromPrimitiveListx":[]}}"#, 400, "invalid patch format of primitive list"),
        strategic(
            #"{"spec":{"template":{"spec":{"containers":[1]}}}}"#, 500, "]] [1]]"),
    ]

    static let configurations = [
        apply(
            "a: [", 400,
            "error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content"),
        apply(
            "- a", 400,
            "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go "
                + "value of type map[string]interface {}"),
        apply(#"{"apiVersion":"v1","kind":"List","items":[]}"#, 400, "invalid object type: /v1, Kind=List"),
        apply(#"{"apiVersion":"v2","kind":"ConfigMap"}"#, 400, "invalid object type: /v2, Kind=ConfigMap"),
        apply(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: x\n  a: z\n", 400,
            "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key \"a\" "
                + "already set in map", ["fieldValidation=Strict"]),
        apply(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"managedFields":[]}}"#, 400,
            "metadata.managedFields must be nil"),
        Case(
            method: .patch, path: "/api/v1/namespaces/default/configmaps/new", query: ["fieldManager=m"],
            type: "application/apply-patch+yaml", body: "{apiVersion: v1, kind: ConfigMap}",
            message: "the name of the object (new based on URL) was undeterminable: name must be provided"),
        Case(
            method: .post, path: "/api/v1/namespaces/default/configmaps", query: ["fieldValidation=Strict"],
            type: "application/yaml", body: "metadata: {name: e}\ndata:\n  a: x\n  a: z\nnope: 1\n",
            message:
                "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal "
                + "errors:\n  line 4: key \"a\" already set in map, unknown field \"nope\""),
        Case(
            method: .post, path: "/api/v1/namespaces/default/configmaps", body: "[]",
            message: "json: cannot unmarshal array into Go value of type struct { APIVersion string "
                + "\"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (5b5d)"),
    ]

    private static let collection = "/api/v1/namespaces/default/configmaps"
    private static let meta = ";v=v1;g=meta.k8s.io"

    static let options = [
        Case(
            method: .put, body: #"{"metadata":{}}"#,
            message: "the name of the object (c based on URL) was undeterminable: name must be provided"),
        Case(
            method: .put, path: "/api/v1/namespaces/default/configmaps/no",
            body: #"{"metadata":{"name":"no","namespace":"other"}}"#,
            message: "the namespace of the provided object does not match the namespace sent on the request"),
        Case(
            method: .put, body: #"{"metadata":{"name":"c","resourceVersion":"abc"}}"#, code: 500,
            message: "strconv.ParseUint: parsing \"abc\": invalid syntax"),
        Case(
            method: .delete, body: "x", code: 500,
            message: "couldn't get version/kind; json parse error: invalid character 'x' looking for beginning of value"
        ),
        Case(
            method: .delete, body: #"{"kind":"Pod","apiVersion":"v1"}"#, code: 500,
            message: "no kind \"Pod\" is registered for version \"v1\" in scheme "
                + "\"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\""),
        Case(
            method: .delete, body: #"{"gracePeriodSeconds":"x"}"#, code: 500,
            message: "json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64"
        ),
        Case(
            method: .delete, query: ["gracePeriodSeconds=x"],
            message: "strconv.ParseInt: parsing \"x\": invalid syntax"),
        Case(path: collection, query: ["limit="], message: "strconv.ParseInt: parsing \"\": invalid syntax"),
        Case(
            path: collection, query: ["limit=99999999999999999999"],
            message: "strconv.ParseInt: parsing \"99999999999999999999\": value out of range"),
        Case(
            path: collection, query: ["watch=1", "resourceVersionMatch=Foo"], code: 422,
            message:
                "ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is "
                + "forbidden for watch unless sendInitialEvents is provided, resourceVersionMatch: Unsupported value: "
                + "\"Foo\": supported values: \"NotOlderThan\"]"),
        Case(
            path: collection, accept: "application/json;as=PartialObjectMetadata" + meta, code: 406,
            message: "you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)"),
        Case(
            accept: "application/json;as=PartialObjectMetadataList" + meta, code: 406,
            message: "you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)"
        ),
        Case(
            query: ["includeObject=Foo"], accept: "application/json;as=Table" + meta,
            message:
                "Unable to convert to Table as requested: includeObject: Invalid value: \"Foo\": must be 'Metadata', "
                + "'Object', 'None', or empty"),
        Case(
            path: collection, query: ["watch=1", "includeObject=Foo"], accept: "application/json;as=Table" + meta,
            message: "includeObject: Invalid value: \"Foo\": must be 'Metadata', 'Object', 'None', or empty"),
        Case(
            path: collection, query: ["fieldSelector=metadata.name=a=b"],
            message: "invalid field selector: unescaped character in value: 61"),
        Case(
            path: collection, query: ["fieldSelector=metadata.name=a\\b"],
            message: "invalid field selector: invalid escape sequence: \\b"),
        Case(
            path: collection, query: ["fieldSelector=x,a"],
            message: "invalid selector: 'x,a'; can't understand 'a'"),
        Case(
            path: collection, query: ["labelSelector=-a=b"],
            message:
                "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric "
                + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or "
                + "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"),
        Case(
            path: collection, query: ["labelSelector=a in (b,-c)"],
            message: "unable to parse requirement: values[0][a]: Invalid value: \"-c\": a valid label must be an empty "
                + "string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"),
        Case(
            path: collection, accept: "text/html", code: 406,
            message: "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, "
                + "application/vnd.kubernetes.protobuf, application/json;stream=watch, "
                + "application/vnd.kubernetes.protobuf;stream=watch"),
        Case(
            accept: "application/json;as=Foo" + meta, code: 406,
            message: "only the following media types are accepted: application/json, application/yaml, "
                + "application/vnd.kubernetes.protobuf"),
        Case(
            path: collection, query: ["watch=1"], accept: "application/yaml", code: 406,
            message: "only the following media types are accepted: application/json;stream=watch, "
                + "application/vnd.kubernetes.protobuf;stream=watch"),
        Case(
            path: collection, query: ["continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJzdGFydCI6Ii9jIn0"],
            message:
                "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version "
                + "meta.k8s.io/v1)"),
    ]

    @Test(arguments: patches + strategicPatches + configurations + options)
    func isRefused(refusal: Case) async throws {
        let server = try await ServerFixture.started()
        _ = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("c"))
        let deployments = GroupVersionResource(group: "apps", version: "v1", resource: "deployments")
        _ = try await server.client.create(
            deployments,
            [
                "metadata": ["name": "d", "namespace": "default"],
                "spec": [
                    "selector": ["matchLabels": ["a": "b"]],
                    "template": [
                        "metadata": ["labels": ["a": "b"]],
                        "spec": ["containers": [["name": "c", "image": "i"]], "nodeSelector": ["a": "b"]],
                    ],
                ],
            ])
        let query = refusal.query.map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (name: parts[0], value: parts[1])
        }
        let body: APIRequest.Body? = refusal.body.isEmpty ? nil : .bytes(Array(refusal.body.utf8))
        let answer = try await server.send(
            refusal.method, refusal.path, query: query, type: refusal.type, accept: refusal.accept, body: body)
        #expect(answer.code == refusal.code)
        let message = answer.body["message"]?.string ?? ""
        #expect(message.hasSuffix(refusal.message), "\(message)")
    }

    @Test(arguments: [(APIRequest.Method.post, ""), (.patch, " after mutating admission happens")])
    func ownersComeOnce(method: APIRequest.Method, words: String) async throws {
        let server = try await ServerFixture.started()
        let owner: Value = ["apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u"]
        var map = ServerFixture.configMap("c")
        if method == .patch { _ = try await server.client.create(ServerFixture.configMaps, map) }
        map["metadata", "ownerReferences"] = [owner, owner]
        let path = "/api/v1/namespaces/default/configmaps" + (method == .patch ? "/c" : "")
        let type = method == .patch ? "application/merge-patch+json" : "application/json"
        let answer = try await server.send(method, path, type: type, body: .value(map))
        #expect(answer.body["metadata", "ownerReferences"] == [owner])
        #expect(
            answer.warnings == [
                ".metadata.ownerReferences contains duplicate entries\(words); API server dedups owner references in 1.20+, "
                    + "and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u"
            ])
    }
}
