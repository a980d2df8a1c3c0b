import API
import Client
import Document

/// Who owns whom, of all objects in the cluster, as little of each as that takes.
struct OwnerGraph {
    /// An object as the garbage collector knows it.
    struct Node {
        var resource: Discovery.Resource
        var namespace: String
        var name: String
        var owners: [OwnerReference]
        var isBeingDeleted: Bool
        /// Whether it waits for its dependents to go first.
        var waitsForDependents: Bool
        /// Whether its dependents have to be let go of before it goes.
        var orphansDependents: Bool

        init(_ object: Value, _ resource: Discovery.Resource) {
            self.resource = resource
            namespace = object.namespace
            name = object.name
            owners = object.ownerReferences
            isBeingDeleted = object.isBeingDeleted
            let finalizers = object.finalizers
            waitsForDependents = isBeingDeleted && finalizers.contains(Self.foreground)
            orphansDependents = isBeingDeleted && finalizers.contains(Self.orphan)
        }

        static let foreground = "foregroundDeletion"
        static let orphan = "orphan"
    }

    private(set) var nodes: [String: Node] = [:]
    /// How many resources are still being read for the first time; until then an owner that is not known may yet come.
    var unread = 0
    private var dependents: [String: Set<String>] = [:]

    subscript(uid: String) -> Node? { nodes[uid] }

    func dependents(of uid: String) -> Set<String> { dependents[uid] ?? [] }

    /// Takes in what an object is now, and tells whom it gives something to do.
    mutating func put(_ object: Value, _ resource: Discovery.Resource) -> [String] {
        let uid = object.uid
        let node = Node(object, resource)
        let before = nodes[uid]
        nodes[uid] = node
        if before?.owners != node.owners { link(uid, from: before?.owners ?? [], to: node.owners) }
        var work: [String] = []
        let isChanged = before?.owners != node.owners
        let isLost = node.owners.contains { nodes[$0.uid]?.waitsForDependents ?? (unread == 0) }
        if isChanged, isLost { work.append(uid) }
        if node.waitsForDependents || node.orphansDependents {
            work.append(uid)
            if node.waitsForDependents { work += dependents(of: uid) }
        }
        // An owner that waits for its dependents may go on when one of them is let go or does not block it any more.
        for owner in before?.owners ?? [] where isChanged && nodes[owner.uid]?.waitsForDependents == true {
            work.append(owner.uid)
        }
        return work
    }

    /// Takes out an object that is gone, and tells whom that gives something to do: what it owned, and owners that
    /// waited for it.
    mutating func remove(_ uid: String) -> [String] {
        guard let node = nodes.removeValue(forKey: uid) else { return [] }
        link(uid, from: node.owners, to: [])
        return Array(dependents(of: uid)) + node.owners.map(\.uid).filter { nodes[$0]?.waitsForDependents == true }
    }

    /// The objects with an owner that is not known.
    var ownerless: [String] {
        nodes.filter { $0.value.owners.contains { nodes[$0.uid] == nil } }.map(\.key)
    }

    /// The objects of a resource that is served no more.
    func all(of resource: GroupVersionResource) -> [String] {
        nodes.filter { $0.value.resource.resource == resource }.map(\.key)
    }

    private mutating func link(_ uid: String, from old: [OwnerReference], to new: [OwnerReference]) {
        for owner in old {
            dependents[owner.uid]?.remove(uid)
            if dependents[owner.uid]?.isEmpty == true { dependents[owner.uid] = nil }
        }
        for owner in new { dependents[owner.uid, default: []].insert(uid) }
    }

    /// The dependents for which an object that goes in the foreground has to wait.
    func blockers(of uid: String) -> [String] {
        dependents(of: uid).filter { dependent in
            nodes[dependent]?.owners.contains { $0.uid == uid && $0.blockOwnerDeletion } ?? false
        }
    }
}
