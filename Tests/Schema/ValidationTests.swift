import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Recorded refusals: our faults have upstream's fields and words, in upstream's order.
@Suite struct ValidationTests {
    /// What is refused by another room (admission, allocation of addresses).
    private static let foreign = [
        "pod-missing-priorityclass", "pod-missing-serviceaccount", "service-bad-clusterip", "service-clusterip-taken",
        "service-nodeport-out-of-range",
    ]
    static let refusals = (Golden.area("invalid") + Golden.area("crd")).filter { golden in
        golden.method == "POST" && golden.status == 422 && golden.resource != nil && golden.request.object != nil
            && !foreign.contains { golden.name.hasSuffix($0) }
            // The rules of the expression language are the CEL room's.
            && !golden.name.hasSuffix("bad-cel")
    }

    @Test(.needsShared, arguments: refusals) func faultsAreUpstreams(_ golden: Golden) throws {
        let resource = try #require(golden.resource)
        var object = resource.kind.defaulted(try resource.kind.decode(golden.request).object)
        if resource.isNamespaced { object["metadata", "namespace"] = "golden" }
        object["metadata", "uid"] = "u"
        object = resource.preparedForCreate(object, now: Time(seconds: 0))
        let causes = resource.validateCreate(object).map { "\($0.field) \($0.kind.rawValue) \($0.body)" }
        let wanted = (golden.response["details", "causes"]?.array ?? []).map {
            "\($0["field"]?.string ?? "") \($0["reason"]?.string ?? "") \($0["message"]?.string ?? "")"
        }
        // Go walks maps in random order.
        let isOfMap = golden.name.hasSuffix("configmap-bad-key")
        #expect(isOfMap ? causes.sorted() == wanted.sorted() : causes == wanted)
    }

    @Test(.needsShared, arguments: DefaultsTests.creates) func whatUpstreamAcceptsIsRight(_ golden: Golden) throws {
        let resource = try #require(golden.resource)
        #expect(resource.validateCreate(golden.response).map(\.description) == [])
    }
}
