import API
import Client
import Document
import Schema
import Store

/// Requests that are passed on to a port of a pod, or of a pod behind a Service (core's ProxyREST).
extension KubeAPI {
    /// Passes the request on, and answers what the other side does.
    func proxy(_ request: Request) async throws(Status) -> Answer {
        let passed = ProxyRequest(request)
        if passed.lacksSlash, ["GET", "HEAD"].contains(request.incoming.method) {
            var answer = Answer(.bytes([], type: ""), status: 301)
            answer.headers = [("Location", "\(passed.path)/\(passed.rest)")]
            return answer
        }
        let exchange = try exchange(for: request)
        let head = try await exchange.send(passed.message(), hasBody: request.incoming.method != "HEAD")
        guard head.status != 101 else { throw .notImplemented("proxying a change of protocol") }
        return KubeAPI.answer(head, exchange, passed.path)
    }

    /// What a request to leave HTTP comes to whose protocol is the other side's to know; nil for all others.
    ///
    /// - Returns: what asks the other side, and gives its consent; it throws what the other side says instead.
    func proxiedUpgrade(
        _ incoming: Incoming
    ) -> (@Sendable () async throws(Status) -> (BackendReader.Head, ProxyExchange))? {
        guard let route = Route(incoming.path), route.subresource == "proxy",
            let request = try? allowed(incoming, route), let exchange = try? exchange(for: request)
        else { return nil }
        return { () throws(Status) in
            let head = try await exchange.send(ProxyRequest(request).message(), hasBody: true)
            guard head.status == 101 else { throw .unreachable("no change of protocol") }
            return (head, exchange)
        }
    }

    private func exchange(for request: Request) throws(Status) -> ProxyExchange {
        let target = try target(of: request)
        guard let node else { throw .unreachable("the cluster has no node") }
        return ProxyExchange(node, target)
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

/// A request as it is passed on.
private struct ProxyRequest {
    private let incoming: Incoming
    private let carried: CarriedRequest
    /// The path up to and with `proxy`.
    let path: String
    /// What follows it.
    let rest: String

    init(_ request: Request) {
        incoming = request.incoming
        carried = incoming.carried ?? CarriedRequest(target: incoming.path, headers: [], client: "")
        (path, rest) = ProxyRequest.divided(carried.target, at: request.resource.resource.isNamespaced ? 7 : 5)
    }

    /// Whether links without a path would lead away from the other side.
    var lacksSlash: Bool { rest.isEmpty || rest.hasPrefix("?") }

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

    /// The request of HTTP/1.1; like upstream's it keeps the client's Host and tells where it came by.
    func message() -> [UInt8] {
        let target = rest.hasPrefix("/") ? rest : "/\(rest)"
        var head = "\(incoming.method) \(target) HTTP/1.1\r\nHost: \(carried.value("host") ?? "")\r\n"
        for header in carried.headers where !CarriedRequest.isOwn(header.name) {
            head += "\(header.name): \(header.value)\r\n"
        }
        let passedBy = [carried.value("x-forwarded-for"), carried.client].compactMap { $0 }.filter { !$0.isEmpty }
        if !passedBy.isEmpty { head += "X-Forwarded-For: \(passedBy.joined(separator: ", "))\r\n" }
        head += "X-Forwarded-Uri: \(incoming.path)\r\n"
        head += wantedProtocol.map { "Connection: Upgrade\r\nUpgrade: \($0)\r\n" } ?? "Connection: close\r\n"
        let body = body
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        return Array("\(head)\r\n".utf8) + body
    }

    /// What the client wants to change to (RFC 9110, 7.8).
    private var wantedProtocol: String? {
        guard carried.value("connection")?.lowercased().contains("upgrade") == true else { return nil }
        return carried.value("upgrade")
    }

    private var body: [UInt8] {
        switch incoming.body {
        case nil: []
        case .bytes(let bytes): bytes
        case .value(let value): JSON.write(value)
        }
    }
}
