import API
import Document
import Schema

/// Gives pods their service account, and the volume with its token and what is needed to reach the API with it.
struct ServiceAccountAdmission: AdmissionPlugin {
    private static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "pods") else { return }
        // Pods that the node makes by itself (mirrors of static ones) act for nobody.
        if review.object.annotation("kubernetes.io/config.mirror") != nil { return }
        let named = review.object["spec", "serviceAccountName"]?.string ?? ""
        let name = named.isEmpty ? "default" : named
        review.object["spec", "serviceAccountName"] = .string(name)
        review.object["spec", "serviceAccount"] = .string(name)
        guard let account = api.object("", "v1", "serviceaccounts", namespace: review.namespace, name: name) else {
            throw review.forbidden(
                "error looking up service account \(review.namespace)/\(name): serviceaccount \"\(name)\" not found")
        }
        addPullSecrets(of: account, to: &review.object)
        if mountsToken(review.object, account) { mountToken(&review.object) }
    }

    private func addPullSecrets(of account: Value, to pod: inout Value) {
        guard pod["spec", "imagePullSecrets"]?.array?.isEmpty ?? true,
            let secrets = account["imagePullSecrets"], secrets.array?.isEmpty == false
        else { return }
        pod["spec", "imagePullSecrets"] = secrets
    }

    private func mountsToken(_ pod: Value, _ account: Value) -> Bool {
        pod["spec", "automountServiceAccountToken"]?.bool ?? account["automountServiceAccountToken"]?.bool ?? true
    }

    private func mountToken(_ pod: inout Value) {
        let fields: [Text] = ["initContainers", "containers"]
        let containers = fields.flatMap { pod["spec", $0]?.array ?? [] }
        guard containers.contains(where: { !hasMount($0) }) else { return }
        let name = Naming.generated("kube-api-access-")
        for field in fields {
            guard let list = pod["spec", field]?.array else { continue }
            pod["spec", field] = .array(list.map { hasMount($0) ? $0 : mounted($0, name) })
        }
        pod["spec", "volumes"] = .array((pod["spec", "volumes"]?.array ?? []) + [volume(name)])
    }

    private func hasMount(_ container: Value) -> Bool {
        container["volumeMounts"]?.array?.contains { $0["mountPath"]?.string == Self.mountPath } ?? false
    }

    private func mounted(_ container: Value, _ volume: String) -> Value {
        var container = container
        let mount: Value = ["name": .string(volume), "readOnly": true, "mountPath": .string(Self.mountPath)]
        container["volumeMounts"] = .array((container["volumeMounts"]?.array ?? []) + [mount])
        return container
    }

    private func volume(_ name: String) -> Value {
        let sources: Value = [
            ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
            ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
            [
                "downwardAPI": [
                    "items": [
                        [
                            "path": "namespace",
                            "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
                        ]
                    ]
                ]
            ],
        ]
        return ["name": .string(name), "projected": ["sources": sources, "defaultMode": 420]]
    }
}
