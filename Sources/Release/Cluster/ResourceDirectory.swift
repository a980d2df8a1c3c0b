import API
public import Client
import Document
import Synchronization

/// Which resources a cluster serves, and so which path an object of a kind has: discovery, asked once and kept until
/// new kinds were installed ("API concepts: discovery").
public final class ResourceDirectory: Sendable {
    /// Where a kind is served.
    struct Entry: Sendable, Hashable {
        var resource: GroupVersionResource
        var isNamespaced: Bool
    }

    /// What discovery told.
    struct Contents: Sendable {
        var entries: [GroupVersionKind: Entry] = [:]
        /// `GROUP/VERSION` and `GROUP/VERSION/KIND` of everything served: Helm's Capabilities.APIVersions.
        var apiVersions: Set<String> = []

        mutating func add(_ version: GroupVersion) { apiVersions.insert(version.description) }

        mutating func add(_ kind: GroupVersionKind, _ entry: Entry) {
            apiVersions.insert("\(kind.groupVersion)/\(kind.kind)")
            entries[kind] = entries[kind] ?? entry
        }
    }

    private let client: APIClient
    private let held = Mutex<Task<Contents, any Error>?>(nil)

    public init(_ client: APIClient) { self.client = client }

    /// Starts asking, so that the answer is there when it is needed.
    public func prefetch() { _ = asking() }

    /// Forgets what was asked: new kinds have come.
    func reset() { held.withLock { $0 = nil } }

    func contents() async throws -> Contents { try await asking().value }

    private func asking() -> Task<Contents, any Error> {
        held.withLock { held in
            if let held { return held }
            let task = Task { [client] in try await Self.ask(client) }
            held = task
            return task
        }
    }

    private static func ask(_ client: APIClient) async throws -> Contents {
        let answers = try await ["/api", "/apis"].mapInParallel { path in
            try await client.transport.send(APIRequest(.get, path, accept: aggregated)).value()
        }
        var contents = Contents()
        var unread: [GroupVersion] = []
        for answer in answers {
            if answer.kind == "APIGroupDiscoveryList" {
                read(answer, into: &contents)
            } else {
                unread += versions(answer)
            }
        }
        // A server from before aggregated discovery tells the resources of each version apart.
        let lists = await unread.outcomesInParallel { version in
            (version, try await client.transport.send(APIRequest(.get, version.path)).value())
        }
        for case .success((let version, let list)) in lists { readList(list, of: version, into: &contents) }
        return contents
    }

    private static let aggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"

    /// apidiscovery.k8s.io/v2: all groups with versions and resources in one document.
    private static func read(_ list: Value, into contents: inout Contents) {
        for group in list["items"]?.array ?? [] {
            for version in group["versions"]?.array ?? [] {
                let groupVersion = GroupVersion(group: group.name, version: version["version"]?.string ?? "")
                contents.add(groupVersion)
                for resource in version["resources"]?.array ?? [] {
                    read(resource, of: groupVersion, into: &contents)
                }
            }
        }
    }

    private static func read(_ resource: Value, of version: GroupVersion, into contents: inout Contents) {
        func kind(_ value: Value?) -> GroupVersionKind {
            let group = value?["group"]?.string ?? ""
            let named = value?["version"]?.string ?? ""
            let known = group.isEmpty && named.isEmpty ? version : GroupVersion(group: group, version: named)
            return GroupVersionKind(known, value?["kind"]?.string ?? "")
        }
        let name = GroupVersionResource(
            group: version.group, version: version.version, resource: resource["resource"]?.string ?? "")
        let entry = Entry(resource: name, isNamespaced: resource["scope"]?.string == "Namespaced")
        contents.add(kind(resource["responseKind"]), entry)
        for part in resource["subresources"]?.array ?? [] {
            let kind = kind(part["responseKind"])
            contents.apiVersions.insert("\(version)/\(kind.kind)")
        }
    }

    /// The versions of an APIVersions or an APIGroupList.
    private static func versions(_ answer: Value) -> [GroupVersion] {
        if let core = answer["versions"]?.array {
            return core.compactMap(\.string).map { GroupVersion(group: "", version: $0) }
        }
        return (answer["groups"]?.array ?? []).flatMap { $0["versions"]?.array ?? [] }
            .compactMap { $0["groupVersion"]?.string.flatMap { GroupVersion($0) } }
    }

    /// An APIResourceList.
    private static func readList(_ list: Value, of version: GroupVersion, into contents: inout Contents) {
        contents.add(version)
        for resource in list["resources"]?.array ?? [] {
            let name = resource["name"]?.string ?? ""
            let kind = GroupVersionKind(version, resource["kind"]?.string ?? "")
            guard !name.contains("/") else {
                contents.apiVersions.insert("\(version)/\(kind.kind)")
                continue
            }
            let found = GroupVersionResource(group: version.group, version: version.version, resource: name)
            contents.add(kind, Entry(resource: found, isNamespaced: resource["namespaced"]?.bool ?? false))
        }
    }
}
