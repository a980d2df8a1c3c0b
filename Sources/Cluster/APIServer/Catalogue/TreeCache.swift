import API
import Document
import Store
import Synchronization

/// The trees of objects that the server itself looks at with each write: namespaces, service accounts, classes.
final class TreeCache: Sendable {
    private static let capacity = 512

    private let trees = Mutex<[Key: (revision: Revision, tree: Value)]>([:])

    /// The record's object, parsed once for each of its revisions.
    func tree(_ record: Record, _ resource: ServedResource) throws(Status) -> Value {
        if let known = trees.withLock({ $0[record.key] }), known.revision == record.revision { return known.tree }
        let tree = try resource.tree(record)
        trees.withLock { trees in
            if trees.count >= TreeCache.capacity { trees = [:] }
            trees[record.key] = (record.revision, tree)
        }
        return tree
    }
}
