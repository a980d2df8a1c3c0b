import API
import CEL
import Document
import Schema

/// Asks the rules of a CRD's schema about an object.
struct RuleEvaluation {
    private(set) var faults: [FieldError] = []
    private var budget = CELBudget.customResource
    private var isOver = false

    /// - Parameter old: what the object replaces; nil for a new one.
    static func faults(of object: Value, old: Value?, _ tree: RuleTree) -> [FieldError] {
        var evaluation = RuleEvaluation()
        evaluation.check(object, old, tree, "")
        return evaluation.faults
    }

    private mutating func check(_ value: Value, _ old: Value?, _ tree: RuleTree, _ path: String) {
        guard !isOver, !value.isNull else { return }
        for rule in tree.rules where !isOver { ask(rule, value, old, tree, path) }
        switch value {
        case .object(let object):
            for member in object {
                let before = old?[member.key]
                if let inner = tree.properties[member.key] {
                    check(
                        member.value, before, inner, path.isEmpty ? member.key.string : "\(path).\(member.key.string)")
                } else if let items = tree.items {
                    check(member.value, before, items, "\(path)[\(member.key.string)]")
                }
            }
        case .array(let elements):
            guard let items = tree.items else { return }
            for (index, element) in elements.enumerated() {
                check(element, counterpart(of: element, in: old, tree.listKeys), items, "\(path)[\(index)]")
            }
        default: return
        }
    }

    /// The element that this one was before, where the list's keys tell it.
    private func counterpart(of element: Value, in old: Value?, _ keys: [Text]?) -> Value? {
        guard let keys, let before = old?.array else { return nil }
        return before.first { candidate in keys.allSatisfy { candidate[$0] == element[$0] } }
    }

    private mutating func ask(_ rule: CustomRule, _ value: Value, _ old: Value?, _ tree: RuleTree, _ path: String) {
        var variables: [String: CELValue] = ["self": CELValue(value, tree.type, tree.association)]
        if rule.hasOptionalOld {
            variables["oldSelf"] = .optional(old.map { CELValue($0, tree.type, tree.association) })
        } else if rule.isTransition {
            guard let old else { return }
            variables["oldSelf"] = CELValue(old, tree.type, tree.association)
        } else if old == value {
            // What was accepted once and does not change may stay (KEP-4008, ratcheting).
            return
        }
        do throws(CELError) {
            guard try rule.program.evaluate(variables, &budget) != .bool(true) else { return }
            add(rule, path, shown(value, tree), message(rule, variables))
        } catch {
            fail(error, rule, tree, path)
        }
    }

    /// Tells why a rule could not be asked.
    private mutating func fail(_ error: CELError, _ rule: CustomRule, _ tree: RuleTree, _ path: String) {
        let detail: String
        if budget.total <= 0 {
            isOver = true
            detail = "validation failed due to running out of cost budget, no further validation rules will be run"
        } else if error == .outOfBudget {
            isOver = true
            detail =
                "'\(error.message)': no further validation rules will be run due to call cost exceeds limit for rule: "
                + rule.name
        } else if error.message.hasPrefix("no such overload") {
            detail =
                "'\(error.message)': call arguments did not match a supported operator, function or macro signature for "
                + "rule: \(rule.name)"
        } else {
            detail = "\(error.message) evaluating rule: \(rule.name)"
        }
        faults.append(FieldError(.invalid, place(path), value: .string(Text(tree.kind)), detail: detail))
    }

    /// The value where it is no list and no object, which would be too long.
    private func shown(_ value: Value, _ tree: RuleTree) -> Value? {
        tree.kind == "object" || tree.kind == "array" ? nil : value
    }

    /// How long a message may be that an expression makes.
    private static let longestMessage = 5 << 10

    private mutating func message(_ rule: CustomRule, _ variables: [String: CELValue]) -> String {
        if let program = rule.messageProgram {
            var rest = budget
            let made = try? program.evaluate(variables, &rest)
            budget = rest
            if case .string(let text)? = made {
                let text = CustomRule.trimmed(text)
                let isLine = !text.unicodeScalars.contains { $0 == "\n" || $0 == "\r" }
                if !text.isEmpty, isLine, text.utf8.count <= Self.longestMessage { return text }
            }
        }
        return rule.message.isEmpty ? "failed rule: \(rule.name)" : rule.name
    }

    private func place(_ path: String) -> String { path.isEmpty ? "<nil>" : path }

    private mutating func add(_ rule: CustomRule, _ path: String, _ value: Value?, _ detail: String) {
        var place = place(path)
        if !rule.fieldPath.isEmpty { place = path.isEmpty ? rule.fieldPath : "\(path).\(rule.fieldPath)" }
        let detail = rule.reason == .duplicate ? "" : detail
        faults.append(
            value.map { FieldError(rule.reason, place, value: $0, detail: detail) }
                ?? FieldError(rule.reason, place, shownValue: "", detail: detail))
    }
}

extension KubeAPI {
    /// What the rules of the resource's definition say against the object; nothing where the schema has refused it already.
    func ruleFaults(
        _ object: Value, old: Value?, _ resource: ServedResource, after faults: [FieldError]
    ) -> [FieldError] {
        if resource.resource.qualifiedName == KubeAPI.definitions {
            if let old, old["spec"] == object["spec"] { return [] }
            return RuleCompilation.faults(of: object, after: faults)
        }
        if let faults = PolicyCompilation.faults(of: object, old: old, resource.resource.qualifiedName) {
            return faults
        }
        guard let tree = resource.rules, !faults.contains(where: \.blocksRules) else { return [] }
        return RuleEvaluation.faults(of: object, old: old, tree)
    }
}
