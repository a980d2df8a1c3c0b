import API
import Client
import Document
import OCI

/// What the workers of all pods share.
struct NodeServices: Sendable {
    let configuration: NodeConfiguration
    let client: APIClient
    let images: ImageStore
    let network: any PodNetwork
    let runtime: ContainerRuntime
    let events: EventRecorder
    let clock: any TimeSource
    /// The Services that pods are told of by variables.
    let services: Informer
    let machine: MachineFacts

    func facts(_ pod: Value, address: String) -> PodFacts {
        PodFacts(
            pod: pod, podAddress: address, nodeName: configuration.nodeName, nodeAddress: configuration.address,
            allocatable: machine.capacity)
    }

    /// The data of a ConfigMap or Secret, decoded; nil where there is none.
    func data(_ kind: DataKind, namespace: String, name: String) async throws -> [String: [UInt8]]? {
        guard let object = try await client.find(kind.resource, namespace: namespace, name: name) else { return nil }
        var data: [String: [UInt8]] = [:]
        for member in object["data"]?.object ?? [:] {
            data[member.key.string] = kind == .secret ? decoded(member.value) : member.value.text?.bytes ?? []
        }
        for member in object["binaryData"]?.object ?? [:] { data[member.key.string] = decoded(member.value) }
        return data
    }

    private func decoded(_ value: Value) -> [UInt8] { Base64.decode(value.text?.bytes ?? []) ?? [] }

    /// The volume that a claim of the pod is bound to.
    func volume(of claim: String, in pod: Value) async throws -> Value {
        guard let object = try await client.find(.persistentVolumeClaims, namespace: pod.namespace, name: claim) else {
            throw NodeError(.volume, "persistentvolumeclaim \"\(claim)\" not found")
        }
        if let owner = object.controller, owner.kind == "Pod", owner.uid != pod.uid {
            throw NodeError(.volume, "PVC \(object.key) was not created for pod \(pod.key) (pod is not owner)")
        }
        let name = object["spec", "volumeName"]?.string ?? ""
        guard object.phase == "Bound", let volume = try await client.find(.persistentVolumes, name: name) else {
            throw NodeError(.volume, "persistentvolumeclaim \"\(claim)\" is not bound to a volume")
        }
        return volume
    }

    /// A token of the pod's service account, bound to the pod ("TokenRequest").
    func token(for pod: Value, audience: String?, seconds: Int) async throws -> String {
        var request: Value = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "metadata": ["namespace": .string(pod.namespace)],
            "spec": [
                "expirationSeconds": .int(seconds),
                "boundObjectRef": [
                    "apiVersion": "v1", "kind": "Pod", "name": .string(pod.name), "uid": .string(pod.uid),
                ],
            ],
        ]
        if let audience { request["spec", "audiences"] = [.string(audience)] }
        let account = pod["spec", "serviceAccountName"]?.string ?? "default"
        let answer = try await client.create(.serviceAccounts, request, subresource: (name: "token", of: account))
        guard let token = answer["status", "token"]?.string else {
            throw NodeError(.volume, "the API gave no token for the service account \(account)")
        }
        return token
    }
}
