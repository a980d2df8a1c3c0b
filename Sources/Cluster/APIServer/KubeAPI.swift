public import API
import Client
import Document
import Schema
public import Store
import Synchronization

/// The Kubernetes API over a store: what comes in as a request goes out as an answer, whoever carries both.
///
/// Requests pass one chain: route, authorization, decoding, admission, strategy and validation, the store's compare-and-swap,
/// and from there the event bus to the watchers. Reads are answered where they come in; writes wait for the store.
public final class KubeAPI: Sendable {
    /// What a cluster decides about its API.
    public struct Options: Sendable {
        /// Where Services get their addresses from.
        public var serviceRange: IPv4Range
        /// Where Services get their node ports from.
        public var nodePorts: ClosedRange<Int>
        /// Who else uses the node ports of this cluster's machines; nil for nobody.
        public var neighbours: (any NodePortNeighbours)?
        /// Where clients of `/api` are told to find the server: address and port.
        public var advertised: String
        /// The cluster's certificate authority, which every namespace gets as `kube-root-ca.crt`; PEM.
        public var authority: String
        /// The identities behind static bearer tokens.
        public var tokens: [String: Identity]
        /// What signs the tokens of service accounts; nil where there are none.
        public var keyring: SigningKeyring?
        /// How long a watch lasts that names no end, in seconds; upstream's is half to one hour.
        public var watchSeconds: Int
        /// How much may be worked on at once.
        var inFlight = InFlight()
        /// How long a definition whose names are accepted is told to be installing, though it is served at once; zero
        /// for no such word. Upstream's establishing controller takes as long as a write does.
        public var installing: Duration

        public init(
            serviceRange: IPv4Range, nodePorts: ClosedRange<Int> = 30000...32767, advertised: String,
            authority: String = "", neighbours: (any NodePortNeighbours)? = nil, tokens: [String: Identity] = [:],
            keyring: SigningKeyring? = nil,
            watchSeconds: Int = 2700, installing: Duration = .zero
        ) {
            self.serviceRange = serviceRange
            self.nodePorts = nodePorts
            self.advertised = advertised
            self.authority = authority
            self.neighbours = neighbours
            self.tokens = tokens
            self.keyring = keyring
            self.watchSeconds = watchSeconds
            self.installing = installing
        }
    }

    /// What the cluster remembers.
    public let store: any RevisionStore
    let options: Options
    let clock: any TimeSource
    let authorizer: any Authorizer
    /// The roles and bindings, for those who ask for rules instead of one decision.
    let roles: RoleBook
    let flows: FlowBook
    let node: (any NodeConnection)?
    let admission: Admission
    let services: ServiceAllocator
    let documents = DocumentCache()
    let frames = FrameCache()
    let trees = TreeCache()
    let inFlight: InFlight
    private let serving: Mutex<Served>
    private let ready = Atomic(false)

    /// - Parameters:
    ///   - store: what the cluster remembers; the API reads its custom resource definitions and Services at once.
    ///   - node: how to reach what runs on nodes; nil where there are none.
    public init(
        store: any RevisionStore, options: Options, node: (any NodeConnection)? = nil,
        clock: any TimeSource = SystemTime()
    ) {
        self.store = store
        self.options = options
        self.clock = clock
        let roles = RoleBook(store)
        self.roles = roles
        flows = FlowBook(store)
        authorizer = AuthorizerChain(authorizers: [
            PrivilegedAuthorizer(), NodeAuthorizer(store: store, roles: roles), RoleBasedAuthorizer(book: roles),
        ])
        self.node = node
        inFlight = options.inFlight
        admission = Admission.standard
        services = ServiceAllocator(
            range: options.serviceRange, ports: options.nodePorts, neighbours: options.neighbours)
        serving = Mutex(Served(Catalogue.builtIn))
        readDefinitions()
        services.adopt(store)
    }

    /// The prefixes of keys that need no sync of their own, for the store's options.
    public static let relaxedKeys: [Key] = ["leases.coordination.k8s.io/", "events/"]

    /// What is served now.
    var served: Served { serving.withLock { $0 } }

    /// Serves another catalogue from now on.
    func serve(_ change: (Catalogue) -> Catalogue) {
        serving.withLock { $0 = Served(change($0.catalogue), reusing: $0) }
        documents.forget()
    }

