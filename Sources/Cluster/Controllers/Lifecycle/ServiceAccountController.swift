import API
import Client
import Document

/// Gives every namespace its `default` service account.
struct ServiceAccountController: Controller {
    static let name = "service-account-controller"
    static let workers = 1

    private let desk: Desk
    private let namespaces: Informer
    private let accounts: Informer

    init(_ desk: Desk) {
        self.desk = desk
        namespaces = desk.informers[.namespaces]
        accounts = desk.informers[.serviceAccounts]
    }

    var sources: [Source] {
        [
            .each(namespaces),
            Source(accounts) { change in
                guard case .deleted(let account) = change, account.name == "default" else { return [] }
                return [account.namespace]
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let namespace = namespaces[key], !namespace.isBeingDeleted, accounts["\(key)/default"] == nil else {
            return nil
        }
        let account: Value = [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default", "namespace": .string(key)],
        ]
        do {
            try await desk.writes.create(.serviceAccounts, account, for: key)
        } catch let status as Status where status.reason == .alreadyExists || status.saysNamespaceTerminates {
            return nil
        }
        return nil
    }
}
