import API
import Client
import Document

/// What a request that wants to leave HTTP is about.
enum StreamPlan: Sendable {
    case command(RemoteCommand)
    /// Ports of a pod; the query's where the protocol cannot name them itself.
    case ports(PortForward, asked: [Int])
}

extension KubeAPI {
    /// Judges a request to run a program, attach or forward ports, without carrying it out.
    func streamPlan(_ request: Request) throws(Status) -> StreamPlan {
        let pod = try request.resource.tree(try find(request))
        let container =
            request.route.subresource == "portforward" ? "" : try containerForLog(pod, request.query["container"])
        guard !(pod["spec", "nodeName"]?.string ?? "").isEmpty else {
            throw .badRequest("pod \(pod.name) does not have a host assigned")
        }
        guard let node else { throw .notImplemented("the subresource \(request.route.subresource) without a node") }
        switch request.route.subresource {
        case "portforward":
            let ports = request.query.all("ports").flatMap { $0.split(separator: ",").compactMap { Int($0) } }
            return .ports(PortForward(node: node, pod: pod), asked: ports)
        case let part:
            return .command(
                try RemoteCommand(node: node, pod: pod, container: container, request.query, attaches: part == "attach")
            )
        }
    }

    /// The plan of a request that asks for another protocol; nil for one that is answered by HTTP.
    func streamPlan(_ incoming: Incoming) -> StreamPlan? {
        guard let route = Route(incoming.path), ["exec", "attach", "portforward"].contains(route.subresource) else {
            return nil
        }
        // What is refused is refused again, in words, by the handler of common requests.
        return try? streamPlan(allowed(incoming, route))
    }
}

/// Connections from a client to ports of a pod.
struct PortForward: Sendable {
    let node: any NodeConnection
    let pod: Value

    /// Copies one connection both ways; returns what went wrong, in words for the client.
    func run(
        port: Int, input: HandOver<[UInt8]>, output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async -> String? {
        defer { input.finish() }
        do {
            try await node.forward(port: port, at: .loopback, of: pod, input: input, output: output)
            return nil
        } catch {
            let why = (error as? Status)?.message ?? "\(error)"
            return "error forwarding port \(port) to pod \(pod.name), uid \(pod.uid): \(why)"
        }
    }
}
