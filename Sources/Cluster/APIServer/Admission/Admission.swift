import API
import Document
import Schema

/// A write on its way through admission.
struct AdmissionReview: Sendable {
    enum Operation: String, Sendable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
    }

    let operation: Operation
    /// The new state; null for a deletion.
    var object: Value
    /// The state that stands; nil for a create.
    let old: Value?
    let resource: ServedResource
    let subresource: String
    let namespace: String
    let name: String
    let identity: Identity
    let isDryRun: Bool
    /// What the plug-ins warn of.
    var warnings: [String] = []

    init(_ operation: Operation, object: Value, old: Value?, _ request: Request) {
        self.operation = operation
        self.object = object
        self.old = old
        resource = request.resource
        subresource = request.route.subresource
        namespace = request.namespace
        name = request.name.isEmpty ? object.name : request.name
        identity = request.incoming.identity
        isDryRun = request.isDryRun
    }

    /// Whether this is a new object of that built-in resource.
    func isCreation(of resource: String) -> Bool {
        operation == .create && subresource.isEmpty && self.resource.resource.qualifiedName == resource
    }

    /// A refusal in the form that all plug-ins share.
    func forbidden(_ why: String) -> Status { .forbidden(resource.gvr, name, why) }
}

/// A link of the admission chain: it may change what is written, and refuse it.
protocol AdmissionPlugin: Sendable {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status)
    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status)
}

extension AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {}
    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {}
}

/// The chain, in upstream's order; webhooks and policies are further links.
struct Admission: Sendable {
    let plugins: [any AdmissionPlugin]

    static let standard = Admission(
        plugins: [
            NamespaceLifecycle(), LimitRanger(), ServiceAccountAdmission(), NodeRestriction(), TaintNodesByCondition(),
            PodSecurity(), PriorityAdmission(), DefaultTolerationSeconds(), DefaultStorageClass(),
            StorageObjectInUseProtection(), DefaultIngressClass(), SigningRequestAdmission(), RoleEscalation(),
            QuotaAdmission(),
        ])

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        for plugin in plugins { try await plugin.mutate(&review, api) }
    }

    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        for plugin in plugins { try await plugin.validate(&review, api) }
    }
}
