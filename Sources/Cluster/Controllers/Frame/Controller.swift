import API
import Client
import Document

/// A loop that brings what is there towards what is wanted, one object at a time ("Controllers").
///
/// What to do is decided by pure functions over trees; a controller reads them the caches and writes what they say.
protocol Controller: Sendable {
    /// The name of its service account in kube-system, and of its events' source.
    static var name: String { get }
    /// How many keys are worked on at once; upstream's `--concurrent-…-syncs`.
    static var workers: Int { get }
    /// Whom it is to the API server: of its own service account, unless upstream has it work as the whole suite does.
    static var user: String { get }

    init(_ desk: Desk)

    /// The changes that give it something to do.
    var sources: [Source] { get }

    /// Looks at the object of that key and takes the next step.
    ///
    /// - Returns: after how long it has to look again even if nothing changes; nil for never.
    func reconcile(_ key: String) async throws -> Duration?

    /// What it does besides, until the task is cancelled.
    func background() async
}

extension Controller {
    static var workers: Int { 5 }
    static var user: String { "system:serviceaccount:kube-system:\(name)" }
    func background() async {}
}

/// What a controller works with.
struct Desk: Sendable {
    let informers: InformerSet
    let writes: Writes
    let events: EventRecorder
    let queue: WorkQueue
    let clock: any TimeSource
    let options: ControllerSuite.Options

    var client: APIClient { writes.client }
    var now: Time { clock.now }
}

/// A collection that a controller follows, and which of its keys a change concerns.
struct Source: Sendable {
    let informer: Informer
    /// Whether those who write these objects often write them several times in a row.
    let settles: Bool
    let keys: @Sendable (Informer.Change) -> [String]

    init(_ informer: Informer, settles: Bool = false, keys: @escaping @Sendable (Informer.Change) -> [String]) {
        self.informer = informer
        self.settles = settles
        self.keys = keys
    }

    /// The objects that the controller is about.
    static func each(_ informer: Informer, settles: Bool = false) -> Source {
        Source(informer, settles: settles) { [$0.object.key] }
    }

    /// The objects that those of a kind control. One without a controller concerns whoever could adopt it.
    static func owned(_ informer: Informer, by kind: String, in owners: Informer) -> Source {
        Source(informer) { change in
            var keys: [String] = []
            if case .updated(let old, let new) = change {
                if old.resourceVersion == new.resourceVersion { return [] }
                if old.controller?.uid != new.controller?.uid, let key = old.controllerKey(kind) { keys.append(key) }
            }
            let object = change.object
            if object.controller != nil {
                if let key = object.controllerKey(kind) { keys.append(key) }
            } else if case .deleted = change {
                return keys
            } else {
                keys += owners.objects(in: object.namespace).filter { $0.selects(object) }.map(\.key)
            }
            return keys
        }
    }
}

extension Value {
    /// The key of the object's controller, where that is of the kind asked for.
    func controllerKey(_ kind: String) -> String? {
        guard let owner = controller, owner.kind == kind else { return nil }
        return "\(namespace)/\(owner.name)"
    }

    /// Whether `spec.selector` of this object chooses that one; an empty selector chooses nothing here.
    func selects(_ object: Value) -> Bool {
        guard let selector = podSelector else { return false }
        return selector.matches(object.labels)
    }

    /// `spec.selector`; nil where it is missing, unreadable or empty, for then it would choose everything.
    var podSelector: LabelSelector? {
        guard let value = self["spec", "selector"] else { return nil }
        // In core/v1 selectors are plain maps of labels.
        let selector =
            apiVersion == "v1" ? LabelSelector(matching: value.object ?? [:]) : LabelSelector(object: value)
        guard let selector, !selector.requirements.isEmpty else { return nil }
        return selector
    }
}
