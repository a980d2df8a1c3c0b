import API
import Document
import Schema
import Store

/// The APIServices of the groups that CRDs define (apiserver's crdRegistrationController).
extension KubeAPI {
    private static let customPriority = 1000
    private static let customVersionPriority = 100
    private static let mark: Text = "kube-aggregator.kubernetes.io/automanaged"

    /// Makes the APIServices that served CRDs want, and removes those that none wants any more.
    func registerCustomGroups() async {
        guard let resource = served["apiregistration.k8s.io", "v1", "apiservices"] else { return }
        var wanted: [String: StartObject] = [:]
        for group in served.catalogue.groups {
            for version in group.versions where version.resources.allSatisfy(\.isCustom) {
                let service = SystemObjects.apiService(
                    group: group.name, version: version.name, priority: KubeAPI.customPriority,
                    versionPriority: KubeAPI.customVersionPriority, isBuiltIn: false, now: now)
                wanted[service.object.name] = service
            }
        }
        for standing in objects("apiregistration.k8s.io", "v1", "apiservices") {
            let isWanted = wanted.removeValue(forKey: standing.name) != nil
            guard !isWanted, standing.labels[KubeAPI.mark]?.string == "true" else { continue }
            guard let revision = Revision(standing.resourceVersion) else { continue }
            // One that was changed meanwhile is looked at again with the next definition.
            _ = try? await store.commit(
                Change(resource.key(namespace: "", name: standing.name), .delete(expecting: revision)))
        }
        for service in wanted.values {
            let made = service.made(resource.resource, now: now)
            let key = resource.key(namespace: "", name: service.object.name)
            _ = try? await store.commit(Change(key, .create(StoredForm.bytes(of: made))))
        }
    }
}