    /// Whether `/readyz` says ok.
    public var isReady: Bool { ready.load(ordering: .acquiring) }

    /// Lets `/readyz` say ok, or not any more.
    public func setReady(_ value: Bool) { ready.store(value, ordering: .releasing) }

    /// The time of day as objects show it.
    var now: Time { clock.now.wholeSeconds }
}

/// What a handler made of a request: an answer, or work that has one later.
enum Handling: Sendable {
    case now(Answer, Form)
    case later(Form, @Sendable () async -> Answer)
}

extension KubeAPI {
    /// Takes a request through the chain.
    func handle(_ incoming: Incoming) -> Handling {
        var incoming = incoming
        do throws(Status) { try impersonate(&incoming) } catch {
            return .now(Answer(denied: error), .failure(incoming))
        }
        let route = Route(incoming.path)
        let handling = route.map { handle(incoming, $0) } ?? handlePath(incoming)
        // Nobody reads the headers of what stays in this process.
        guard !incoming.identity.isComponent else { return handling }
        let attempt = attempt(incoming, route)
        guard !attempt.isLong, let label = flows.label(of: attempt, by: incoming.identity) else { return handling }
        switch handling {
        case .now(let answer, let form): return .now(answer.flowing(label), form)
        case .later(let form, let work): return .later(form) { await work().flowing(label) }
        }
    }

    private func handle(_ incoming: Incoming, _ route: Route) -> Handling {
        let begun = RequestCounts.now
        do throws(Status) {
            return counted(try allowed(incoming, route), since: begun)
        } catch {
            // Paths that are not served are as many as a client can think of: only what is served is counted.
            if let resource = served[route.group, route.version, route.resource], resource.has(route.subresource),
                let verb = try? verb(of: incoming, route)
            {
                resource.counts.note(route, verb, code: error.code, since: begun)
            }
            return .now(error.code == 403 ? Answer(denied: error) : Answer(served: error), .failure(incoming))
        }
    }

    /// Works on the request, and counts what is answered.
    private func counted(_ request: Request, since begun: Int) -> Handling {
        guard request.resource.has(request.route.subresource) else { return handling(request) }
        let (counts, route, verb) = (request.resource.counts, request.route, request.verb)
        switch handling(request) {
        case .now(let answer, let form):
            counts.note(route, verb, code: answer.status, since: begun)
            return .now(answer, form)
        case .later(let form, let work):
            return .later(form) {
                let answer = await work()
                counts.note(route, verb, code: answer.status, since: begun)
                return answer
            }
        }
    }

    private func handling(_ request: Request) -> Handling {
        do throws(Status) {
            let recorder = request.warnings
            var handling = try perform(request)
            if [.create, .update, .patch].contains(request.verb), case .later(let form, let work) = handling {
                handling = .later(form) { recorder.warned(await work()) }
            }
            return warned(handling, of: request.resource.resource.deprecation)
        } catch {
            return warned(
                .now(Answer(served: error), .failure(request.incoming)), of: request.resource.resource.deprecation)
        }
    }

    /// Versions of custom resources may be deprecated, which every answer tells before anything else.
    private func warned(_ handling: Handling, of deprecation: String?) -> Handling {
        guard let deprecation else { return handling }
        switch handling {
        case .now(let answer, let form): return .now(answer.warningFirst(deprecation), form)
        case .later(let form, let work): return .later(form) { await work().warningFirst(deprecation) }
        }
    }

    /// The request, once it is clear that who asks may.
    func allowed(_ incoming: Incoming, _ route: Route) throws(Status) -> Request {
        var incoming = incoming
        try impersonate(&incoming)
        let verb = try verb(of: incoming, route)
        try authorize(incoming, route, verb)
        let served = self.served
        guard let resource = served[route.group, route.version, route.resource] else { throw missing(route, served) }
        return try Request(incoming, route, verb, resource)
    }

    private func verb(of incoming: Incoming, _ route: Route) throws(Status) -> Verb {
        let isWatch = route.isWatch || incoming.query.flag("watch")
        guard let verb = Verb(method: incoming.method, hasName: !route.name.isEmpty, isWatch: isWatch) else {
            throw .methodNotAllowed
        }
        return verb
    }

