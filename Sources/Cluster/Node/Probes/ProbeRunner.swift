import CLinux
import Glibc

/// Carries out probes and lifecycle hooks.
struct ProbeRunner: Sendable {
    let runtime: ContainerRuntime
    /// The container's id.
    let container: String
    let folder: ContainerFolder
    /// The pod's address.
    let address: String

    /// Whether it went well, and what was seen otherwise, in the kubelet's words.
    enum Outcome: Sendable, Hashable {
        case success
        case failure(String)
    }

    /// Bytes of an answer that are looked at (the kubelet's limit is the same).
    private static let answerLimit = 10 << 10

    func run(_ action: ProbeAction, timeout: Duration) async -> Outcome {
        do {
            return try await withDeadline(timeout, "the probe") { try await perform(action) }
        } catch let error as NodeError where error.code == .timeout {
            return .failure(timeoutText(action, timeout))
        } catch {
            return .failure("\(error)")
        }
    }

    private func timeoutText(_ action: ProbeAction, _ timeout: Duration) -> String {
        switch action {
        case .http(let request):
            return "Get \"\(request.url(address))\": context deadline exceeded "
                + "(Client.Timeout exceeded while awaiting headers)"
        case .health(let port, _):
            return
                "timeout: failed to connect service \"\(address):\(port ?? 0)\" within \(timeout.components.seconds)s"
        case .connect(let host, let port): return "dial tcp \(host ?? address):\(port ?? 0): i/o timeout"
        default: return "command timed out after \(timeout.components.seconds)s"
        }
    }

    private func perform(_ action: ProbeAction) async throws -> Outcome {
        switch action {
        case .execute(let command):
            let (status, text) = try await runtime.execute(command, in: container, folder)
            return status == 0 ? .success : .failure(text)
        case .connect(let host, let port):
            let socket = try await connect(host, port)
            close(socket)
            return .success
        case .http(let request): return try await self.request(request)
        case .health(let port, let service): return try await health(port, service)
        case .sleep(let seconds):
            try await Task.sleep(for: .seconds(seconds))
            return .success
        case .unsupported(let why): return .failure(why)
        }
    }

    private func connect(_ host: String?, _ port: Int?) async throws -> Int32 {
        let name = host ?? address
        guard let port, let number = UInt16(exactly: port), port > 0 else {
            throw NodeError(.configuration, "the probe's port is not among the container's ports")
        }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = number.bigEndian
        guard inet_pton(AF_INET, name == "localhost" ? "127.0.0.1" : name, &target.sin_addr) == 1 else {
            throw NodeError(.unsupported, "probes of the host \(name) are not supported yet, only of IPv4 addresses")
        }
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, flags, 0)
        guard descriptor >= 0 else { throw NodeError.system("socket", name) }
        do {
            try await finish(descriptor, target, "\(name):\(port)")
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private func finish(_ descriptor: Int32, _ target: sockaddr_in, _ name: String) async throws {
        var target = target
        let result = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return }
        guard errno == EINPROGRESS else { throw refusal(name, errno) }
        try await DescriptorWatcher.shared.wait(for: descriptor, .writable)
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        if code != 0 { throw refusal(name, code) }
    }

    private func refusal(_ name: String, _ code: Int32) -> NodeError {
        NodeError(.system, "dial tcp \(name): connect: \(String(cString: strerror(code)).lowercased())")
    }

    private func request(_ request: ProbeAction.HTTPRequest) async throws -> Outcome {
        let url = request.url(address)
        let answer: String
        do { answer = try await self.answer(to: request) } catch let error as NodeError {
            return .failure("Get \"\(url)\": \(error.message)")
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .failure("Get \"\(url)\": \(error)")
        }
        let words = answer.split(separator: " ")
        guard words.first?.hasPrefix("HTTP/") == true, words.count > 1, let code = Int(words[1]) else {
            return .failure("Get \"\(url)\": " + (answer.isEmpty ? "EOF" : "malformed HTTP response \"\(answer)\""))
        }
        return (200..<400).contains(code) ? .success : .failure("HTTP probe failed with statuscode: \(code)")
    }

    /// The first line of the answer.
    private func answer(to request: ProbeAction.HTTPRequest) async throws -> String {
        let host = request.host ?? address
        let bytes = Array(head(host, request.port ?? 0, request.path, request.headers).utf8)
        let descriptor = try await connect(request.host, request.port)
        if request.isSecure {
            return try await SecureExchange.firstLine(descriptor, request: bytes, limit: ProbeRunner.answerLimit)
        }
        defer { close(descriptor) }
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw NodeError.system("write", "request")
        }
        return try await firstLine(descriptor)
    }

    private func health(_ port: Int?, _ service: String) async throws -> Outcome {
        let wire = Pipe(try await connect(nil, port))
        guard try await wire.write(HealthCall.request(authority: "\(address):\(port ?? 0)", service: service)) else {
            return .failure("the connection was closed")
        }
        var call = HealthCall()
        while case let bytes = try await wire.read(), !bytes.isEmpty {
            var reply: [UInt8] = []
            let answer = call.take(bytes, reply: &reply)
            if answer == nil, !reply.isEmpty { _ = try await wire.write(reply) }
            switch answer {
            case .status(1): return .success
            case .status(let status):
                let name = status == 0 ? "UNKNOWN" : status == 2 ? "NOT_SERVING" : "SERVICE_UNKNOWN"
                return .failure("service unhealthy (responded with \"\(name)\")")
            case .refused:
                return .failure(
                    "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)")
            case nil: continue
            }
        }
        return .failure("the connection was closed")
    }

    private func head(_ host: String, _ port: Int, _ path: String, _ headers: [ProbeAction.Header]) -> String {
        let given = Set(headers.map { $0.name.lowercased() })
        var lines = ["GET \(path.hasPrefix("/") ? "" : "/")\(path) HTTP/1.1"]
        for (name, value) in [
            ("Host", "\(host):\(port)"), ("User-Agent", "kube-probe/1.36"), ("Accept", "*/*"), ("Connection", "close"),
        ] where !given.contains(name.lowercased()) {
            lines.append("\(name): \(value)")
        }
        for header in headers { lines.append("\(header.name): \(header.value)") }
        // A header's value cannot end the line: it would begin a second request.
        return lines.map { $0.filter { !$0.isNewline } }.joined(separator: "\r\n") + "\r\n\r\n"
    }

    private func firstLine(_ descriptor: Int32) async throws -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < ProbeRunner.answerLimit, !bytes.contains(10) {
            try await DescriptorWatcher.shared.wait(for: descriptor)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count <= 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }
}
