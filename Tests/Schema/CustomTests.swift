import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Custom resources of the recorded CRD, read and refused as upstream does.
@Suite struct CustomTests {
    /// The catalogue with the recorded widgets.
    static let catalogue: Catalogue? = (try? Golden("crd/create")).map { Catalogue.builtIn.adding($0.response) }

    static let creates = Golden.area("crd").filter {
        $0.method == "POST" && $0.path.hasPrefix("/apis/example.com/v1/") && $0.request.object != nil
            && !$0.name.hasSuffix("invalid-cel")
    }

    private func resource() throws -> Resource {
        try #require(Self.catalogue?.resource(group: "example.com", version: "v1", plural: "widgets"))
    }

    @Test(.needsShared, arguments: creates) func createsAsRecorded(_ golden: Golden) throws {
        let resource = try resource()
        let decoded = try resource.kind.decode(golden.request)
        if golden.status == 400 {
            let problems = decoded.strictProblems.joined(separator: ", ")
            #expect(golden.response["message"]?.string?.hasSuffix("strict decoding error: \(problems)") == true)
            return
        }
        let now = golden.response.creationTimestamp ?? Time(seconds: 0)
        var object = resource.trackingUpdate(resource.kind.defaulted(decoded.object), from: nil, by: golden.owner(now))
        for key: Text in ["namespace", "uid", "creationTimestamp", "resourceVersion"] {
            object["metadata", key] = golden.response["metadata", key]
        }
        object = resource.preparedForCreate(object, now: now)
        let causes = resource.validateCreate(object).map { "\($0.field) \($0.kind.rawValue) \($0.body)" }
        let wanted = (golden.response["details", "causes"]?.array ?? []).map {
            "\($0["field"]?.string ?? "") \($0["reason"]?.string ?? "") \($0["message"]?.string ?? "")"
        }
        #expect(causes == wanted)
        if golden.status == 201 { #expect(Difference.of(object, golden.response) == []) }
    }

    /// Too much is told of with its number, unlike what is too long (apimachinery's field.TooMany).
    @Test(.needsShared) func whatIsTooMuchIsCounted() throws {
        let resource = try resource()
        let tags: Value = ["a", "b", "c", "d"]
        let object = resource.kind.defaulted(["metadata": ["name": "w"], "spec": ["size": 1, "tags": tags]])
        #expect(
            resource.validateCreate(object).first?.description == "spec.tags: Too many: 4: must have at most 3 items")
    }

    @Test(.needsShared) func discoveryIsUpstreams() throws {
        let golden = try Golden("crd/discovery-resources")
        let resource = try resource()
        let entry = golden.response["resources"]?.array?.first
        #expect(resource.verbs == entry?["verbs"]?.array?.compactMap(\.string))
        #expect(resource.shortNames == ["wd"])
        #expect(resource.subresources.map(\.name) == ["status", "scale"])
    }

    @Test(.needsShared) func namesAreAcceptedOnce() throws {
        let golden = try Golden("crd/crd-conflicting-names-status")
        let catalogue = try #require(Self.catalogue)
        var definition = golden.response
        definition["status"] = ["storedVersions": ["v1"], "conditions": .null, "acceptedNames": [:]]
        let now = try #require(golden.response["status", "conditions"]?.array?.first?["lastTransitionTime"]?.string)
        let answered = catalogue.withStatus(definition, now: try #require(Time(now)))
        #expect(Difference.of(answered["status"] ?? .null, golden.response["status"] ?? .null) == [])
    }

    @Test(.needsShared) func definitionsAreInstallingFirst() throws {
        let golden = try Golden("crd/get-immediately")
        var definition = golden.response
        definition["status"] = try Golden("crd/create").response["status"]
        let now = try #require(golden.response["status", "conditions"]?.array?.first?["lastTransitionTime"]?.string)
        let time = try #require(Time(now))
        let answered = Catalogue.builtIn.withStatus(definition, now: time, isEstablished: false)
        #expect(Difference.of(answered["status"] ?? .null, golden.response["status"] ?? .null) == [])
        let established = Catalogue.builtIn.withStatus(answered, now: time)
        #expect(established.isTrue("Established"))
        #expect(Catalogue.builtIn.withStatus(established, now: time, isEstablished: false) == established)
    }

    @Test(.needsShared) func openAPIIsUpstreams() throws {
        let golden = try Golden("crd/openapi-v3")
        let ours = try #require(Self.catalogue?.openAPIv3("apis/example.com/v1")?["components", "schemas"])
        for name: Text in ["com.example.v1.Widget", "com.example.v1.WidgetList"] {
            let wanted = OpenAPITests.undescribed(golden.response[path: ["components", "schemas", name]] ?? .null)
            #expect(Difference.of(OpenAPITests.undescribed(ours[name] ?? .null), wanted) == [])
        }
    }

    @Test(.needsShared) func tableIsUpstreams() throws {
        let golden = try Golden("crd/cr-table")
        let resource = try resource()
        #expect(resource.columns.map(\.name) == ["Name", "Size", "Age", "Wide"])
        let object: Value = [
            "metadata": ["name": "a", "creationTimestamp": "2026-11-21T04:40:16Z"],
            "spec": ["size": 4, "color": "red"],
        ]
        let now = try #require(Time("2026-11-21T04:40:17Z"))
        #expect(resource.cells(object, now: now) == golden.response["rows"]?.array?.first?["cells"]?.array)
    }

    @Test(.needsShared) func scaleIsUpstreams() throws {
        let resource = try resource()
        #expect(throws: ScaleFailure(message: "the spec replicas field \".spec.replicas\" does not exist")) {
            try resource.scale(of: ["spec": [:]])
        }
        let scaled = resource.settingScale(
            ["spec": ["replicas": 3]], on: ["spec": [:], "status": ["replicas": 2, "selector": "a=b"]])
        let scale = try resource.scale(of: scaled)
        #expect(scale["spec", "replicas"] == 3)
        #expect(scale["status"] == ["replicas": 2, "selector": "a=b"])
    }
}
