import API
import Document
import TestSupport
import Testing

@testable import Schema

/// The recorded patches: each is sent to the Deployment of `patch/_base`.
@Suite struct PatchTests {
    static let patches = Golden.area("patch").filter {
        $0.method == "PATCH" && !$0.name.hasSuffix("merge-bad-json") && !$0.name.hasSuffix("merge-change-name")
            && $0.status != 422 && !$0.name.hasSuffix("deleteFromPrimitiveList")  // was sent to another object
    }

    @Test(.needsShared, arguments: patches) func patchesAsRecorded(_ golden: Golden) throws {
        let base = try Golden("patch/_base")
        let resource = try #require(golden.resource)
        let now = Time(seconds: 0)
        var live = resource.kind.defaulted(try resource.kind.decode(base.request).object)
        live = resource.trackingUpdate(live, from: nil, by: FieldOwner(manager: "golden", now: now))
        live["metadata", "uid"] = "made-before"
        live = resource.preparedForCreate(live, now: now)
        switch patched(live, golden, resource.kind) {
        case .failure(let failure): #expect(failure.message == golden.response["message"]?.string)
        case .success(let patched):
            var object = resource.kind.defaulted(try resource.kind.decode(patched).object)
            object = resource.trackingUpdate(object, from: live, by: golden.owner(now))
            object = resource.preparedForUpdate(object, old: live, now: now)
            #expect(golden.status == 200)
            #expect(Difference.of(Recorded.masked(object), Recorded.masked(golden.response)) == [])
        }
    }

    private func patched(_ live: Value, _ golden: Golden, _ kind: Kind) -> Result<Value, PatchFailure> {
        do throws(PatchFailure) {
            switch golden.document["request", "headers", "Content-Type"]?.string {
            case "application/json-patch+json": return .success(try live.jsonPatched(with: golden.request))
            case "application/merge-patch+json": return .success(live.mergePatched(with: golden.request))
            default: return .success(try kind.strategicallyPatched(live, with: golden.request))
            }
        } catch {
            return .failure(error)
        }
    }

    /// Nulls take members away, in lists too, where there was nothing to take (evanphx/json-patch).
    @Test(
        arguments: [
            (["a": 1], ["a": .null], [:]), ([:], ["a": [["b": .null, "c": 1], .null]], ["a": [["c": 1], .null]]),
            (["a": [1]], ["a": [["b": ["c": .null]]]], ["a": [["b": [:]]]]),
        ] as [(Value, Value, Value)])
    func mergePatchesTakeNullsAway(live: Value, patch: Value, merged: Value) {
        #expect(live.mergePatched(with: patch) == merged)
    }
}

/// What another run of upstream itself would answer differently.
enum Recorded {
    static func masked(_ object: Value) -> Value {
        var object = object
        for key: Text in ["uid", "resourceVersion", "creationTimestamp", "namespace", "generation"] {
            object["metadata", key] = nil
        }
        object["metadata"]?.mapElements(of: "managedFields") { $0["time"] = nil }
        return object
    }
}
