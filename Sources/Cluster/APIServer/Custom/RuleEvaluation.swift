import API
import CEL
import Document
import Schema

/// Asks the rules of a CRD's schema about an object (apiextensions-apiserver/pkg/apiserver/schema/cel).
struct RuleEvaluation {
    private(set) var faults: [FieldError] = []
    /// What is wrong with parts that did not change.
    private(set) var warnings: [String] = []
    private var budget = CELBudget.customResource
    private var isOver = false

    /// What did not change may stay (KEP-4008, ratcheting).
    private struct Ratchet {
        /// Nil where nobody can tell what the value was.
        var current: Correlation?
        /// What stands around it, of which it is known.
        var parent: Correlation?

        var holds: Bool { (current ?? parent)?.isEqual ?? false }

        func key(_ name: Text) -> Ratchet {
            guard let current else { return self }
            // What version an object was in is not known: both states are of one.
            if parent == nil, name == "apiVersion" || name == "kind" { return Ratchet() }
            return Ratchet(current: current.key(name), parent: current)
        }

        func index(_ index: Int) -> Ratchet {
            guard let current else { return self }
            return Ratchet(current: current.index(index), parent: current)
        }
    }

    /// - Parameters:
    ///   - old: what the object replaces; nil for a new one.
    ///   - correlation: which parts of both are the same; nil where nothing may stay.
    ///   - path: where the object stands; empty for a whole one.
    init(_ object: Value, old: Value?, _ tree: RuleTree, correlation: Correlation?, at path: String = "") {
        check(object, old, tree, path, Ratchet(current: correlation))
    }

    private mutating func check(_ value: Value, _ old: Value?, _ tree: RuleTree, _ path: String, _ ratchet: Ratchet) {
        guard !isOver, !value.isNull else { return }
        let old = old?.isNull == true ? nil : old
        for fault in tree.faults { add(.invalid, path, tree.shownType, "rule compile error: \(fault)") }
        for rule in tree.rules where !isOver { ask(rule, value, old, tree, path, ratchet) }
        switch value {
        case .object(let object):
            for member in object {
                let before = old?[member.key]
                if let inner = tree.properties[member.key] {
                    let path = path.isEmpty ? member.key.string : "\(path).\(member.key.string)"
                    check(member.value, before, inner, path, ratchet.key(member.key))
                } else if let items = tree.items {
                    check(member.value, before, items, "\(path)[\(member.key.string)]", ratchet.key(member.key))
                }
            }
        case .array(let elements):
            guard let items = tree.items else { return }
            for (index, element) in elements.enumerated() {
                let before = counterpart(of: element, in: old, tree.listKeys)
                check(element, before, items, "\(path)[\(index)]", ratchet.index(index))
            }
        default: return
        }
    }

    /// The element that this one was before, where the list's keys tell it.
    private func counterpart(of element: Value, in old: Value?, _ keys: [Text]?) -> Value? {
        guard let keys, let before = old?.array else { return nil }
        return before.first { candidate in keys.allSatisfy { candidate[$0] == element[$0] } }
    }

    private mutating func ask(
        _ rule: CustomRule, _ value: Value, _ old: Value?, _ tree: RuleTree, _ path: String, _ ratchet: Ratchet
    ) {
        if rule.isTransition, old == nil, !rule.hasOptionalOld { return }
        var variables: [String: CELValue] = ["self": CELValue(value, tree.type, tree.association)]
        let before = old.map { CELValue($0, tree.type, tree.association) }
        variables["oldSelf"] = rule.hasOptionalOld ? .optional(before) : before
        do throws(CELError) {
            let answer = try rule.program.evaluate(variables, &budget)
            if budget.total < 0 { return stop(path, tree) }
            if answer != .bool(true) { refuse(rule, value, tree, path, variables, ratchet) }
        } catch {
            if budget.total < 0 { return stop(path, tree) }
            let place = rule.shown
            switch error {
            case .outOfBudget:
                isOver = true
                add(
                    .invalid, path, tree.shownType,
                    "'\(error.message)': no further validation rules will be run due to call cost exceeds limit for rule: "
                        + place)
            case let error where error.message.hasPrefix("no such overload"):
                add(
                    .invalid, path, tree.shownType,
                    "'\(error.message)': call arguments did not match a supported operator, function or macro signature "
                        + "for rule: \(place)")
            default: add(.invalid, path, tree.shownType, "\(error.message) evaluating rule: \(place)")
            }
        }
    }

