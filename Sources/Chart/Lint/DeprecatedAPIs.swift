/// The kinds of Kubernetes' API that are on their way out, as k8s.io/api tells of each type.
enum DeprecatedAPIs {
    private struct Fate {
        /// Minor versions of Kubernetes 1.
        let deprecated: Int
        let removed: Int?
        let replacement: String?
    }

    /// What is to be said of a kind in a Kubernetes of that minor version; nil where it is well.
    static func warning(apiVersion: String, kind: String, minor: Int) -> String? {
        guard let fate = fates["\(apiVersion) \(kind)"], minor >= fate.deprecated else { return nil }
        var text = "\(apiVersion) \(kind) is deprecated in v1.\(fate.deprecated)+"
        if let removed = fate.removed { text += ", unavailable in v1.\(removed)+" }
        if let replacement = fate.replacement { text += "; use \(replacement)" }
        return text
    }

    private static let fates: [String: Fate] = {
        var fates: [String: Fate] = [:]
        for line in table.split(separator: "\n") {
            let columns = line.split(separator: " ").map(String.init)
            let (version, replacement) = (columns[0], columns[3])
            for column in columns[4...] {
                let parts = column.split(separator: "=").map(String.init)
                let hasList = parts[0].hasSuffix("*")
                let kind = hasList ? String(parts[0].dropLast()) : parts[0]
                for name in hasList ? [kind, kind + "List"] : [kind] {
                    let successor = parts.count > 1 ? parts[1] + (name == kind ? "" : "List") : name
                    fates["\(version) \(name)"] = Fate(
                        deprecated: Int(columns[1]) ?? 0, removed: Int(columns[2]),
                        replacement: replacement == "-" ? nil : "\(replacement) \(successor)")
                }
            }
        }
        return fates
    }()

