import API
import Document
import Testing

@testable import Schema

/// Changes that upstream refuses, and those that it allows.
@Suite struct UpdateTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let group: String
        let plural: String
        let old: Value
        let patch: Value
        /// The causes, or none where the change is allowed.
        let faults: [String]

        var testDescription: String { "\(plural) \(JSON.text(patch))" }
    }

    private static let template: Value = [
        "metadata": ["labels": ["app": "x"]], "spec": ["containers": [["name": "c", "image": "i"]]],
    ]
    private static let workload: Value = [
        "spec": ["replicas": 1, "selector": ["matchLabels": ["app": "x"]], "template": template]
    ]
    private static let job: Value = [
        "spec": [
            "manualSelector": true, "selector": ["matchLabels": ["app": "x"]],
            "template": [
                "metadata": ["labels": ["app": "x"]],
                "spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i"]]],
            ],
        ]
    ]
    private static let pod: Value = ["spec": ["containers": [["name": "c", "image": "i"]]]]
    private static let role: Value = [
        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "a"]
    ]

    static let changes = [
        Change(group: "apps", plural: "deployments", old: workload, patch: ["spec": ["replicas": 3]], faults: []),
        Change(
            group: "apps", plural: "deployments", old: workload,
            patch: [
                "spec": ["selector": ["matchLabels": ["app": "q"]], "template": ["metadata": ["labels": ["app": "q"]]]]
            ], faults: ["spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"q\"}}: field is immutable"]),
        Change(
            group: "batch", plural: "jobs", old: job, patch: ["spec": ["completions": 5]],
            faults: ["spec.completions: Invalid value: 5: field is immutable"]),
        Change(group: "batch", plural: "jobs", old: job, patch: ["spec": ["parallelism": 0]], faults: []),
        Change(
            group: "", plural: "pods", old: pod,
            patch: ["spec": ["containers": [["name": "c", "image": "j"]]]], faults: []),
        Change(
            group: "", plural: "configmaps", old: ["immutable": true, "data": ["a": "b"]], patch: ["data": ["a": "c"]],
            faults: ["data: Forbidden: field is immutable when `immutable` is set"]),
        Change(
            group: "rbac.authorization.k8s.io", plural: "rolebindings", old: role, patch: ["roleRef": ["name": "z"]],
            faults: [
                "roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\",\"Name\":\"z\"}: "
                    + "cannot change roleRef"
            ]),
        Change(
            group: "", plural: "services",
            old: ["spec": ["clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ports": [["port": 80]]]],
            patch: ["spec": ["clusterIP": "10.43.9.9"]],
            faults: ["spec.clusterIPs[0]: Invalid value: [\"10.43.9.9\"]: may not change once set"]),
    ]

    @Test(arguments: changes) func changesAreJudgedAsUpstreamDoes(_ change: Change) throws {
        let resource = try #require(
            Catalogue.builtIn.resource(group: change.group, version: "v1", plural: change.plural))
        let now = Time(seconds: 0)
        var body = change.old
        body["metadata"] = ["name": "x", "namespace": "n", "uid": "u"]
        let old = resource.preparedForCreate(resource.kind.defaulted(try resource.kind.decode(body).object), now: now)
        let patched = try resource.kind.decode(old.mergePatched(with: change.patch)).object
        let new = resource.preparedForUpdate(resource.kind.defaulted(patched), old: old, now: now)
        #expect(resource.validateUpdate(new, old: old).map(\.description) == change.faults)
        if resource.declaration.generation.contains("spec") { #expect(new.generation == old.generation + 1) }
    }

    /// Deployments count changes of annotations too, slices of endpoints those of labels; others count neither.
    @Test(arguments: [
        ("apps", "deployments", "annotations", true), ("apps", "deployments", "labels", false),
        ("apps", "daemonsets", "annotations", false), ("discovery.k8s.io", "endpointslices", "labels", true),
    ])
    func generationCountsWhatUpstreamCounts(group: String, plural: String, part: Text, isCounted: Bool) throws {
        let resource = try #require(Catalogue.builtIn.resource(group: group, version: "v1", plural: plural))
        let now = Time(seconds: 0)
        let old = resource.preparedForCreate(["metadata": ["name": "x"], "spec": [:]], now: now)
        var change = old
        change["metadata", part] = ["a": "b"]
        #expect(resource.preparedForUpdate(change, old: old, now: now).generation == (isCounted ? 2 : 1))
    }

    @Test func podsMayOnlyChangeAFewFields() throws {
        let resource = try #require(Catalogue.builtIn.resource(group: "", version: "v1", plural: "pods"))
        let body = Self.pod.mergePatched(with: ["metadata": ["name": "x", "namespace": "n"]])
        let old = resource.kind.defaulted(try resource.kind.decode(body).object)
        let faults = resource.validateUpdate(old.mergePatched(with: ["spec": ["nodeName": "x"]]), old: old)
        #expect(faults.map(\.field) == ["spec"])
        #expect(faults.first?.kind == .forbidden)
    }

    @Test func statusAndSpecAreKeptApart() throws {
        let resource = try #require(Catalogue.builtIn.resource(group: "apps", version: "v1", plural: "deployments"))
        let now = Time(seconds: 0)
        let body = Self.workload.mergePatched(with: ["metadata": ["name": "x"], "status": ["replicas": 9]])
        let old = resource.preparedForCreate(resource.kind.defaulted(try resource.kind.decode(body).object), now: now)
        #expect(old["status"] == [:])
        let change = old.mergePatched(with: ["spec": ["replicas": 7], "status": ["replicas": 2]])
        let spec = resource.preparedForUpdate(change, old: old, now: now)
        #expect(spec["status"] == [:])
        #expect(spec["spec", "replicas"] == 7)
        let status = resource.preparedForUpdate(change, old: old, subresource: "status", now: now)
        #expect(status["status"] == ["replicas": 2])
        #expect(status["spec", "replicas"] == 1)
        #expect(status.generation == 1)
    }
}
