public import API
public import Document

extension Catalogue {
    /// The status that upstream's naming, establishing and approval controllers give a CRD: accepted names, the conditions
    /// NamesAccepted, Established and that of groups of Kubernetes' own community, stored versions. Returns the whole object with its new status.
    ///
    /// - Parameters:
    ///   - now: the time of the conditions that change.
    ///   - isEstablished: whether a definition whose names are accepted counts as established, or is told to be
    ///     installing, as upstream tells it until its establishing controller comes by.
    public func withStatus(_ definition: Value, now: Time, isEstablished: Bool = true) -> Value {
        var definition = definition
        let names = NameClaim(definition, in: self)
        definition["status", "acceptedNames"] = names.accepted
        let accepted =
            names.conflict.map {
                Condition(type: "NamesAccepted", status: "False", reason: $0.reason, message: $0.message)
            }
            ?? Condition(type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found")
        definition.setCondition(accepted, now: now)
        if names.conflict == nil {
            let isTold = isEstablished || definition.isTrue("Established")
            definition.setCondition(
                Condition(
                    type: "Established", status: isTold ? "True" : "False",
                    reason: isTold ? "InitialNamesAccepted" : "Installing",
                    message: "the initial names have been accepted"), now: now)
        } else if !definition.isTrue("Established") {
            definition.setCondition(
                Condition(
                    type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted"),
                now: now)
        }
        let policy = ApprovalPolicy(definition, group: definition["spec", "group"]?.string ?? "")
        if let policy { definition.setCondition(policy.condition, now: now) }
        return definition
    }
}

/// The names that a CRD asks for, and those of them that nobody else in its group has.
private struct NameClaim {
    private(set) var accepted: Value = ["plural": "", "kind": ""]
    private(set) var conflict: (reason: String, message: String)?

    init(_ definition: Value, in catalogue: Catalogue) {
        let wanted = definition["spec", "names"] ?? [:]
        let group = definition["spec", "group"]?.string ?? ""
        let others = (catalogue.group(group)?.versions ?? []).flatMap(\.resources)
            .filter { $0.definition != definition.name }
        let taken = Set(others.flatMap { [$0.plural, $0.singular] + $0.shortNames })
        let kinds = Set(others.flatMap { [$0.kind.name, $0.listKind] })
        claim(wanted, "plural", taken, "PluralConflict")
        claim(wanted, "singular", taken, "SingularConflict")
        claimShortNames(wanted, taken)
        claim(wanted, "kind", kinds, "KindConflict")
        claim(wanted, "listKind", kinds, "ListKindConflict")
        accepted["categories"] = wanted["categories"]
    }

    private mutating func claim(_ wanted: Value, _ key: Text, _ taken: Set<String>, _ reason: String) {
        guard let name = wanted[key]?.string, !name.isEmpty else { return }
        if taken.contains(name) {
            conflict = (reason, "\"\(name)\" is already in use")
        } else {
            accepted[key] = .string(name)
        }
    }

    private mutating func claimShortNames(_ wanted: Value, _ taken: Set<String>) {
        let names = (wanted["shortNames"]?.array ?? []).compactMap(\.string)
        let clashes = names.filter(taken.contains)
        if clashes.isEmpty {
            accepted["shortNames"] = names.isEmpty ? nil : wanted["shortNames"]
        } else {
            conflict = ("ShortNamesConflict", clashes.map { "\"\($0)\" is already in use" }.joined(separator: ", "))
        }
    }
}

extension Value {
    /// Sets a condition; its time changes only with its status.
    fileprivate mutating func setCondition(_ condition: Condition, now: Time) {
        var conditions = self["status", "conditions"]?.array ?? []
        let index = conditions.firstIndex { $0["type"]?.string == condition.type }
        let old = index.map { conditions[$0] }
        let isSame = old?["status"]?.string == condition.status
        let time = isSame ? old?["lastTransitionTime"] ?? .null : .string(now.description)
        let value: Value = [
            "type": .string(condition.type), "status": .string(condition.status), "lastTransitionTime": time,
            "reason": .string(condition.reason), "message": .string(condition.message),
        ]
        if let index { conditions[index] = value } else { conditions.append(value) }
        self["status", "conditions"] = .array(conditions)
    }
}