    /// API version, the minor versions of deprecation and removal, the API version to use, and kinds: `*` where a list
    /// of it shares its fate, `=` before the kind to use where that has another name.
    private static let table = """
        admissionregistration.k8s.io/v1alpha1 35 38 - MutatingAdmissionPolicy* MutatingAdmissionPolicyBinding*
        admissionregistration.k8s.io/v1alpha1 29 32 - ValidatingAdmissionPolicy* ValidatingAdmissionPolicyBinding*
        admissionregistration.k8s.io/v1beta1 37 40 admissionregistration.k8s.io/v1 MutatingAdmissionPolicy*
        admissionregistration.k8s.io/v1beta1 37 40 admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding*
        admissionregistration.k8s.io/v1beta1 16 22 admissionregistration.k8s.io/v1 MutatingWebhookConfiguration*
        admissionregistration.k8s.io/v1beta1 16 22 admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration*
        admissionregistration.k8s.io/v1beta1 31 34 - ValidatingAdmissionPolicy* ValidatingAdmissionPolicyBinding*
        apps/v1beta1 8 16 apps/v1 ControllerRevision* Deployment* DeploymentRollback StatefulSet*
        apps/v1beta1 8 16 autoscaling/v1 Scale
        apps/v1beta2 9 16 apps/v1 ControllerRevision* DaemonSet* Deployment* ReplicaSet* StatefulSet*
        apps/v1beta2 9 16 autoscaling/v1 Scale
        authentication.k8s.io/v1alpha1 29 32 - SelfSubjectReview
        authentication.k8s.io/v1beta1 30 33 - SelfSubjectReview
        authentication.k8s.io/v1beta1 19 22 authentication.k8s.io/v1 TokenReview
        authorization.k8s.io/v1beta1 19 22 authorization.k8s.io/v1 LocalSubjectAccessReview SelfSubjectAccessReview
        authorization.k8s.io/v1beta1 19 22 authorization.k8s.io/v1 SelfSubjectRulesReview SubjectAccessReview
        batch/v1beta1 21 25 batch/v1 CronJob*
        certificates.k8s.io/v1alpha1 34 37 - ClusterTrustBundle*
        certificates.k8s.io/v1beta1 19 22 certificates.k8s.io/v1 CertificateSigningRequest*
        certificates.k8s.io/v1beta1 37 40 - ClusterTrustBundle*
        certificates.k8s.io/v1beta1 38 41 - PodCertificateRequest*
        coordination.k8s.io/v1alpha2 35 38 - LeaseCandidate*
        coordination.k8s.io/v1beta1 19 22 coordination.k8s.io/v1 Lease*
        coordination.k8s.io/v1beta1 36 39 - LeaseCandidate*
        discovery.k8s.io/v1beta1 21 25 discovery.k8s.io/v1 EndpointSliceList=EndpointSlice EndpointSlice
        events.k8s.io/v1beta1 22 25 - Event*
        extensions/v1beta1 8 16 apps/v1 DaemonSet* Deployment* ReplicaSet*
        extensions/v1beta1 8 16 - DeploymentRollback
        extensions/v1beta1 14 22 networking.k8s.io/v1 Ingress*
        extensions/v1beta1 9 16 networking.k8s.io/v1 NetworkPolicy*
        extensions/v1beta1 2 16 - Scale
        flowcontrol.apiserver.k8s.io/v1beta1 23 26 flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema*
        flowcontrol.apiserver.k8s.io/v1beta1 23 26 flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration*
        flowcontrol.apiserver.k8s.io/v1beta2 26 29 flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema*
        flowcontrol.apiserver.k8s.io/v1beta2 26 29 flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration*
        flowcontrol.apiserver.k8s.io/v1beta3 29 32 flowcontrol.apiserver.k8s.io/v1 FlowSchema*
        flowcontrol.apiserver.k8s.io/v1beta3 29 32 flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration*
        networking.k8s.io/v1beta1 34 37 - IPAddress* ServiceCIDR*
        networking.k8s.io/v1beta1 19 22 networking.k8s.io/v1 Ingress* IngressClassList IngressClass=IngressClassList
        node.k8s.io/v1beta1 22 25 - RuntimeClass*
        policy/v1beta1 22 25 - Eviction
        policy/v1beta1 21 25 policy/v1 PodDisruptionBudget*
        rbac.authorization.k8s.io/v1beta1 17 22 rbac.authorization.k8s.io/v1 ClusterRole* ClusterRoleBinding*
        rbac.authorization.k8s.io/v1beta1 17 22 rbac.authorization.k8s.io/v1 Role* RoleBinding*
        resource.k8s.io/v1alpha3 36 39 - DeviceTaintRule*
        resource.k8s.io/v1alpha3 39 42 - ResourcePoolStatusRequest*
        resource.k8s.io/v1beta1 35 38 - DeviceClass* ResourceClaim* ResourceClaimTemplate* ResourceSlice*
        resource.k8s.io/v1beta2 36 39 - DeviceClass* ResourceClaim* ResourceClaimTemplate* ResourceSlice*
        resource.k8s.io/v1beta2 39 42 - DeviceTaintRule*
        scheduling.k8s.io/v1beta1 14 22 scheduling.k8s.io/v1 PriorityClass*
        storage.k8s.io/v1alpha1 21 24 storage.k8s.io/v1beta1 CSIStorageCapacity*
        storage.k8s.io/v1alpha1 21 24 storage.k8s.io/v1 VolumeAttachment*
        storage.k8s.io/v1alpha1 32 35 storage.k8s.io/v1 VolumeAttributesClass*
        storage.k8s.io/v1beta1 19 22 storage.k8s.io/v1 CSIDriver* StorageClass* VolumeAttachment*
        storage.k8s.io/v1beta1 17 22 storage.k8s.io/v1 CSINodeList=CSINode CSINode
        storage.k8s.io/v1beta1 24 27 storage.k8s.io/v1 CSIStorageCapacity*
        storage.k8s.io/v1beta1 34 37 storage.k8s.io/v1 VolumeAttributesClass*
        storagemigration.k8s.io/v1beta1 38 41 - StorageVersionMigration*
        v1 19 - - ComponentStatus*
        v1 33 - discovery.k8s.io/v1 Endpoints*=EndpointSlice
        """
}
