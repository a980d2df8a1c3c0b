public import API
import Document

/// What a server serves, read from its discovery documents.
public struct Discovery: Sendable {
    /// One resource in the version that its group prefers.
    public struct Resource: Sendable, Hashable {
        public let resource: GroupVersionResource
        public let kind: String
        public let isNamespaced: Bool
        public let verbs: Set<String>

        /// Whether the resource has all of these verbs.
        public func can(_ verb: String...) -> Bool { verbs.isSuperset(of: verb) }
    }

    public let resources: [Resource]
    /// The group versions that did not answer, such as those of an aggregated server that is down, each with why.
    public let failures: [String: String]
    private let byKind: [GroupKind: Resource]

    private struct GroupKind: Hashable {
        let group: String
        let kind: String
    }

    init(resources: [Resource], failures: [String: String]) {
        self.resources = resources
        self.failures = failures
        byKind = Dictionary(resources.map { (GroupKind(group: $0.resource.group, kind: $0.kind), $0) }) { first, _ in
            first
        }
    }

    /// The resource whose objects are of that kind, whatever version of the group is named.
    public func resource(apiVersion: String, kind: String) -> Resource? {
        guard let groupVersion = GroupVersion(apiVersion) else { return nil }
        return byKind[GroupKind(group: groupVersion.group, kind: kind)]
    }
}

extension APIClient {
    /// Reads the discovery documents: of each group the preferred version, without subresources.
    ///
    /// - Throws: where the list of groups itself cannot be read; a single group that fails is told in the answer.
    public func discover() async throws -> Discovery {
        let groups = try await document("/apis")
        var versions = [GroupVersion(group: "", version: "v1")]
        for group in groups["groups"]?.array ?? [] {
            if let version = (group["preferredVersion", "groupVersion"]?.string).flatMap({ GroupVersion($0) }) {
                versions.append(version)
            }
        }
        var resources: [Discovery.Resource] = []
        var failures: [String: String] = [:]
        for version in versions {
            do {
                let list = try await document(version.path)
                resources += (list["resources"]?.array ?? []).compactMap { Discovery.Resource($0, version) }
            } catch {
                failures[version.description] = "\(error)"
            }
        }
        return Discovery(resources: resources, failures: failures)
    }

    private func document(_ path: String) async throws -> Value {
        try await transport.send(APIRequest(.get, path)).value()
    }
}

extension Discovery.Resource {
    init?(_ entry: Value, _ version: GroupVersion) {
        guard let name = entry["name"]?.string, !name.contains("/") else { return nil }
        resource = GroupVersionResource(group: version.group, version: version.version, resource: name)
        kind = entry["kind"]?.string ?? ""
        isNamespaced = entry["namespaced"]?.bool ?? false
        verbs = Set(entry["verbs"]?.array?.compactMap(\.string) ?? [])
    }
}
