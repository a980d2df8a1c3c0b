import API
import Document
import Schema
import Store
import Synchronization

extension KubeAPI {
    /// Requests for paths that are no resources.
    func handlePath(_ incoming: Incoming) -> Handling {
        let attempt = Attempt(
            verb: incoming.method == "HEAD" ? "head" : incoming.method.lowercased(),
            path: incoming.path)
        let decision = authorizer.decide(attempt, by: incoming.identity)
        guard decision.isAllowed else {
            return .now(
                Answer(denied: .forbidden(path: attempt, incoming.identity, decision)), .failure(incoming))
        }
        do throws(Status) {
            guard incoming.method == "GET" || incoming.method == "HEAD" else { throw .methodNotAllowed }
            return try document(incoming)
        } catch {
            return .now(Answer(error), .failure(incoming))
        }
    }

    private func document(_ incoming: Incoming) throws(Status) -> Handling {
        let parts = incoming.path.split(separator: "/").map(String.init)
        switch parts.first {
        case nil: return .now(Answer(.tree(root())), .lines)
        case "api", "apis": return .now(try discovery(parts, incoming), .failure(incoming))
        case "openapi": return try openAPI(parts, incoming)
        case "version": return .now(Answer(.tree(KubeAPI.version)), .lines)
        case "livez", "readyz", "healthz": return .now(health(parts, incoming), .json)
        case ".well-known" where parts.count == 2 && parts[1] == "openid-configuration":
            return .now(openIDConfiguration(), .json)
        case "openid" where parts == ["openid", "v1", "jwks"]: return .now(try keySet(incoming.accept), .json)
        case "metrics" where parts.count == 1: return .now(metrics(), .json)
        case "metrics" where parts == ["metrics", "slis"]: return .now(indicators(), .json)
        case "statusz" where parts.count == 1: return .now(status(), .json)
        case "flagz" where parts.count == 1: return .now(flags(), .json)
        case "helmctl" where parts == ["helmctl", "snapshot"]: return .now(snapshotFile(), .json)
        default: return .now(.pageNotFound, .json)
        }
    }

    /// The whole store as one file, for administrators: what no role names, only `system:masters` may ask for.
    private func snapshotFile() -> Answer {
        let writer = Mutex(SnapshotFile.Writer(store.snapshot()))
        let pieces = AsyncThrowingStream<[UInt8], any Error> { writer.withLock { $0.next() } }
        return Answer(.stream(pieces, type: "application/octet-stream"))
    }

    /// The release whose API this is.
    static let version: Value = [
        "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36", "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "35", "gitVersion": "v1.36.2+helmctl", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z", "goVersion": "none", "compiler": "swift", "platform": "linux/amd64",
    ]

    private func root() -> Value {
        var paths: Set<String> = [
            "/.well-known/openid-configuration", "/api", "/apis", "/apis/", "/flagz", "/healthz", "/livez", "/metrics",
            "/metrics/slis", "/openapi/v2", "/openapi/v3", "/openapi/v3/", "/openid/v1/jwks", "/readyz", "/statusz",
            "/version",
        ]
        for (endpoint, names) in KubeAPI.checks { paths.formUnion(names.map { "/\(endpoint)/\($0)" }) }
        for group in served.catalogue.groups {
            let base = group.name.isEmpty ? "/api" : "/apis/\(group.name)"
            paths.insert(base)
            for version in group.versions { paths.insert("\(base)/\(version.name)") }
        }
        return ["paths": .strings(paths.sorted())]
    }

    private func discovery(_ parts: [String], _ incoming: Incoming) throws(Status) -> Answer {
        let form = Form.negotiate(incoming.accept) { shape in
            switch shape {
            case .whole: true
            case .discovery(let version): version == "v2" && parts.count == 1
            case .table, .metadata: false
            }
        }
        guard let form else { throw .accepts(Form.whole) }
        if case .discovery = form.shape { return aggregated(isCore: parts[0] == "api", incoming) }
        let legacy = LegacyDiscovery(catalogue: served.catalogue)
        let document: Value?
        switch (parts[0], parts.count) {
        case ("api", 1): document = legacy.versions(advertised: options.advertised)
        case ("apis", 1): document = legacy.groups()
        case ("api", 2): document = legacy.resources(group: "", version: parts[1])
        case ("apis", 2): document = legacy.group(named: parts[1])
        case ("apis", 3): document = legacy.resources(group: parts[1], version: parts[2])
        default: document = nil
        }
        if let document { return Answer(.tree(document)) }
        if parts[0] == "api" { throw .noSuchResource }
        return .pageNotFound
    }

    private func aggregated(isCore: Bool, _ incoming: Incoming) -> Answer {
        let catalogue = served.catalogue
        let document = documents.document(isCore ? "discovery/api" : "discovery/apis", now: now) {
            JSON.write(AggregatedDiscovery(catalogue: catalogue).document(isCore: isCore))
        }
        let type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        var answer = tagged(document, type, incoming)
        answer.cacheControl = "public"
        return answer
    }

    /// A document, or word that the client has it already.
    func tagged(_ document: DocumentCache.Document, _ type: String, _ incoming: Incoming) -> Answer {
        let tag = "\"\(document.tag)\""
        let isKnown = incoming.ifNoneMatch == tag
        var answer = Answer(
            .bytes(isKnown ? [] : document.bytes, type: isKnown ? "" : type), status: isKnown ? 304 : 200)
        answer.headers = [("Etag", tag), ("Vary", "Accept")]
        return answer
    }
}