    private func authorize(_ incoming: Incoming, _ route: Route, _ verb: Verb) throws(Status) {
        let attempt = Attempt(incoming, route, verb)
        let decision = authorizer.decide(attempt, by: incoming.identity)
        guard !decision.isAllowed else { return }
        throw .forbidden(attempt, incoming.identity, decision)
    }

    /// A known group and version answers with a Status, anything else like a plain web server.
    private func missing(_ route: Route, _ served: Served) -> Status {
        let group = served.catalogue.groups.first { $0.name == route.group }
        let isKnown = group?.versions.contains { $0.name == route.version } ?? false
        return isKnown || route.group.isEmpty ? .noSuchResource : .pathNotFound
    }

    private func perform(_ request: Request) throws(Status) -> Handling {
        if request.route.subresource == "proxy", request.resource.resource.subresource("proxy") != nil {
            // What is asked for is the other side's to understand.
            return .later(.failure(request.incoming)) {
                await self.answer { () throws(Status) in try await self.proxy(request) }
            }
        }
        let form = try negotiate(request)
        if !request.route.subresource.isEmpty { return try performSubresource(request, form) }
        guard request.resource.resource.verbs.contains(request.verb.rawValue), request.fitsVerb else {
            throw .methodNotAllowed
        }
        // Upstream's router knows no HEAD; definitions are served without it.
        if request.incoming.method == "HEAD", request.resource.resource.definition == nil { throw .methodNotAllowed }
        switch request.verb {
        case .get: return .now(try get(request).warning(request.deprecation), form)
        case .list: return .now(try list(request).warning(request.deprecation), form)
        case .watch: return .now(try watch(request, form).warning(request.deprecation), form)
        case .create, .update, .patch, .delete, .deletecollection:
            return .later(form) { await self.write(request) }
        }
    }

    /// The form of the answer. What a built-in resource is answered in is asked twice, as upstream's router and then its
    /// handler ask: each has words of its own.
    func negotiate(_ request: Request) throws(Status) -> Form {
        let incoming = request.incoming
        if incoming.accept == "application/json" && !request.mayBePretty { return .json }
        let isBuiltIn = request.resource.resource.definition == nil
        let given = Form.given(request.route.subresource)
        if isBuiltIn, !MediaType.mentions(incoming.accept, given) {
            throw .notAcceptable([.list, .watch].contains(request.verb) ? given + Form.streamed : given)
        }
        let form = Form.negotiate(incoming.accept, hasProtobuf: isBuiltIn) { shape in
            if case .discovery = shape { false } else { true }
        }
        guard var form else { throw .accepts(Form.whole) }
        if case .table = form.shape { form.includeObject = request.query["includeObject"] }
        guard request.verb == .watch else { return form.pretty(for: incoming) }
        form.isPretty = false
        if form.encoding == .yaml { throw .accepts(Form.streamed) }
        return form
    }

    /// Runs a write, and makes an answer of its failure.
    func write(_ request: Request) async -> Answer {
        do throws(Status) {
            switch request.verb {
            case .create: return try await create(request)
            case .update: return try await update(request)
            case .patch: return try await patch(request)
            case .delete: return try await delete(request)
            case .deletecollection: return try await deleteCollection(request)
            case .get, .list, .watch: throw .methodNotAllowed
            }
        } catch {
            return Answer(error)
        }
    }
}

extension Answer {
    /// The answer to somebody who may not do what he asks for, or be who he wants to be (apiserver's responsewriters).
    init(denied failure: Status) {
        self.init(failure)
        headers.append(("X-Content-Type-Options", "nosniff"))
    }

    /// The answer that a failure is, or Go's own where the path is no API's.
    fileprivate init(served failure: Status) { self = failure == .pathNotFound ? .pageNotFound : Answer(failure) }

    /// What Go's own web server says of a path that nobody serves.
    static let pageNotFound: Answer = {
        let text = Array("404 page not found\n".utf8)
        var answer = Answer(.bytes(text, type: "text/plain; charset=utf-8"), status: 404)
        answer.headers = [("X-Content-Type-Options", "nosniff")]
        return answer
    }()
}
