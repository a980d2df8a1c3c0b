public import Client
import Document

/// What a cluster is able to do: Helm's `.Capabilities`, as far as the cluster decides it.
public struct ClusterFacts: Sendable, Hashable {
    /// Such as `v1.36.0`.
    public var version: String
    public var major: String
    public var minor: String
    /// `GROUP/VERSION` and `GROUP/VERSION/KIND` of everything that is served, sorted.
    public var apiVersions: [String]

    public init(version: String, major: String, minor: String, apiVersions: [String]) {
        self.version = version
        self.major = major
        self.minor = minor
        self.apiVersions = apiVersions
    }
}

/// A cluster as the actions see it: requests, discovery, and the version that was asked when it was first reached.
public struct Cluster: Sendable {
    let client: APIClient
    let directory: ResourceDirectory

    /// - Parameter client: its requests are sent as field manager `helm`, as Helm's own are.
    public init(_ client: APIClient) {
        var client = client
        client.fieldManager = "helm"
        self.client = client
        directory = ResourceDirectory(client)
    }

    /// Asks for the server's version, which tells whether it can be reached at all; discovery begins meanwhile.
    func reach(discovering: Bool = true) async throws -> Value {
        if discovering { directory.prefetch() }
        do {
            return try await client.transport.send(APIRequest(.get, "/version")).value()
        } catch {
            throw ReleaseFailure("kubernetes cluster unreachable: \(error)", code: .unreachable, cause: error)
        }
    }

    /// The cluster's capabilities, from the version that ``reach(discovering:)`` gave and from discovery.
    func facts(version: Value) async throws -> ClusterFacts {
        do {
            return ClusterFacts(
                version: version["gitVersion"]?.string ?? "", major: version["major"]?.string ?? "",
                minor: version["minor"]?.string ?? "", apiVersions: try await directory.contents().apiVersions.sorted())
        } catch {
            throw ReleaseFailure.wrapping(error, "could not get apiVersions from Kubernetes")
        }
    }
}
