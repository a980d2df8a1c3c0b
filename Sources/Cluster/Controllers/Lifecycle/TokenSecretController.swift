import API
import Client
import Document

/// Fills Secrets of type `kubernetes.io/service-account-token`, and removes those whose account is gone ("Manually
/// create a long-lived API token for a ServiceAccount").
///
/// Their tokens are bound to the Secret: they are worth nothing once it is deleted.
struct TokenSecretController: Controller {
    static let name = "tokens-controller"
    /// Upstream's has no service account, for it makes those of all others.
    static let user = "system:kube-controller-manager"

    private static let type = "kubernetes.io/service-account-token"
    private static let nameNote: Text = "kubernetes.io/service-account.name"
    private static let uidNote: Text = "kubernetes.io/service-account.uid"
    /// The longest that a TokenRequest takes, some 136 years.
    private static let lifetime = 1 << 32

    private let desk: Desk
    private let accounts: Informer
    /// Only these: Secrets are many, and releases in them are large.
    private let secrets: Informer

    init(_ desk: Desk) {
        self.desk = desk
        accounts = desk.informers[.serviceAccounts]
        secrets = Informer(
            desk.client, .secrets, ListOptions(fieldSelector: "type=\(Self.type)"), clock: desk.clock,
            keep: InformerSet.withoutManagedFields)
    }

    var sources: [Source] {
        [
            Source(accounts) { [secrets] change in
                if case .updated = change { return [] }
                let account = change.object
                return secrets.objects(in: account.namespace).filter {
                    $0.annotation(Self.nameNote) == account.name
                }.map(\.key)
            }
        ]
    }

    func background() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await secrets.run() }
            for await change in secrets.changes() { desk.queue.add(change.object.key) }
        }
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let secret = secrets[key], !secret.isBeingDeleted, let name = secret.annotation(Self.nameNote) else {
            return nil
        }
        let account = try await desk.client.find(.serviceAccounts, namespace: secret.namespace, name: name)
        let uid = secret.annotation(Self.uidNote) ?? ""
        guard let account, uid.isEmpty || uid == account.uid else {
            try await desk.writes.delete(.secrets, secret, for: key)
            return nil
        }
        let filled = try await fill(secret, account)
        if filled != secret { try await desk.writes.update(.secrets, filled, for: key) }
        return nil
    }

    private func fill(_ secret: Value, _ account: Value) async throws -> Value {
        var filled = secret
        filled["metadata", "annotations", Self.uidNote] = .string(account.uid)
        if secret["data", "namespace"] == nil { filled["data", "namespace"] = Self.base64(account.namespace) }
        if secret["data", "ca.crt"] == nil, !desk.options.rootCA.isEmpty {
            filled["data", "ca.crt"] = Self.base64(desk.options.rootCA)
        }
        if secret["data", "token"] == nil { filled["data", "token"] = Self.base64(try await token(secret, account)) }
        return filled
    }

    private func token(_ secret: Value, _ account: Value) async throws -> String {
        let request: Value = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "metadata": ["name": .string(account.name), "namespace": .string(account.namespace)],
            "spec": [
                "expirationSeconds": .int(Self.lifetime),
                "boundObjectRef": [
                    "apiVersion": "v1", "kind": "Secret", "name": .string(secret.name), "uid": .string(secret.uid),
                ],
            ],
        ]
        let answer = try await desk.client.create(.serviceAccounts, request, subresource: ("token", account.name))
        guard let token = answer["status", "token"]?.string else {
            throw Status.internalError("the answer to a TokenRequest has no token")
        }
        return token
    }

    private static func base64(_ text: String) -> Value { .string(Text(bytes: Base64.encode(Array(text.utf8)))) }
}
