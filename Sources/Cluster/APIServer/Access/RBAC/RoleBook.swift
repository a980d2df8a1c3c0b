import Document
import Schema
import Store
import Synchronization

/// The roles and bindings that stand now, ready to be asked. It follows the store by watches, and looks at what came when it
/// is next asked: a write that was acknowledged counts from then on.
final class RoleBook: Sendable {
    /// One state of it.
    struct Page: Sendable {
        /// The rules by key of the role.
        var roles: [String: [PolicyRule]] = [:]
        /// The bindings by key.
        var bindings: [String: RoleBinding] = [:]
        /// The keys of bindings by what they name.
        var subjects: [String: Set<String>] = [:]
    }

    private struct State {
        var page = Page()
        var watches: [Watch] = []
    }

    /// Set by a watch that has something new.
    private final class Bell: Sendable {
        let rang = Atomic(true)
    }

    private static let suffix = ".rbac.authorization.k8s.io/"
    private static let plurals = ["clusterroles", "roles", "clusterrolebindings", "rolebindings"]
    private let store: any RevisionStore
    private let bell = Bell()
    private let state = Mutex(State())

    init(_ store: any RevisionStore) { self.store = store }

    /// What stands now.
    var page: Page {
        state.withLock { state in
            if bell.rang.exchange(false, ordering: .acquiringAndReleasing) { refresh(&state) }
            return state.page
        }
    }

    private func refresh(_ state: inout State) {
        if state.watches.isEmpty { reload(&state) }
        for watch in state.watches {
            // A watch rings again only once it was found empty.
            while true {
                let batch = watch.take()
                for event in batch.events { state.page.note(event.key.path, event.record) }
                if batch.end != nil { return reload(&state) }
                if batch.events.isEmpty { break }
            }
        }
    }

    private func reload(_ state: inout State) {
        for watch in state.watches { watch.cancel() }
        state.watches = []
        let snapshot = store.snapshot()
        var page = Page()
        for plural in Self.plurals {
            let prefix = Key(plural + Self.suffix)
            snapshot.forEach(in: prefix) { record in
                page.note(record.key.path, record)
                return true
            }
            let watch = try? store.watch(prefix, after: snapshot.revision, limit: 10_000) { [bell] in
                bell.rang.store(true, ordering: .releasing)
            }
            if let watch { state.watches.append(watch) }
        }
        state.page = page
        // Whatever came since the snapshot is taken at the next look.
        bell.rang.store(true, ordering: .releasing)
    }
}

extension RoleBook.Page {
    /// Takes over what a key holds now.
    mutating func note(_ key: String, _ record: Record?) {
        let object = record.flatMap { try? JSON.parse($0.bytes) }
        if key.hasPrefix("clusterroles.") || key.hasPrefix("roles.") {
            roles[key] = object.map { ($0["rules"]?.array ?? []).map(PolicyRule.init) }
            return
        }
        for subject in bindings[key]?.subjects ?? [] { subjects[subject.key]?.remove(key) }
        bindings[key] = object.map(RoleBinding.init)
        for subject in bindings[key]?.subjects ?? [] { subjects[subject.key, default: []].insert(key) }
    }

    /// The bindings that give the identity something in a namespace (or beyond all, where it is empty): the cluster's first,
    /// then the namespace's, by name.
    func bindings(of identity: Identity, in namespace: String) -> [RoleBinding] {
        var keys: Set<String> = subjects["u:\(identity.name)"] ?? []
        for group in identity.groups { keys.formUnion(subjects["g:\(group)"] ?? []) }
        return keys.sorted().compactMap { bindings[$0] }
            .filter { $0.namespace.isEmpty || (!namespace.isEmpty && $0.namespace == namespace) }
    }

    /// The rules of the role that a binding names; nil where there is no such role.
    func rules(of binding: RoleBinding) -> [PolicyRule]? {
        rules(kind: binding.roleKind, name: binding.roleName, namespace: binding.namespace)
    }

    func rules(kind: String, name: String, namespace: String) -> [PolicyRule]? {
        kind == "ClusterRole"
            ? roles["clusterroles.rbac.authorization.k8s.io/\(name)"]
            : roles["roles.rbac.authorization.k8s.io/\(namespace)/\(name)"]
    }

    /// All that the identity may do in a namespace.
    func rules(for identity: Identity, in namespace: String) -> [PolicyRule] {
        bindings(of: identity, in: namespace).flatMap { rules(of: $0) ?? [] }
    }
}
