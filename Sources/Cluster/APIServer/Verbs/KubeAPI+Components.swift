import API
import Document
import Schema

/// ComponentStatus objects, which are asked for and never stored (pkg/registry/core/componentstatus).
extension KubeAPI {
    /// Where such objects would be kept.
    static let components = "componentstatuses/"
    /// By the names that upstream asks after. They all run in this process, so that whoever answers is well.
    private static let parts = ["controller-manager", "etcd-0", "scheduler"]

    /// The one that the request names; nil for requests about anything else.
    func component(_ request: Request) throws(Status) -> Answer? {
        guard request.resource.prefix == KubeAPI.components else { return nil }
        guard KubeAPI.parts.contains(request.name) else {
            throw Status(code: 500, reason: nil, message: "Component not found: \(request.name)")
        }
        return Answer(.object(request.resource, KubeAPI.status(of: request.name, request.resource)))
    }

    /// All that the request's selectors choose; nil for requests about anything else.
    func componentList(_ request: Request) throws(Status) -> Answer? {
        guard request.resource.prefix == KubeAPI.components else { return nil }
        let selection = try Selection(request.query, request.resource)
        let objects = KubeAPI.parts.map { KubeAPI.status(of: $0, request.resource) }.filter(selection.matches)
        return Answer(.objects(request.resource, objects))
    }

    private static func status(of part: String, _ resource: ServedResource) -> Value {
        [
            "kind": .string(resource.resource.kind.name), "apiVersion": .string(resource.resource.apiVersion),
            "metadata": ["name": .string(part)],
            "conditions": [["type": "Healthy", "status": "True", "message": "ok"]],
        ]
    }
}
