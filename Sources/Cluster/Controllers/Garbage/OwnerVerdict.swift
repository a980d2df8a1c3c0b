import API
import Client
import Document

/// What becomes of an object, by what became of its owners (`attemptToDeleteItem`).
enum OwnerVerdict: Equatable {
    case keep
    /// These owners are gone, or wait for it to go, and another holds it: it forgets them.
    case forget(uids: Set<String>)
    case delete(DeleteOptions.Propagation)

    /// What is known of an owner.
    enum Owner: Equatable {
        case there
        case waiting
        case gone
    }

    /// - Parameters:
    ///   - owners: of the object's owners, in their order, what is known.
    ///   - hasDependents: whether others are owned by the object.
    static func judge(_ object: Value, owners: [Owner], hasDependents: Bool) -> OwnerVerdict {
        let references = object.ownerReferences
        guard !references.isEmpty else { return .keep }
        let lost = zip(references, owners).filter { $0.1 != .there }.map(\.0.uid)
        if owners.contains(.there) { return lost.isEmpty ? .keep : .forget(uids: Set(lost)) }
        if owners.contains(.waiting), hasDependents { return .delete(.foreground) }
        let finalizers = object.finalizers
        if finalizers.contains(OwnerGraph.Node.orphan) { return .delete(.orphan) }
        if finalizers.contains(OwnerGraph.Node.foreground) { return .delete(.foreground) }
        return .delete(.background)
    }
}
