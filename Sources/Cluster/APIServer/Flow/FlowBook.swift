import API
import Document
import Schema
import Store
import Synchronization

/// A flow schema and its priority level, by the uids with which answers name them.
struct FlowLabel: Sendable, Hashable {
    let schema: String
    let level: String
}

/// The flow schemas that stand now, the one with the lowest precedence first. It follows the store as RoleBook does.
///
/// Requests are not queued by them: which one a request belongs to is what its answer tells (Kubernetes documentation,
/// "API Priority and Fairness", diagnostics).
final class FlowBook: Sendable {
    private struct State {
        var schemas: [FlowSchema] = []
        var watches: [Watch] = []
    }

    private final class Bell: Sendable {
        let rang = Atomic(true)
    }

    private let store: any RevisionStore
    private let bell = Bell()
    private let state = Mutex(State())

    init(_ store: any RevisionStore) { self.store = store }

    /// The schema that a request belongs to; nil where there is none.
    func label(of attempt: Attempt, by identity: Identity) -> FlowLabel? {
        let schemas = state.withLock { state in
            if bell.rang.exchange(false, ordering: .acquiringAndReleasing) { refresh(&state) }
            return state.schemas
        }
        return schemas.first { $0.holds(attempt, by: identity) }?.label
    }

    /// Schemas change rarely, and are few: all are read again.
    private func refresh(_ state: inout State) {
        for watch in state.watches { watch.cancel() }
        let snapshot = store.snapshot()
        var levels: [Text: String] = [:]
        for level in objects(KubeAPI.priorityLevels, snapshot) { levels[Text(level.name)] = level.uid }
        state.schemas = objects(KubeAPI.flowSchemas, snapshot).map { FlowSchema($0, levels: levels) }.sorted {
            ($0.precedence, $0.name) < ($1.precedence, $1.name)
        }
        state.watches = [KubeAPI.flowSchemas, KubeAPI.priorityLevels].compactMap { folder in
            try? store.watch(Key(folder), after: snapshot.revision, limit: 100) { [bell] in
                bell.rang.store(true, ordering: .releasing)
            }
        }
        // A watch rings once it was found empty.
        for watch in state.watches where !watch.take().events.isEmpty { bell.rang.store(true, ordering: .releasing) }
    }

    private func objects(_ folder: String, _ snapshot: Snapshot) -> [Value] {
        var found: [Value] = []
        snapshot.forEach(in: Key(folder)) { record in
            if let object = try? JSON.parse(record.bytes) { found.append(object) }
            return true
        }
        return found
    }
}

/// What a flow schema says of the requests that belong to it.
private struct FlowSchema: Sendable {
    let name: String
    let precedence: Int
    let label: FlowLabel
    private let rules: [Rule]

    private struct Rule: Sendable {
        let users: Set<String>
        let groups: Set<String>
        let resources: [ResourceRule]
        let paths: [PathRule]

        init(_ rule: Value) {
            var users: Set<String> = []
            var groups: Set<String> = []
            for subject in rule["subjects"]?.array ?? [] {
                switch subject["kind"]?.string {
                case "User": users.insert(subject["user", "name"]?.string ?? "")
                case "Group": groups.insert(subject["group", "name"]?.string ?? "")
                default:
                    let name = subject["serviceAccount", "name"]?.string ?? ""
                    let namespace = subject["serviceAccount", "namespace"]?.string ?? ""
                    if name == "*" {
                        groups.insert("system:serviceaccounts:\(namespace)")
                    } else {
                        users.insert("system:serviceaccount:\(namespace):\(name)")
                    }
                }
            }
            (self.users, self.groups) = (users, groups)
            resources = (rule["resourceRules"]?.array ?? []).map(ResourceRule.init)
            paths = (rule["nonResourceRules"]?.array ?? []).map(PathRule.init)
        }

        func concerns(_ identity: Identity) -> Bool {
            users.contains(identity.name) || identity.groups.contains(where: groups.contains) || users.contains("*")
                || groups.contains("*")
        }
    }

    private struct ResourceRule: Sendable {
        let verbs, groups, resources, namespaces: Set<String>
        let isClusterWide: Bool

        init(_ rule: Value) {
            verbs = FlowSchema.words(rule["verbs"])
            groups = FlowSchema.words(rule["apiGroups"])
            resources = FlowSchema.words(rule["resources"])
            namespaces = FlowSchema.words(rule["namespaces"])
            isClusterWide = rule["clusterScope"]?.bool ?? false
        }

        func holds(_ attempt: Attempt) -> Bool {
            let what =
                attempt.subresource.isEmpty ? attempt.resource : "\(attempt.resource)/\(attempt.subresource)"
            let isThere =
                attempt.namespace.isEmpty ? isClusterWide : FlowSchema.has(namespaces, attempt.namespace)
            return isThere && FlowSchema.has(verbs, attempt.verb) && FlowSchema.has(groups, attempt.group)
                && FlowSchema.has(resources, what)
        }
    }

    private struct PathRule: Sendable {
        let verbs: Set<String>
        let urls: [String]

        init(_ rule: Value) {
            verbs = FlowSchema.words(rule["verbs"])
            urls = (rule["nonResourceURLs"]?.array ?? []).compactMap(\.string)
        }

        func holds(_ attempt: Attempt) -> Bool {
            FlowSchema.has(verbs, attempt.verb)
                && urls.contains { url in
                    url == "*" || url == attempt.path
                        || url.hasSuffix("/*") && attempt.path.hasPrefix(String(url.dropLast()))
                }
        }
    }

    init(_ schema: Value, levels: [Text: String]) {
        name = schema.name
        precedence = schema["spec", "matchingPrecedence"]?.int ?? 1000
        let level = schema["spec", "priorityLevelConfiguration", "name"]?.text ?? ""
        label = FlowLabel(schema: schema.uid, level: levels[level] ?? "")
        rules = (schema["spec", "rules"]?.array ?? []).map(Rule.init)
    }

    func holds(_ attempt: Attempt, by identity: Identity) -> Bool {
        rules.contains { rule in
            guard rule.concerns(identity) else { return false }
            return attempt.resource.isEmpty
                ? rule.paths.contains { $0.holds(attempt) } : rule.resources.contains { $0.holds(attempt) }
        }
    }

    private static func words(_ list: Value?) -> Set<String> { Set((list?.array ?? []).compactMap(\.string)) }

    private static func has(_ words: Set<String>, _ word: String) -> Bool {
        words.contains("*") || words.contains(word)
    }
}

extension Attempt {
    /// Whether what comes of it may last for as long as the client likes, so that nothing waits for its end: it belongs to
    /// no flow schema. Watches do, while they begin.
    var isLong: Bool { Attempt.longParts.contains(subresource) }

    private static let longParts: Set<String> = ["attach", "exec", "proxy", "log", "portforward"]
}
