import API
import Document
import TestSupport
import Testing

@testable import Schema

/// The catalogue against recorded discovery.
@Suite struct DiscoveryTests {
    static let lists = Golden.area("discovery").filter { $0.response.kind == "APIResourceList" }

    @Test(.needsShared, arguments: lists) func resourcesAreUpstreams(_ golden: Golden) throws {
        let words = try #require(golden.response["groupVersion"]?.string).split(separator: "/").map(String.init)
        let group = try #require(Catalogue.builtIn.group(words.count == 2 ? words[0] : ""))
        let version = try #require(group.versions.first { $0.name == words.last })
        var ours: [Value] = []
        for resource in version.resources {
            ours.append(entry(resource))
            ours += resource.subresources.map { entry($0, of: resource) }
        }
        var wanted = golden.response["resources"]?.array ?? []
        for index in wanted.indices { wanted[index]["storageVersionHash"] = nil }
        #expect(Set(ours) == Set(wanted))
    }

    private func entry(_ resource: Resource) -> Value {
        var value: Value = [
            "name": .string(resource.plural), "singularName": .string(resource.singular),
            "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind.name),
            "verbs": .array(resource.verbs.map { .string($0) }),
        ]
        if !resource.shortNames.isEmpty { value["shortNames"] = .array(resource.shortNames.map { .string($0) }) }
        if !resource.categories.isEmpty { value["categories"] = .array(resource.categories.map { .string($0) }) }
        return value
    }

    private func entry(_ part: Subresource, of resource: Resource) -> Value {
        var value: Value = [
            "name": .string("\(resource.plural)/\(part.name)"), "singularName": "",
            "namespaced": .bool(resource.isNamespaced), "kind": .string(part.kind),
            "verbs": .array(part.verbs.map { .string($0) }),
        ]
        if part.isForeign {
            value["group"] = .string(part.group)
            value["version"] = .string(part.version)
        }
        return value
    }

    @Test(.needsShared) func groupsAreInUpstreamsOrder() throws {
        let wanted = (try Golden("discovery/apis").response["groups"]?.array ?? []).compactMap { $0["name"]?.string }
        #expect(Catalogue.builtIn.groups.map(\.name).filter { !$0.isEmpty } == wanted)
    }
}
