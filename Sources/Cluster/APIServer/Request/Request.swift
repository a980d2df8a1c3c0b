import API
import Document
import Schema
import Synchronization

/// A request about a resource, on its way through the chain.
struct Request: Sendable {
    let incoming: Incoming
    let route: Route
    let verb: Verb
    let resource: ServedResource
    /// What the body was warned of, also where the request is refused afterwards.
    let warnings = WarningRecorder()

    init(_ incoming: Incoming, _ route: Route, _ verb: Verb, _ resource: ServedResource) throws(Status) {
        self.incoming = incoming
        self.route = route
        self.verb = verb
        self.resource = resource
        try checkScope()
    }

    /// A namespaced object can only be reached in a namespace, a cluster's only outside of them.
    private func checkScope() throws(Status) {
        let isNamespaced = resource.resource.isNamespaced
        if !route.namespace.isEmpty && !isNamespaced && resource.resource.plural != "namespaces" {
            throw .noSuchResource
        }
        guard isNamespaced, route.namespace.isEmpty else { return }
        switch verb {
        case .list, .watch: if !route.name.isEmpty { throw .noSuchResource }
        case .create: throw .methodNotAllowed
        default: throw .noSuchResource
        }
    }

    /// What upstream warns of whenever the resource is read.
    var deprecation: String? {
        switch resource.prefix {
        case "endpoints/": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
        case KubeAPI.components: "v1 ComponentStatus is deprecated in v1.19+"
        default: nil
        }
    }

    /// Whether the path names an object where the verb needs one, and none where it makes one.
    var fitsVerb: Bool {
        switch verb {
        case .create: name.isEmpty
        case .update, .patch: !name.isEmpty
        default: true
        }
    }

    /// Whether the client may want line breaks in its JSON.
    var mayBePretty: Bool { Form.json.pretty(for: incoming).isPretty }

    var namespace: String { resource.resource.isNamespaced ? route.namespace : "" }
    var name: String { route.name }
    var query: Query { incoming.query }

    /// The name for managedFields: the parameter, or the user agent up to its first slash.
    var fieldManager: String {
        let named = query["fieldManager"]
        if !named.isEmpty { return named }
        let agent = String(incoming.userAgent.prefix { $0 != "/" })
        return agent.isEmpty ? "unknown" : agent
    }

    var isDryRun: Bool { query.has("dryRun") }

    var fieldValidation: FieldValidation {
        switch query["fieldValidation"] {
        case "Strict": .strict
        case "Ignore": .ignore
        default: .warn
        }
    }
}

/// What a request is warned of before it is known how it ends (apiserver's warning recorder).
final class WarningRecorder: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ warnings: [String]) {
        if !warnings.isEmpty { texts.withLock { $0 += warnings } }
    }

    /// A refusal with all warnings that came before it.
    func warned(_ answer: Answer) -> Answer {
        guard answer.status >= 400 else { return answer }
        var answer = answer
        answer.warnings = texts.withLock(\.self) + answer.warnings
        return answer
    }
}

/// What becomes of fields that nobody knows and keys that come twice.
enum FieldValidation: Sendable {
    case strict, warn, ignore
}
