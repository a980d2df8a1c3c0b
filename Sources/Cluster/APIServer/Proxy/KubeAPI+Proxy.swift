import API
import Client
import Document
import Schema
import Store

/// Requests that are passed on to a port of a pod, or of a pod behind a Service (core's ProxyREST).
extension KubeAPI {
    /// Passes the request on, and answers what the other side does.
    func proxy(_ request: Request) async throws(Status) -> Answer {
        let carried =
            request.incoming.carried ?? CarriedRequest(target: request.incoming.path, headers: [])
        let (path, rest) = KubeAPI.divided(carried.target, at: request.resource.resource.isNamespaced ? 7 : 5)
        if rest.isEmpty || rest.hasPrefix("?"), ["GET", "HEAD"].contains(request.incoming.method) {
            var answer = Answer(.bytes([], type: ""), status: 301)
            answer.headers = [("Location", "\(path)/\(rest)")]
            return answer
        }
        let (pod, port) = try target(of: request)
        guard let node else { throw .unreachable("the cluster has no node") }
        let exchange = ProxyExchange(node, pod, port)
        let message = KubeAPI.message(request, carried, target: rest.hasPrefix("/") ? rest : "/\(rest)", pod)
        let head = try await exchange.send(message, hasBody: request.incoming.method != "HEAD")
        return KubeAPI.answer(head, exchange, path)
    }

    /// The path up to and with `proxy`, and what follows it.
    private static func divided(_ target: String, at count: Int) -> (path: String, rest: String) {
        var index = target.startIndex
        var passed = 0
        while index < target.endIndex {
            if target[index] == "?" { break }
            if target[index] == "/" {
                if passed == count { break }
                passed += 1
            }
            index = target.index(after: index)
        }
        return (String(target[..<index]), String(target[index...]))
    }

    private func target(of request: Request) throws(Status) -> (pod: Value, port: Int) {
        let kind = request.resource.gvk.kind.lowercased()
        guard let address = ProxyAddress(request.name) else {
            throw .badRequest("invalid \(kind) request \"\(request.name)\"")
        }
        guard address.scheme != "https" else { throw .notImplemented("proxying to an https port") }
        let key = request.resource.key(namespace: request.namespace, name: address.name)
        guard let record = store.record(key) else { throw .notFound(request.resource.gvr, address.name) }
        let object = try request.resource.tree(record)
        switch kind {
        case "pod": return (try KubeAPI.reachable(object), try KubeAPI.port(address.port, of: object))
        case "service": return try endpoint(of: object, address)
        // The node's agent is a part of this process and listens nowhere, as one that is down does upstream.
        default:
            let host = object["status", "addresses"]?.array?.first { $0["type"] == "InternalIP" }?["address"]?.string
            throw .unreachable("dial tcp \(host ?? address.name):10250: connect: connection refused")
        }
    }

    private static func reachable(_ pod: Value) throws(Status) -> Value {
        guard let address = pod["status", "podIP"]?.string, !address.isEmpty else {
            throw .badRequest("address not allowed")
        }
        return pod
    }

    /// The port that a number tells; without one the first that a container declares.
    private static func port(_ text: String, of pod: Value) throws(Status) -> Int {
        if text.isEmpty {
            let declared = (pod["spec", "containers"]?.array ?? []).lazy.compactMap {
                $0["ports"]?.array?.first?["containerPort"]?.int
            }
            return declared.first ?? 80
        }
        guard let number = Int(text), (1...65535) ~= number else {
            throw .badRequest("invalid pod request \"\(pod.name):\(text)\"")
        }
        return number
    }

    // MARK: Services

    private func endpoint(of service: Value, _ address: ProxyAddress) throws(Status) -> (pod: Value, port: Int) {
        var name = address.port
        let ports = service["spec", "ports"]?.array ?? []
        if let number = Int(name) {
            guard let port = ports.first(where: { $0["port"]?.int == number }) else {
                throw .unavailable("no service port \(number) found for service \"\(service.name)\"")
            }
            name = port["name"]?.string ?? ""
        }
        let slices = objects("discovery.k8s.io", "v1", "endpointslices", namespace: service.namespace)
            .filter { $0.labels["kubernetes.io/service-name"]?.string == service.name }
        var found: [(pod: String, port: Int)] = []
        for slice in slices {
            let port = slice["ports"]?.array?.first { ($0["name"]?.string ?? "") == name }?["port"]?.int
            guard let port else { continue }
            for endpoint in slice["endpoints"]?.array ?? [] where endpoint["conditions", "ready"] != false {
                guard endpoint["targetRef", "kind"] == "Pod", let pod = endpoint["targetRef", "name"]?.string else {
                    continue
                }
                found.append((pod, port))
            }
        }
        guard let chosen = found.randomElement(),
            let pod = object("", "v1", "pods", namespace: service.namespace, name: chosen.pod)
        else { throw .unavailable("no endpoints available for service \"\(service.name)\"") }
        return (pod, chosen.port)
    }