    private mutating func stop(_ path: String, _ tree: RuleTree) {
        isOver = true
        add(
            .invalid, path, tree.shownType,
            "validation failed due to running out of cost budget, no further validation rules will be run")
    }

    /// Tells that a rule does not hold.
    private mutating func refuse(
        _ rule: CustomRule, _ value: Value, _ tree: RuleTree, _ path: String, _ variables: [String: CELValue],
        _ ratchet: Ratchet
    ) {
        var path = path
        if !rule.fieldPath.isEmpty { path = path.isEmpty ? rule.fieldPath : "\(path).\(rule.fieldPath)" }
        let place = path.isEmpty ? "<nil>" : path
        let detail = message(rule, variables)
        var error = FieldError(rule.reason, place, shownValue: "", detail: detail)
        if !tree.isCompound { error = FieldError(rule.reason, place, value: value, detail: detail) }
        if rule.reason == .duplicate { error.detail = "" }
        if !rule.isTransition, ratchet.holds {
            warnings.append(error.description)
        } else {
            faults.append(error)
        }
    }

    private mutating func message(_ rule: CustomRule, _ variables: [String: CELValue]) -> String {
        if let program = rule.messageProgram {
            var rest = budget
            let made = try? program.evaluate(variables, &rest)
            budget = rest
            if case .string(let text)? = made {
                let text = text.trimmed
                let isLine = !text.unicodeScalars.contains { $0 == "\n" || $0 == "\r" }
                if !text.isEmpty, isLine, text.utf8.count <= RuleEvaluation.longestMessage { return text }
            }
        }
        return rule.message.isEmpty ? "failed rule: \(rule.shown)" : rule.shown
    }

    /// In bytes (apiserver/pkg/apis/cel).
    private static let longestMessage = 5 * 1024

    private mutating func add(_ kind: FieldError.Kind, _ path: String, _ shownValue: String, _ detail: String) {
        faults.append(FieldError(kind, path.isEmpty ? "<nil>" : path, shownValue: shownValue, detail: detail))
    }
}

extension String {
    /// Without white space around it, as Go's strings.TrimSpace takes it away.
    var trimmed: String {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...last].drop(while: \.isWhitespace))
    }
}

/// The expression language, for the rules of definitions.
struct RuleLanguage: SchemaLanguage {
    func faults(of schema: Value, at place: String, after known: [FieldError], isKept: Bool) -> [FieldError] {
        RuleCompilation.faults(of: schema, at: place, after: known, isKept: isKept)
    }

    /// Of a default is asked as of what does not change, and as of what is new.
    func faults(ofDefault value: Value, _ schema: Value, at place: String, isRoot: Bool) -> [FieldError] {
        guard let tree = RuleTree(schema, isRoot: isRoot) else { return [] }
        let faults = RuleEvaluation(value, old: value, tree, correlation: nil, at: place).faults
        return faults.isEmpty ? RuleEvaluation(value, old: nil, tree, correlation: nil, at: place).faults : faults
    }
}

extension KubeAPI {
    /// What the rules of the resource's definition say against the object, and what they say against parts of it that did
    /// not change; nothing where the schema has refused it already.
    func asked(
        _ object: Value, old: Value?, _ resource: ServedResource, after faults: [FieldError]
    ) -> (faults: [FieldError], warnings: [String]) {
        if let faults = PolicyCompilation.faults(of: object, old: old, resource.resource.qualifiedName) {
            return (faults, [])
        }
        guard let tree = resource.rules, !faults.contains(where: \.blocksRules) else { return ([], []) }
        let correlation = old.flatMap { resource.resource.correlation(object, $0) }
        let evaluation = RuleEvaluation(object, old: old, tree, correlation: correlation)
        return (evaluation.faults, evaluation.warnings)
    }
}
