import API
import Client
import Document

/// Reads what containers wrote.
struct PodLogs: Sendable {
    static let pods = GroupVersionResource(group: "", version: "v1", resource: "pods")

    let client: APIClient

    /// All that a container wrote so far.
    ///
    /// - Parameter container: the pod's only one where nil.
    func whole(_ pod: Value, container: String? = nil) async throws -> [UInt8] {
        try await whole(namespace: pod.namespace, name: pod.name, container: container)
    }

    func whole(namespace: String, name: String, container: String? = nil) async throws -> [UInt8] {
        let path = Self.pods.path(namespace: namespace, name: name, subresource: "log")
        let request = APIRequest(
            .get, path, query: container.map { [("container", $0)] } ?? [], accept: "application/json, */*")
        var bytes: [UInt8] = []
        for try await piece in try await client.transport.stream(request) { bytes += piece }
        return bytes
    }
}
