import API
import Document

/// The rules of API priority and fairness (pkg/apis/flowcontrol/validation).
enum FlowControlRules {
    static let all: [String: Rules] = [
        "flowcontrol.apiserver.k8s.io/flowschemas": Rules(
            create: schema, update: keepsMandatory, status: { schema, _, faults in conditions(schema, &faults) }),
        "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": Rules(
            create: level, update: keepsMandatory, status: { level, _, faults in conditions(level, &faults) }),
    ]

    // MARK: Both

    private static func conditions(_ object: Value, _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, condition) in (object["status", "conditions"]?.array ?? []).enumerated() {
            let (type, path) = (condition["type"] ?? "", "status.conditions[\(index)].type")
            if !seen.insert(type).inserted { faults.duplicate(path, type) }
            if type == "" { faults.required(path, "must not be empty") }
        }
    }

    /// Every cluster has these, as they are.
    private static let keepsMandatory: Rules.Update = { object, old, faults in
        guard ["exempt", "catch-all"].contains(object.name), object["spec"] != old["spec"] else { return }
        var (new, before) = (object["spec"] ?? [:], old["spec"] ?? [:])
        let isLevel = object.kind == "PriorityLevelConfiguration"
        let mayShare = isLevel && object.name == "exempt"
        if mayShare { (new["exempt"], before["exempt"]) = (nil, nil) }
        guard new != before else { return }
        let type = isLevel ? "PriorityLevelConfigurationSpec" : "FlowSchemaSpec"
        let except = mayShare ? " except the 'spec.exempt' field" : ""
        faults.invalid(
            "spec", shown: GoDump.shown(type, object["spec"] ?? [:], of: "flowcontrol"),
            "spec of '\(object.name)'\(except) must equal the fixed value")
    }

    // MARK: Schemas

    private static let schema: Rules.Create = { schema, faults in
        let spec = schema["spec"] ?? [:]
        let (precedence, path) = (spec["matchingPrecedence"]?.int ?? 0, "spec.matchingPrecedence")
        if precedence <= 0 { faults.invalid(path, .int(precedence), "must be a positive value") }
        if precedence > 10_000 { faults.invalid(path, .int(precedence), "must not be greater than 10000") }
        if precedence == 1, schema.name != "exempt" {
            faults.invalid(
                path, .int(precedence), "only the schema named 'exempt' may have matchingPrecedence 1")
        }
        let methods = ["ByNamespace", "ByUser"]
        if let method = spec["distinguisherMethod"], !method.isNull,
            !methods.contains(method["type"]?.string ?? "")
        {
            let shown = GoDump.shown("FlowDistinguisherMethod", method, of: "flowcontrol")
            faults.unsupported("spec.distinguisherMethod.type", shown: shown, methods)
        }
        let level = spec["priorityLevelConfiguration", "name"]?.string ?? ""
        if level.isEmpty {
            faults.required("spec.priorityLevelConfiguration.name", "must reference a priority level")
        } else {
            faults.invalid(
                "spec.priorityLevelConfiguration.name", .string(level), all: Names.subdomain(level))
        }
        for (index, rule) in (spec["rules"]?.array ?? []).enumerated() {
            checkRule(rule, "spec.rules[\(index)]", &faults)
        }
        conditions(schema, &faults)
    }

    private static func checkRule(_ rule: Value, _ path: String, _ faults: inout Faults) {
        let subjects = rule["subjects"]?.array ?? []
        if subjects.isEmpty { faults.required("\(path).subjects", "subjects must contain at least one value") }
        for (index, subject) in subjects.enumerated() {
            checkSubject(subject, "\(path).subjects[\(index)]", &faults)
        }
        let (resources, others) = (rule["resourceRules"]?.array ?? [], rule["nonResourceRules"]?.array ?? [])
        if resources.isEmpty, others.isEmpty {
            faults.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty")
        }
        for (index, rule) in resources.enumerated() {
            checkResources(rule, "\(path).resourceRules[\(index)]", &faults)
        }
        for (index, rule) in others.enumerated() {
            let path = "\(path).nonResourceRules[\(index)]"
            checkVerbs(rule, path, &faults)
            checkURLs(rule["nonResourceURLs"]?.array ?? [], "\(path).nonResourceURLs", &faults)
        }
    }

    private static func checkSubject(_ subject: Value, _ path: String, _ faults: inout Faults) {
        let kinds: [(kind: String, field: Text)] = [
            ("ServiceAccount", "serviceAccount"), ("User", "user"), ("Group", "group"),
        ]
        guard let wanted = kinds.first(where: { $0.kind == subject["kind"]?.string }) else {
            return faults.unsupported("\(path).kind", subject["kind"] ?? "", ["Group", "ServiceAccount", "User"])
        }
        let field = "\(path).\(wanted.field)"
        if let value = subject[wanted.field], !value.isNull {
            checkName(value, wanted.kind, field, &faults)
        } else {
            faults.required(field, "\(wanted.field) is required when subject kind is '\(wanted.kind)'")
        }
        for other in kinds where other.kind != wanted.kind && subject.has(other.field) {
            faults.forbidden(
                "\(path).\(other.field)", "\(other.field) is forbidden when subject kind is not '\(other.kind)'")
        }
    }

    private static func checkName(_ subject: Value, _ kind: String, _ path: String, _ faults: inout Faults) {
        let name = subject["name"]?.string ?? ""
        if name.isEmpty { faults.required("\(path).name") }
        guard kind == "ServiceAccount" else { return }
        if !name.isEmpty, name != "*" { faults.invalid("\(path).name", .string(name), all: Names.subdomain(name)) }
        let namespace = subject["namespace"]?.string ?? ""
        if namespace.isEmpty {
            faults.required("\(path).namespace", "must specify namespace for service account")
        } else {
            faults.invalid("\(path).namespace", .string(namespace), all: Names.label(namespace))
        }
    }

    private static let verbs = [
        "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch",
    ]

    private static func checkVerbs(_ rule: Value, _ path: String, _ faults: inout Faults) {
        let list = rule["verbs"]?.array ?? []
        if list.isEmpty {
            faults.required("\(path).verbs", "verbs must contain at least one value")
        } else if list.contains("*") {
            checkStar(list, "verbs", "\(path).verbs", &faults)
        } else if !list.allSatisfy({ verbs.contains($0.string ?? "") }) {
            faults.unsupported("\(path).verbs", .array(list), verbs)
        }
    }

    private static func checkStar(_ list: [Value], _ name: String, _ path: String, _ faults: inout Faults) {
        if list.count > 1, list.contains("*") {
            faults.invalid(path, .array(list), "if '*' is present, must not specify other \(name)")
        }
    }

    private static func checkResources(_ rule: Value, _ path: String, _ faults: inout Faults) {
        checkVerbs(rule, path, &faults)
        for (key, one, name) in [("apiGroups", "api group", "api groups"), ("resources", "resource", "resources")] {
            let list = rule[Text(key)]?.array ?? []
            if list.isEmpty { faults.required("\(path).\(key)", "resource rules must supply at least one \(one)") }
            checkStar(list, name, "\(path).\(key)", &faults)
        }
        let namespaces = rule["namespaces"]?.array ?? []
        if namespaces.isEmpty, rule["clusterScope"] != true {
            faults.required(
                "\(path).namespaces",
                "resource rules that are not cluster scoped must supply at least one namespace")
        }
        checkStar(namespaces, "namespaces", "\(path).namespaces", &faults)
        guard !namespaces.contains("*") else { return }
        for (index, namespace) in namespaces.enumerated() {
            let words = Names.label(namespace.string ?? "").map {
                "each member of this list must be '*' or a DNS-1123 label; \($0)"
            }
            faults.invalid("\(path).namespaces[\(index)]", namespace, all: words)
        }
    }

    private static func checkURLs(_ urls: [Value], _ path: String, _ faults: inout Faults) {
        if urls.isEmpty { return faults.required(path, "nonResourceURLs must contain at least one value") }
        if urls.contains("*") { return checkStar(urls, "non-resource URLs", path, &faults) }
        for (index, url) in urls.enumerated() {
            guard let words = fault(ofURL: url.string ?? "") else { continue }
            faults.invalid("\(path)[\(index)]", url, words)
        }
    }

    private static func fault(ofURL path: String) -> String? {
        if path.isEmpty { return "must not be empty" }
        if path == "/" { return nil }
        if !path.hasPrefix("/") { return "must start with slash" }
        if path.contains(" ") { return "must not contain white-space" }
        if path.contains("//") { return "must not contain double slash" }
        let stars = path.filter { $0 == "*" }.count
        return stars > 1 || stars == 1 && !path.hasSuffix("/*") ? "wildcard can only do suffix matching" : nil
    }

    // MARK: Levels

    private static let level: Rules.Create = { level, faults in
        let spec = level["spec"] ?? [:]
        let type = spec["type"] ?? ""
        if (level.name == "exempt") != (type == "Exempt") {
            faults.invalid("spec.type", type, "type must be 'Exempt' if and only if name is 'exempt'")
        }
        switch type {
        case "Exempt":
            if spec.has("limited") {
                faults.forbidden("spec.limited", "must be nil if the type is not Limited")
            }
            checkShares(spec["exempt"] ?? [:], "spec.exempt", &faults)
            checkShare(spec["exempt"] ?? [:], "spec.exempt", &faults)
        case "Limited":
            if spec.has("exempt") { faults.forbidden("spec.exempt", "must be nil if the type is Limited") }
            if let limited = spec["limited"], !limited.isNull {
                checkLimited(limited, "spec.limited", &faults)
            } else {
                faults.required("spec.limited", "must not be empty when type is Limited")
            }
        default: faults.unsupported("spec.type", type, ["Exempt", "Limited"])
        }
        conditions(level, &faults)
    }

    private static func checkShares(_ part: Value, _ path: String, _ faults: inout Faults) {
        guard let shares = part["nominalConcurrencyShares"]?.int, shares < 0 else { return }
        faults.invalid("\(path).nominalConcurrencyShares", .int(shares), "must be a non-negative integer")
    }

    private static func checkShare(_ part: Value, _ path: String, _ faults: inout Faults) {
        guard let percent = part["lendablePercent"]?.int, !(0...100).contains(percent) else { return }
        faults.invalid("\(path).lendablePercent", .int(percent), "must be between 0 and 100, inclusive")
    }

    private static func checkLimited(_ limited: Value, _ path: String, _ faults: inout Faults) {
        checkShares(limited, path, &faults)
        checkResponse(limited["limitResponse"] ?? [:], "\(path).limitResponse", &faults)
        checkShare(limited, path, &faults)
        if let percent = limited["borrowingLimitPercent"]?.int, percent < 0 {
            faults.invalid(
                "\(path).borrowingLimitPercent", .int(percent), "if specified, must be a non-negative integer")
        }
    }

    private static func checkResponse(_ response: Value, _ path: String, _ faults: inout Faults) {
        switch response["type"]?.string ?? "" {
        case "Reject":
            if response.has("queuing") {
                faults.forbidden(
                    "\(path).queuing", "must be nil if limited.limitResponse.type is not Limited")
            }
        case "Queue":
            if let queuing = response["queuing"], !queuing.isNull {
                checkQueuing(queuing, "\(path).queuing", &faults)
            } else {
                faults.required(
                    "\(path).queuing", "must not be empty if limited.limitResponse.type is Limited")
            }
        default: faults.unsupported("\(path).type", response["type"] ?? "", ["Queue", "Reject"])
        }
    }

    private static let mostQueues = 10_000_000

    private static func checkQueuing(_ queuing: Value, _ path: String, _ faults: inout Faults) {
        let number = { (key: Text) in queuing[key]?.int ?? 0 }
        let (length, queues, hand) = (number("queueLengthLimit"), number("queues"), number("handSize"))
        if length <= 0 { faults.invalid("\(path).queueLengthLimit", .int(length), "must be positive") }
        if queues <= 0 {
            faults.invalid("\(path).queues", .int(queues), "must be positive")
        } else if queues > mostQueues {
            faults.invalid("\(path).queues", .int(queues), "must not be greater than \(mostQueues)")
        }
        if hand <= 0 {
            faults.invalid("\(path).handSize", .int(hand), "must be positive")
        } else if hand > queues {
            faults.invalid("\(path).handSize", .int(hand), "should not be greater than queues (\(queues))")
        } else if !fitsHash(queues, hand) {
            faults.invalid(
                "\(path).handSize", .int(hand),
                "required entropy bits of deckSize \(queues) and handSize \(hand) should not be greater than 60")
        }
    }

    /// Whether all ways to deal a hand can be told apart by sixty bits (shufflesharding.RequiredEntropyBits).
    private static func fitsHash(_ queues: Int, _ hand: Int) -> Bool {
        var ways = 1.0
        for card in 0..<min(hand, 64) { ways *= Double(queues - card) }
        return ways <= 0x1p60 && hand <= 64
    }
}
