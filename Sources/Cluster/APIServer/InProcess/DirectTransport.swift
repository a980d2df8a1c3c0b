import API
public import Client
import Document

/// The way into an API server of this process: the same chain as over HTTPS, without a socket and without encoding.
public struct DirectTransport: Transport {
    private let api: KubeAPI
    private let identity: Identity
    private let userAgent: String

    /// - Parameters:
    ///   - component: the name that authorization sees, such as `system:serviceaccount:kube-system:job-controller`.
    ///   - groups: the groups beside `system:authenticated`.
    ///   - manager: whom managedFields name as the writer where a request does not say.
    public init(_ api: KubeAPI, component: String, groups: [String] = [], manager: String) {
        self.api = api
        identity = .component(component, groups: groups)
        userAgent = manager
    }

    public func send(_ request: APIRequest) async throws -> APIResponse {
        let (answer, form) = await answer(request)
        let renderer = Renderer(form: form, now: api.clock.now)
        do throws(Status) {
            return APIResponse(status: answer.status, warnings: answer.warnings, body: try body(answer, renderer))
        } catch {
            return APIResponse(status: error.code, body: .value(error.value))
        }
    }

    private func body(_ answer: Answer, _ renderer: Renderer) throws(Status) -> APIRequest.Body {
        if case .bytes(let bytes, _) = answer.body { return .bytes(bytes) }
        return .value(try renderer.tree(answer.body))
    }

    private func answer(_ request: APIRequest) async -> (Answer, Form) {
        let incoming = Incoming(
            method: request.method.rawValue, path: request.path, query: Query(request.query),
            contentType: request.contentType, accept: request.accept, userAgent: userAgent, body: request.body,
            identity: identity)
        switch api.handle(incoming) {
        case .now(let answer, let form): return (answer, form)
        case .later(let form, let work): return (await work(), form)
        }
    }

    public func watch(_ request: APIRequest) async throws -> AsyncThrowingStream<WatchEvent, any Error> {
        let (answer, form) = await answer(request)
        guard case .watch(let plan) = answer.body else { throw failure(answer, form) }
        let pull = try WatchPull(plan, seconds: request.query.first { $0.name == "timeoutSeconds" }?.value)
        return AsyncThrowingStream(unfolding: { await pull.next() })
    }

    public func stream(_ request: APIRequest) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        let (answer, form) = await answer(request)
        switch answer.body {
        case .stream(let pieces, _): return pieces
        case .bytes(let bytes, _) where answer.status < 400:
            return AsyncThrowingStream { continuation in
                if !bytes.isEmpty { continuation.yield(bytes) }
                continuation.finish()
            }
        default: throw failure(answer, form)
        }
    }

    private func failure(_ answer: Answer, _ form: Form) -> Status {
        let tree = try? Renderer(form: form, now: api.clock.now).tree(answer.body)
        return tree.flatMap(Status.init)
            ?? Status(code: answer.status, reason: nil, message: "the server answered \(answer.status)")
    }
}
