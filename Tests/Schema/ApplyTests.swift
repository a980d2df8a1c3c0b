import API
import Document
import TestSupport
import Testing

@testable import Schema

/// The recorded sequence of applies, played against our merge: each answer is the next live object.
@Suite struct ApplyTests {
    /// A recorded apply, and the recording whose answer was stored when it came.
    static let steps: [(name: String, live: String?)] = [
        ("01-create-m1", nil), ("02-reapply-m1-noop", "02-reapply-m1-noop"),
        ("03-m2-conflict-replicas", "02-reapply-m1-noop"), ("05-m2-conflict-two-fields", "02-reapply-m1-noop"),
        ("09-m2-conflict-with-patcher", "08-update-put-by-other-manager"), ("err-unknown-field", "13-get"),
        ("service-ports", nil),
    ]

    @Test(.needsShared, arguments: steps) func appliesAsRecorded(_ step: (name: String, live: String?)) throws {
        let golden = try Golden("apply/\(step.name)")
        let resource = try #require(golden.resource)
        let live = try step.live.map { try Golden("apply/\($0)").response }
        let force = golden.path.contains("force=true")
        let now = golden.response["metadata", "managedFields"]?.array?.first?["time"]?.string.flatMap(Time.init)
        let owner = golden.owner(now ?? Time(seconds: 0))
        switch applied(golden, to: live, by: owner, resource, force: force) {
        case .failure(let failure): #expect(failure.message == golden.response["message"]?.string)
        case .success(var object):
            for key: Text in ["namespace", "uid", "resourceVersion", "creationTimestamp"] {
                object["metadata", key] = golden.response["metadata", key]
            }
            object =
                live.map { resource.preparedForUpdate(object, old: $0, now: owner.now) }
                ?? resource.preparedForCreate(object, now: owner.now)
            let difference = Difference.of(
                Admission.undone(object), Admission.undone(golden.response))
            #expect(golden.status < 300)
            #expect(difference == [])
        }
    }

    /// The entry of a Scale has no time (recorded in misc/status-get), and stands before those that have one.
    @Test func scalesHaveNoTimes() throws {
        let resource = try #require(Catalogue.builtIn.resource(group: "apps", version: "v1", plural: "deployments"))
        let first = FieldOwner(manager: "a", now: Time(seconds: 1))
        let live = resource.trackingUpdate(["spec": ["replicas": 1, "paused": true]], from: nil, by: first)
        var scaled = live
        scaled["spec", "replicas"] = 2
        let scaler = FieldOwner(manager: "s", subresource: "scale", now: Time(seconds: 2))
        let entries = resource.trackingUpdate(scaled, from: live, by: scaler)["metadata", "managedFields"]?.array
        #expect(entries?.map { $0["manager"] } == ["s", "a"])
        #expect(entries?.map { $0["time"]?.string } == [nil, "1970-01-01T00:00:01Z"])
    }

    /// What kubectl applied on the client's side it may take over on the server's; what others changed since it may not.
    @Test(arguments: [("v", "kubectl", true), ("v", "other", false), ("changed", "kubectl", false)])
    func clientSideApplyIsUpgraded(stands: Value, manager: String, isFree: Bool) throws {
        let resource = try #require(Catalogue.builtIn.resource(group: "", version: "v1", plural: "configmaps"))
        let key: Text = "kubectl.kubernetes.io/last-applied-configuration"
        func map(_ data: Value) -> Value {
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m"], "data": ["k": data]]
        }
        var sent = map("v")
        sent["metadata", "annotations", key] = .string(Text(bytes: JSON.write(map("v"))))
        sent["metadata", "uid"] = "u"
        let client = FieldOwner(manager: "kubectl-client-side-apply", now: Time(seconds: 1))
        var live = resource.trackingUpdate(sent, from: nil, by: client)
        live["data", "k"] = stands
        let owner = FieldOwner(manager: manager, now: Time(seconds: 2))
        let result = try? resource.applied(map("new"), to: live, by: owner, force: false)
        #expect((result != nil) == isFree)
        guard let result else { return }
        #expect(result["data", "k"] == "new")
        #expect(result["metadata", "annotations", key]?.text == Text(bytes: JSON.write(map("new")) + [10]))
    }

    private func applied(
        _ golden: Golden, to live: Value?, by owner: FieldOwner, _ resource: Resource, force: Bool
    ) -> Result<Value, ApplyFailure> {
        do throws(ApplyFailure) {
            return .success(try resource.applied(golden.request, to: live, by: owner, force: force))
        } catch {
            return .failure(error)
        }
    }
}
