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
            add(rule, path, message(rule, variables))
        } catch {
            let shown = rule.message.isEmpty ? rule.text : rule.message
            add(rule, path, "\(error.message) evaluating rule: \(shown)")
        }
        guard budget.total <= 0 else { return }
        isOver = true
        faults.append(
            FieldError(
                .invalid, place(path), shownValue: "",
                detail: "validation failed due to running out of cost budget, no further validation rules will be run"))
    }

    private mutating func message(_ rule: CustomRule, _ variables: [String: CELValue]) -> String {
        if let program = rule.messageProgram {
            var rest = budget
            let made = try? program.evaluate(variables, &rest)
            budget = rest
            if case .string(let text)? = made, text.contains(where: { !$0.isWhitespace }), !text.contains("\n") {
                return text
            }
        }
        return rule.message.isEmpty ? "failed rule: \(rule.text)" : rule.message
    }

    private func place(_ path: String) -> String { path.isEmpty ? "<nil>" : path }

    private mutating func add(_ rule: CustomRule, _ path: String, _ detail: String) {
        var place = place(path)
        if !rule.fieldPath.isEmpty {
            place =
                path.isEmpty && rule.fieldPath.hasPrefix(".")
                ? String(rule.fieldPath.dropFirst()) : path + rule.fieldPath
        }
        faults.append(FieldError(rule.reason, place, shownValue: "", detail: detail))
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
        guard let tree = resource.rules, !faults.contains(where: \.blocksRules) else { return [] }
        return RuleEvaluation.faults(of: object, old: old, tree)
    }
}
