import API
import Document
import Testing

@testable import Release

/// What is decided without a cluster: manifests, ownership, updates, orders, history, values.
struct PlanTests {
    static let contents: ResourceDirectory.Contents = {
        var contents = ResourceDirectory.Contents()
        for (group, version, kind, resource, isNamespaced) in [
            ("", "v1", "ConfigMap", "configmaps", true), ("", "v1", "Namespace", "namespaces", false),
            ("", "v1", "Service", "services", true), ("apps", "v1", "Deployment", "deployments", true),
            ("example.com", "v1", "Widget", "widgets", true), ("example.com", "v2", "Widget", "widgets", true),
        ] {
            contents.add(
                GroupVersionKind(group: group, version: version, kind: kind),
                .init(
                    resource: GroupVersionResource(group: group, version: version, resource: resource),
                    isNamespaced: isNamespaced))
        }
        return contents
    }()

    private func objects(_ manifest: Text) throws -> [ManifestObject] {
        try ManifestReader(contents: Self.contents, namespace: "home").objects(manifest)
    }

    @Test func documentsAndListsBecomeObjects() throws {
        let objects = try objects(
            """
            ---
            # nothing but a remark
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
            ---\u{20}
            {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Service, metadata: {name: b, namespace: away}}]}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: c}}
            """)
        #expect(objects.map(\.name) == ["a", "b", "c"])
        #expect(objects.map(\.namespace) == ["home", "away", nil])
        #expect(objects[0].value.namespace == "home")
    }

    @Test(arguments: [
        (
            "{apiVersion: v1, metadata: {name: a}}",
            "unable to decode \"\": Object 'Kind' is missing in '{\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}'"
        ),
        (
            "{apiVersion: nope.io/v1, kind: W, metadata: {name: w}}",
            "resource mapping not found for name: \"w\" namespace: \"\" from \"\": no matches for kind \"W\" in version \"nope.io/v1\"\nensure CRDs are installed first"
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {x: yes}}}",
            "unable to decode \"\": json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string"
        ),
    ])
    func faultsAreTold(manifest: String, message: String) throws {
        let failure = #expect(throws: ReleaseFailure.self) { try objects(Text(manifest)) }
        #expect(failure?.message == message)
    }

    @Test func ownershipIsMarkedAndAskedFor() throws {
        let ownership = Ownership(release: "r", namespace: "n")
        let object = try objects("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {x: y1}}}")[0]
        let marked = ownership.marking(object)
        #expect(marked.value.label("x") == "y1" && ownership.objection(to: marked.value) == nil)
        #expect(
            ownership.objection(to: object.value)
                == """
                invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": \
                must be set to "Helm"; annotation validation error: missing key "meta.helm.sh/release-name": must be \
                set to "r"; annotation validation error: missing key "meta.helm.sh/release-namespace": must be set to "n"
                """)
        #expect(
            Ownership(release: "other", namespace: "n").objection(to: marked.value)
                == "invalid ownership metadata; annotation validation error: key \"meta.helm.sh/release-name\" must "
                + "equal \"other\": current value is \"r\"")
    }

    @Test func anUpdateMakesChangesAndDrops() throws {
        let before = try objects(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s}}"
                + "\n---\n{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}")
        let after = try objects(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}"
                + "\n---\n{apiVersion: example.com/v2, kind: Widget, metadata: {name: w}}")
        let plan = UpdatePlan(original: before, target: after, live: [[:], nil, [:]])
        #expect(plan.created.map(\.name) == ["b"])
        #expect(plan.obsolete.map(\.name) == ["s"])
        #expect(plan.steps.map { $0.original != nil } == [true, false, false])
    }

    @Test func kindsAreDeletedUsersFirst() throws {
        let objects = try objects(
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: ns}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c2}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c1}}
            ---
            {apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: s}}
            """)
        #expect(UninstallOrder.sorted(objects).map(\.name) == ["s", "d", "c2", "c1", "ns", "w"])
    }

    @Test func hooksRunByWeightThenName() {
        func hook(_ name: String, _ weight: Int, _ event: String = "test") -> HookRecord {
            HookRecord(name: name, kind: "Pod", path: "", manifest: "", events: [event], weight: weight)
        }
        let hooks = [hook("b", 1), hook("z", -1), hook("a", 1), hook("x", 0, "pre-install")]
        #expect(HookRunner.order(hooks, .test).map { hooks[$0].name } == ["z", "a", "b"])
    }

    @Test(arguments: [
        (5, 5, 10, []), (5, 5, 5, [1]), (5, 5, 3, [1, 2, 3]), (5, 1, 3, [2, 3, 4]), (5, 5, 0, []), (1, 1, 1, []),
    ])
    func theOldestRevisionsMakeRoom(count: Int, deployed: Int, maximum: Int, gone: [Int]) {
        let history = (1...count).map { number in
            Record([
                "metadata": [
                    "labels": [
                        "version": .string(String(number)), "status": number == deployed ? "deployed" : "superseded",
                    ]
                ]
            ])
        }
        #expect(HistoryLimit.surplus(history, keeping: maximum).map(\.number) == gone)
    }

    @Test func fieldsOfClientSidePatchesAreHandedOver() {
        let update: Value = ["manager": "helm", "operation": "Update", "fieldsV1": ["f:data": ["f:a": [:]]]]
        let apply: Value = ["manager": "helm", "operation": "Apply", "fieldsV1": ["f:data": ["f:b": [:]]]]
        let other: Value = ["manager": "kubectl", "operation": "Update", "fieldsV1": ["f:spec": [:]]]
        #expect(ManagedFields.upgraded([apply, other], manager: "helm") == nil)
        let merged = ManagedFields.upgraded([update, apply, other], manager: "helm")
        #expect(merged?.count == 2 && merged?[0]["fieldsV1"] == ["f:data": ["f:a": [:], "f:b": [:]]])
        let alone = ManagedFields.upgraded([update], manager: "helm")
        #expect(alone?.count == 1 && alone?[0]["operation"] == "Apply")
    }

    @Test(arguments: [
        ("{a: 1}", "{a: 2, b: 3}", "{a: 1, b: 3}"), ("{a: ~}", "{a: 2, b: 3}", "{b: 3}"),
        ("{a: {x: 1, z: ~}}", "{a: {x: 2, y: 3, z: 4}}", "{a: {x: 1, y: 3}}"), ("{a: [1]}", "{a: [2, 3]}", "{a: [1]}"),
    ])
    func valuesLieOverOthers(upper: String, lower: String, result: String) throws {
        let object = ValuesMerge.tables(
            try YAML.parse(Text(upper)).object ?? [:], over: try YAML.parse(Text(lower)).object ?? [:])
        #expect(Value.object(object) == (try YAML.parse(Text(result))))
    }
}