    // MARK: What is sent and answered

    private static func message(
        _ request: Request, _ carried: CarriedRequest, target: String, _ pod: Value
    ) -> [UInt8] {
        let body: [UInt8] =
            switch request.incoming.body {
            case nil: []
            case .bytes(let bytes): bytes
            case .value(let value): JSON.write(value)
            }
        var head = "\(request.incoming.method) \(target) HTTP/1.1\r\nHost: \(pod["status", "podIP"]?.string ?? "")\r\n"
        for header in carried.headers where !CarriedRequest.isOwn(header.name) {
            head += "\(header.name): \(header.value)\r\n"
        }
        head += "X-Forwarded-Uri: \(request.incoming.path)\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n"
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        return Array("\(head)\r\n".utf8) + body
    }

    private static func answer(_ head: BackendReader.Head, _ exchange: ProxyExchange, _ path: String) -> Answer {
        var answer = Answer(.stream(exchange.body, type: head.value("content-type") ?? ""), status: head.status)
        answer.cacheControl = head.value("cache-control") ?? ""
        for header in head.headers where !CarriedRequest.isOwn(header.name) {
            let name = header.name.lowercased()
            if name == "content-type" || name == "cache-control" { continue }
            // A place on the other side is below the proxy's own path for the client.
            let isPlace = name == "location" && header.value.hasPrefix("/")
            answer.headers.append((header.name, isPlace ? path + header.value : header.value))
        }
        return answer
    }
}

/// One request to a pod and its answer, over a connection of their own that ends with them.
final class ProxyExchange: Sendable {
    private let input = HandOver<[UInt8]>()
    private let output: HandOver<[UInt8]>
    private let connection: Task<Void, any Error>
    private let reader: ProxyReading

    init(_ node: any NodeConnection, _ pod: Value, _ port: Int) {
        let (input, output) = (input, HandOver<[UInt8]>())
        self.output = output
        reader = ProxyReading(output)
        connection = Task {
            defer { output.finish() }
            try await node.forward(port: port, of: pod, input: input) { bytes in
                guard await output.give(bytes) else { throw CancellationError() }
            }
        }
    }

    deinit {
        connection.cancel()
        input.finish()
        output.finish()
    }

    /// How long the other side may take to begin its answer.
    private static let patience = Duration.seconds(60)

    /// Sends a request and returns the head of its answer.
    func send(_ message: [UInt8], hasBody: Bool) async throws(Status) -> BackendReader.Head {
        let (output, connection) = (output, connection)
        let watchdog = Task {
            try await Task.sleep(for: ProxyExchange.patience)
            connection.cancel()
            output.finish()
        }
        defer { watchdog.cancel() }
        let input = input
        let sending = Task { await input.give(message) }
        defer { sending.cancel() }
        do throws(Status) {
            return try await reader.head(hasBody: hasBody)
        } catch {
            input.finish()
            output.finish()
            if case .failure(let failure as Status) = await connection.result { throw .unreachable(failure.message) }
            throw error
        }
    }

    /// What follows the head. The exchange lives as long as somebody holds this.
    var body: AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { try await self.reader.piece() }
    }
}

/// The reader of one answer; one task at a time asks it.
private actor ProxyReading {
    private var reader: BackendReader

    init(_ source: HandOver<[UInt8]>) { reader = BackendReader(source) }

    func head(hasBody: Bool) async throws(Status) -> BackendReader.Head {
        var reader = reader
        let head = try await reader.head(hasBody: hasBody)
        self.reader = reader
        return head
    }

    func piece() async throws(Status) -> [UInt8]? {
        var reader = reader
        let piece = try await reader.piece()
        self.reader = reader
        return piece
    }
}
