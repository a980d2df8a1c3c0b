import API
import Document

/// What becomes of the claims of a StatefulSet when it goes or shrinks (`persistentVolumeClaimRetentionPolicy`): they
/// belong to the set, or to the pod that is too many, and the garbage collector does the rest.
struct ClaimRetention {
    private let set: Value
    private let goesWithSet: Bool
    private let goesWithPod: Bool

    init(_ set: Value) {
        self.set = set
        let policy = set["spec", "persistentVolumeClaimRetentionPolicy"]
        goesWithSet = policy?["whenDeleted"]?.string == "Delete"
        goesWithPod = policy?["whenScaled"]?.string == "Delete"
    }

    /// The claim with the owners that it should have; nil where it has them (`updateClaimOwnerRefForSetAndPod`).
    ///
    /// - Parameter isSurplus: whether the set has become too small for the pod.
    func change(of claim: Value, pod: Value, isSurplus: Bool) -> Value? {
        let wanted =
            goesWithPod && isSurplus
            ? [OwnerReference(controller: pod)] : goesWithSet ? [OwnerReference(controller: set)] : []
        let others = claim.ownerReferences.filter { $0.uid != set.uid && $0.uid != pod.uid }
        // Whoever else controls the claim decides about it.
        guard !others.contains(where: \.controller), others + wanted != claim.ownerReferences else { return nil }
        var changed = claim
        let owners = (others + wanted).map(\.value)
        changed["metadata", "ownerReferences"] = owners.isEmpty ? nil : .array(owners)
        return changed
    }
}
