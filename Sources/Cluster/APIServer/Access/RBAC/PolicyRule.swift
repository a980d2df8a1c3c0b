import Document

/// A rule of a role: what may be done to what.
struct PolicyRule: Sendable, Hashable {
    var verbs: [String] = []
    var apiGroups: [String] = []
    var resources: [String] = []
    var resourceNames: [String] = []
    var nonResourceURLs: [String] = []

    init() {}

    init(_ value: Value) {
        func list(_ key: Text) -> [String] { value[key]?.array?.compactMap(\.string) ?? [] }
        verbs = list("verbs")
        apiGroups = list("apiGroups")
        resources = list("resources")
        resourceNames = list("resourceNames")
        nonResourceURLs = list("nonResourceURLs")
    }

    /// The rule as objects and reviews show it.
    var value: Value {
        var value: Value = ["verbs": .strings(verbs)]
        if !apiGroups.isEmpty { value["apiGroups"] = .strings(apiGroups) }
        if !resources.isEmpty { value["resources"] = .strings(resources) }
        if !resourceNames.isEmpty { value["resourceNames"] = .strings(resourceNames) }
        if !nonResourceURLs.isEmpty { value["nonResourceURLs"] = .strings(nonResourceURLs) }
        return value
    }

    /// Whether the rule allows that.
    func allows(_ attempt: Attempt) -> Bool {
        guard verbs.contains(where: { $0 == "*" || $0 == attempt.verb }) else { return false }
        if attempt.resource.isEmpty { return nonResourceURLs.contains { PolicyRule.covers($0, path: attempt.path) } }
        return apiGroups.contains { $0 == "*" || $0 == attempt.group }
            && resources.contains { PolicyRule.covers($0, resource: attempt.resource, attempt.subresource) }
            && (resourceNames.isEmpty || resourceNames.contains(attempt.name))
    }

    private static func covers(_ pattern: String, path: String) -> Bool {
        pattern == "*" || pattern == path || (pattern.hasSuffix("*") && path.hasPrefix(pattern.dropLast()))
    }

    /// `*`, `pods`, `pods/log` or `*/scale`
    private static func covers(_ pattern: String, resource: String, _ subresource: String) -> Bool {
        if pattern == "*" { return true }
        if subresource.isEmpty { return pattern == resource }
        return pattern == "\(resource)/\(subresource)" || pattern == "*/\(subresource)"
    }
}

// MARK: Covering (rbac's validation of escalations)

extension PolicyRule {
    /// The rules that allow one thing each and together allow what this one does.
    var parts: [PolicyRule] {
        var parts: [PolicyRule] = []
        for group in apiGroups {
            for resource in resources {
                for verb in verbs {
                    var part = PolicyRule()
                    part.verbs = [verb]
                    part.apiGroups = [group]
                    part.resources = [resource]
                    let names = resourceNames.isEmpty ? [[]] : resourceNames.map { [$0] }
                    for name in names {
                        part.resourceNames = name
                        parts.append(part)
                    }
                }
            }
        }
        for path in nonResourceURLs {
            for verb in verbs {
                var part = PolicyRule()
                part.verbs = [verb]
                part.nonResourceURLs = [path]
                parts.append(part)
            }
        }
        return parts
    }

    /// Whether this rule allows all that a part of another allows.
    func covers(_ part: PolicyRule) -> Bool {
        func all(_ wanted: [String], in own: [String]) -> Bool {
            own.contains("*") || wanted.allSatisfy(own.contains)
        }
        guard all(part.verbs, in: verbs), all(part.apiGroups, in: apiGroups) else { return false }
        guard part.resources.allSatisfy({ coversResource($0) }) else { return false }
        guard part.nonResourceURLs.allSatisfy({ path in nonResourceURLs.contains { Self.covers($0, path: path) } })
        else { return false }
        if part.resourceNames.isEmpty { return resourceNames.isEmpty }
        return resourceNames.isEmpty || part.resourceNames.allSatisfy(resourceNames.contains)
    }

    private func coversResource(_ wanted: String) -> Bool {
        if resources.contains(where: { $0 == "*" || $0 == wanted }) { return true }
        let words = wanted.split(separator: "/", maxSplits: 1)
        return words.count == 2 && resources.contains("*/\(words[1])")
    }

    /// What of the wanted rules the owned ones do not cover, in single parts.
    static func missing(_ wanted: [PolicyRule], from owned: [PolicyRule]) -> [PolicyRule] {
        wanted.flatMap(\.parts).filter { part in !owned.contains { $0.covers(part) } }
    }

    /// Rules that differ in their verbs alone become one.
    static func compacted(_ rules: [PolicyRule]) -> [PolicyRule] {
        var result: [PolicyRule] = []
        var places: [PolicyRule: Int] = [:]
        for rule in rules {
            var key = rule
            key.verbs = []
            if rule.nonResourceURLs.isEmpty, let place = places[key] {
                result[place].verbs += rule.verbs
            } else {
                places[key] = result.count
                result.append(rule)
            }
        }
        return result
    }

    /// `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`
    var compactText: String {
        let parts = [
            ("APIGroups", apiGroups), ("Resources", resources), ("NonResourceURLs", nonResourceURLs),
            ("ResourceNames", resourceNames), ("Verbs", verbs),
        ].filter { !$0.1.isEmpty }
        return "{" + parts.map { "\($0.0):\(Self.quoted($0.1))" }.joined(separator: ", ") + "}"
    }

    /// A list of strings as Go's `%q` prints it.
    static func quoted(_ list: [String]) -> String { "[" + list.map { "\"\($0)\"" }.joined(separator: " ") + "]" }
}
