import API
import Document

/// The names that the other definitions of a group have taken.
struct NamesInUse: Sendable {
    var resources: Set<String> = []
    var kinds: Set<String> = []

    /// - Parameter definitions: those of the same group, without the one that asks.
    init(_ definitions: [Value]) {
        for definition in definitions {
            let names = definition["status", "acceptedNames"] ?? [:]
            let texts = [names["plural"], names["singular"]].compactMap { $0?.string }
            resources.formUnion(texts + (names["shortNames"]?.array?.compactMap(\.string) ?? []))
            kinds.formUnion([names["kind"], names["listKind"]].compactMap { $0?.string })
        }
        resources.remove("")
        kinds.remove("")
    }
}

/// What upstream's naming and establishing controllers find out about a custom resource definition.
struct DefinitionStatus {
    private let definition: Value
    private let now: Time
    private var accepted: Value
    private var conflict: (reason: String, message: String)?

    init(_ definition: Value, now: Time) {
        self.definition = definition
        self.now = now
        accepted = definition["status", "acceptedNames"] ?? [:]
    }

    /// The definition with its accepted names and the conditions NamesAccepted and Established.
    func established(beside used: NamesInUse) -> Value {
        var status = self
        status.accept(beside: used)
        var result = definition
        result["status", "acceptedNames"] = status.accepted
        let isFirst = !definition.isTrue("Established")
        result.set(
            Condition(
                "NamesAccepted", status.conflict == nil, reason: status.conflict?.reason ?? "NoConflicts",
                message: status.conflict?.message ?? "no conflicts found"), now: now)
        // What was established once stays so: its objects are there.
        if status.conflict == nil {
            result.set(
                Condition(
                    "Established", true, reason: "InitialNamesAccepted",
                    message: "the initial names have been accepted"), now: now)
        } else if isFirst {
            result.set(
                Condition("Established", false, reason: "NotAccepted", message: "not all names are accepted"), now: now)
        }
        return result
    }

    private mutating func accept(beside used: NamesInUse) {
        let names = definition["spec", "names"] ?? [:]
        take("plural", names, used.resources, "PluralConflict")
        take("singular", names, used.resources, "SingularConflict")
        takeShortNames(names, used.resources)
        take("kind", names, used.kinds, "KindConflict")
        take("listKind", names, used.kinds, "ListKindConflict")
        accepted["categories"] = names["categories"]
    }

    private mutating func take(_ field: Text, _ names: Value, _ used: Set<String>, _ reason: String) {
        let wanted = names[field]?.string ?? ""
        if used.contains(wanted) {
            conflict = (reason, "\"\(wanted)\" is already in use")
        } else {
            accepted[field] = .string(wanted)
        }
    }

    private mutating func takeShortNames(_ names: Value, _ used: Set<String>) {
        let wanted = names["shortNames"]?.array?.compactMap(\.string) ?? []
        let taken = wanted.filter(used.contains)
        if taken.isEmpty {
            accepted["shortNames"] = names["shortNames"]
        } else {
            conflict = ("ShortNamesConflict", taken.map { "\"\($0)\" is already in use" }.joined(separator: ", "))
        }
    }
}

extension Value {
    /// Sets a condition of the status, keeping the time of its last transition while it holds as before.
    fileprivate mutating func set(_ condition: Condition, now: Time) {
        var conditions = self["status", "conditions"]?.array ?? []
        var entry: Value = [
            "type": .string(condition.type), "status": .string(condition.status),
            "lastTransitionTime": .string(now.wholeSeconds.description), "reason": .string(condition.reason),
            "message": .string(condition.message),
        ]
        if let index = conditions.firstIndex(where: { $0["type"]?.string == condition.type }) {
            if conditions[index]["status"]?.string == condition.status {
                entry["lastTransitionTime"] = conditions[index]["lastTransitionTime"]
            }
            conditions[index] = entry
        } else {
            conditions.append(entry)
        }
        self["status", "conditions"] = .array(conditions)
    }
}
