import API
import Document

/// Reads the default roles and bindings out of their text.
struct DefaultRoles {
    private static let group = "rbac.authorization.k8s.io"
    private static let manager = "kube-apiserver"
    private var finished: [Value] = []
    private var rules: [Value] = []
    private var current: Value?

    /// The objects.
    static func objects() -> [StartObject] {
        var reader = DefaultRoles()
        for line in lines { reader.take(line.split(separator: " ").map(String.init)) }
        reader.finish()
        return reader.finished.map { object in
            let plural = (object.kind.lowercased() + "s")
            let resource = GroupVersionResource(group: group, version: "v1", resource: plural)
            return StartObject(resource, object, manager: manager, isReconciled: true)
        }
    }

    /// The lines with those joined that continue another.
    private static var lines: [String] {
        var result: [String] = []
        for line in DefaultRoleText.text.split(separator: "\n") {
            guard line.hasPrefix("    "), let last = result.popLast() else {
                result.append(String(line))
                continue
            }
            result.append(last + (last.hasSuffix(",") ? "" : " ") + line.dropFirst(4))
        }
        return result
    }

    private mutating func take(_ words: [String]) {
        switch words[0] {
        case "cluster":
            finish()
            current = Self.object("ClusterRole", words[1])
            for word in words.dropFirst(2) where word.hasPrefix("to=") {
                current?["metadata", "labels", Self.gathering(String(word.dropFirst(3)))] = "true"
            }
            if words[1].hasPrefix("system:controller:") {
                let account = "account:kube-system/\(words[1].dropFirst("system:controller:".count))"
                bind("ClusterRoleBinding", words[1], to: ("ClusterRole", words[1]), [account])
            }
        case "role":
            finish()
            current = Self.object("Role", words[2], namespace: words[1])
        case "gathers":
            current?["aggregationRule"] = [
                "clusterRoleSelectors": [["matchLabels": .object([Self.gathering(words[1]): "true"])]]
            ]
        case "bind":
            finish()
            bind("ClusterRoleBinding", words[1], to: ("ClusterRole", words[1]), Array(words.dropFirst(2)))
        case "bind-in":
            finish()
            bind("RoleBinding", words[2], in: words[1], to: ("Role", words[3]), Array(words.dropFirst(4)))
        default: rules.append(Self.rule(words))
        }
    }

    private mutating func finish() {
        guard var role = current else { return }
        role["rules"] = rules.isEmpty ? .null : .array(rules)
        finished.append(role)
        current = nil
        rules = []
    }

    private mutating func bind(
        _ kind: String, _ name: String, in namespace: String = "", to role: (kind: String, name: String),
        _ subjects: [String]
    ) {
        var binding = Self.object(kind, name, namespace: namespace)
        if !subjects.isEmpty { binding["subjects"] = .array(subjects.map(Self.subject)) }
        binding["roleRef"] = [
            "apiGroup": .string(Self.group), "kind": .string(role.kind), "name": .string(role.name),
        ]
        finished.append(binding)
    }

    private static func object(_ kind: String, _ name: String, namespace: String = "") -> Value {
        var object: Value = [
            "apiVersion": .string("\(group)/v1"), "kind": .string(kind),
            "metadata": [
                "name": .string(name), "labels": ["kubernetes.io/bootstrapping": "rbac-defaults"],
                "annotations": ["rbac.authorization.kubernetes.io/autoupdate": "true"],
            ],
        ]
        if !namespace.isEmpty { object.namespace = namespace }
        return object
    }

    private static func gathering(_ role: String) -> Text { Text("\(group)/aggregate-to-\(role)") }

    /// `user:NAME`, `group:NAME` or `account:NAMESPACE/NAME`
    private static func subject(_ word: String) -> Value {
        let kind = word.prefix { $0 != ":" }
        let name = String(word.dropFirst(kind.count + 1))
        if kind == "account" {
            let parts = name.split(separator: "/").map(String.init)
            return ["kind": "ServiceAccount", "name": .string(parts[1]), "namespace": .string(parts[0])]
        }
        return [
            "kind": kind == "user" ? "User" : "Group", "apiGroup": .string(group), "name": .string(name),
        ]
    }

    private static let sets = [
        "read": "get,list,watch", "write": "create,delete,deletecollection,patch,update",
        "full": "create,delete,deletecollection,get,list,patch,update,watch",
    ]

    private static func rule(_ words: [String]) -> Value {
        func list(_ text: String) -> Value {
            .array(text.split(separator: ",").map { .string($0 == "core" ? "" : String($0)) })
        }
        let verbs = list(sets[words[0]] ?? words[0])
        if words[1] == "url" { return ["verbs": verbs, "nonResourceURLs": list(words[2])] }
        var rule: Value = ["verbs": verbs, "apiGroups": list(words[1]), "resources": list(words[2])]
        if words.count > 3 { rule["resourceNames"] = list(words[3]) }
        return rule
    }
}
