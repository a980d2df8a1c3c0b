import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Rules of workloads that no recording shows.
@Suite struct WorkloadTests {
    private static func set(claim: String, volume: String, mount: String) throws -> Value {
        try YAML.parse(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db, namespace: default, uid: u}
            spec:
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec:
                  containers:
                  - {name: c, image: i, volumeMounts: [{name: \(mount), mountPath: /data}]}
                  volumes: [{name: \(volume), emptyDir: {}}]
              volumeClaimTemplates:
              - metadata: {name: \(claim)}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """)
    }

    /// A mount may name a claim template; a claim template takes the place of a volume with its name
    /// (volumesToAddForTemplates of pkg/apis/apps/validation).
    @Test(arguments: [
        ("data", "other", "data", [String]()), ("data", "data", "data", []),
        (
            "data", "other", "nope",
            [#"spec.template.spec.containers[0].volumeMounts[0].name: Not found: "nope""#]
        ),
    ])
    func mountsFindClaims(claim: String, volume: String, mount: String, faults: [String]) throws {
        let resource = try #require(Catalogue.builtIn.resource(group: "apps", version: "v1", plural: "statefulsets"))
        let set = try Self.set(claim: claim, volume: volume, mount: mount)
        let object = resource.preparedForCreate(
            resource.kind.defaulted(try resource.kind.decode(set).object), now: Time(seconds: 0))
        #expect(resource.validateCreate(object).map(\.description) == faults)
    }

    /// Who sends claim templates need not name their kind, and reads it all the same; one that lacks it is no other.
    @Test func claimTemplatesNameTheirKind() throws {
        let resource = try #require(Catalogue.builtIn.resource(group: "apps", version: "v1", plural: "statefulsets"))
        let sent = try Self.set(claim: "data", volume: "other", mount: "data")
        let set = resource.kind.defaulted(try resource.kind.decode(sent).object)
        let claim = try #require(set["spec", "volumeClaimTemplates"]?.array?.first)
        #expect(claim.apiVersion == "v1" && claim.kind == "PersistentVolumeClaim")
        var old = set
        var bare = claim
        for key: Text in ["apiVersion", "kind"] { bare[key] = nil }
        old["spec", "volumeClaimTemplates"] = [bare]
        #expect(resource.validateUpdate(set, old: old).map(\.description) == [])
    }

    /// Kubernetes documentation, "Resource types": what containers, quotas and limits may name.
    @Test(arguments: [
        ("cpu", [String](), [String]()), ("hugepages-2Mi", [], []), ("example.com/gpu", [], []),
        ("pods", ["must be a standard resource for containers"], []),
        ("storage", ["must be a standard resource for containers"], ["must be a standard resource for quotas"]),
        (
            "nope",
            ["must be a standard resource type or fully qualified", "must be a standard resource for containers"],
            ["must be a standard resource type or fully qualified", "must be a standard resource for quotas"]
        ),
        ("requests.example.com/gpu", ["doesn't follow extended resource name standard"], []),
    ])
    func resourcesHaveTheNamesOfTheirPlace(name: String, inContainer: [String], inQuota: [String]) {
        #expect(ResourceNames.faults(inContainer: name) == inContainer)
        #expect(ResourceNames.faults(inQuota: name) == inQuota)
    }

    /// Upstream's selector has another name than the field, and a pattern without a status means one that holds.
    @Test func jobsAreSelectedAndDefaultedAsUpstreams() throws {
        let jobs = try #require(Catalogue.builtIn.resource(group: "batch", version: "v1", plural: "jobs"))
        #expect(jobs.selectableValue("status.successful", of: ["status": ["succeeded": 2]]) == "2")
        #expect(jobs.selectableValue("status.successful", of: [:]) == "0")
        let rules: Value = [["action": "FailJob", "onPodConditions": [["type": "DisruptionTarget"]]]]
        let job = jobs.kind.defaulted(["spec": ["podFailurePolicy": ["rules": rules]]])
        let rule = job["spec", "podFailurePolicy", "rules"]?.array?.first
        #expect(rule?["onPodConditions"]?.array?.first?["status"] == "True")
    }

    @Test func podsSayThatTheyAreGated() throws {
        let pods = try #require(Catalogue.builtIn.resource(group: "", version: "v1", plural: "pods"))
        let pod: Value = ["spec": ["containers": [], "schedulingGates": [["name": "a"]]]]
        let made = pods.preparedForCreate(pod, now: Time(seconds: 0))
        let condition = made["status", "conditions"]?.array?.first
        #expect(condition?["reason"] == "SchedulingGated" && condition?["status"] == "False")
        #expect(pods.preparedForCreate(["spec": [:]], now: Time(seconds: 0))["status", "conditions"] == nil)
    }
}
