import API
import Document

/// Which of a Job's pods may fail, and which have to succeed (pkg/apis/batch/validation).
enum JobPolicyRules {
    private static let (manyCompletions, mostIndexes) = (100_000, 100_000)
    private static let mostAtManyCompletions = 10_000
    private static let (mostRules, mostExitCodes, mostPatterns) = (20, 255, 20)
    private static let longestIndexes = 64 * 1024

    // MARK: Indexes

    static func checkIndexes(_ spec: Value, _ path: String, _ faults: inout Faults) {
        if spec.has("maxFailedIndexes"), !spec.has("backoffLimitPerIndex") {
            faults.required("\(path).backoffLimitPerIndex", "when maxFailedIndexes is specified")
        }
        if spec.has("managedBy") {
            let manager = spec["managedBy"]?.string ?? ""
            faults.checkDomainPath(manager, "\(path).managedBy")
            if manager.utf8.count > 63 { faults.tooLong("\(path).managedBy", 63) }
        }
        if spec.has("completionMode") {
            faults.check(spec["completionMode"], in: ["Indexed", "NonIndexed"], "\(path).completionMode")
        }
        if spec["completionMode"] == "Indexed" {
            checkCounts(spec, path, &faults)
        } else if !spec.has("completionMode") || spec["completionMode"] == "NonIndexed" {
            for key: Text in ["backoffLimitPerIndex", "maxFailedIndexes"] where spec.has(key) {
                faults.invalid("\(path).\(key)", spec[key], "requires indexed completion mode")
            }
        }
    }

    private static func checkCounts(_ spec: Value, _ path: String, _ faults: inout Faults) {
        let (all, failed) = (spec["completions"]?.int, spec["maxFailedIndexes"]?.int)
        if all == nil { faults.required("\(path).completions", "when completion mode is Indexed") }
        func limit(_ key: Text, _ most: Int, _ condition: String = "") {
            guard let number = spec[key]?.int, number > most else { return }
            faults.invalid("\(path).\(key)", .int(number), "must be less than or equal to \(most)\(condition)")
        }
        limit("parallelism", mostIndexes, " when completion mode is Indexed")
        if let all, let failed, failed > all {
            faults.invalid("\(path).maxFailedIndexes", .int(failed), "must be less than or equal to completions")
        }
        limit("maxFailedIndexes", mostIndexes)
        guard let all, all > manyCompletions, spec.has("backoffLimitPerIndex") else { return }
        if failed == nil {
            faults.required(
                "\(path).maxFailedIndexes", "must be specified when completions is above \(manyCompletions)")
        }
        let condition = " when completions are above \(manyCompletions) and used with backoff limit per index"
        for key: Text in ["parallelism", "maxFailedIndexes"] { limit(key, mostAtManyCompletions, condition) }
    }

    // MARK: Policies

    static func check(_ spec: Value, _ path: String, _ faults: inout Faults) {
        if let policy = spec["podFailurePolicy"], !policy.isNull {
            let (rules, path) = (policy["rules"]?.array ?? [], "\(path).podFailurePolicy.rules")
            if rules.count > mostRules { faults.tooMany(path, rules.count, mostRules) }
            for (index, rule) in rules.enumerated() { checkFailure(rule, spec, "\(path)[\(index)]", &faults) }
        }
        guard let policy = spec["successPolicy"], !policy.isNull else { return }
        guard spec["completionMode"] == "Indexed" else {
            let shown = GoDump.shown("SuccessPolicy", policy, of: "batch")
            return faults.invalid("\(path).successPolicy", shown: shown, "requires indexed completion mode")
        }
        let (rules, rulesPath) = (policy["rules"]?.array ?? [], "\(path).successPolicy.rules")
        if rules.isEmpty {
            faults.required(rulesPath, "at least one rules must be specified when the successPolicy is specified")
        }
        if rules.count > mostRules { faults.tooMany(rulesPath, rules.count, mostRules) }
        let all = spec["completions"]?.int ?? 0
        for (index, rule) in rules.enumerated() { checkSuccess(rule, all, "\(rulesPath)[\(index)]", &faults) }
    }

    private static func checkFailure(_ rule: Value, _ spec: Value, _ path: String, _ faults: inout Faults) {
        if rule["action"] == "FailIndex" {
            if !spec.has("backoffLimitPerIndex") {
                faults.invalid("\(path).action", rule["action"], "requires the backoffLimitPerIndex to be set")
            }
        } else {
            checkChoice(rule["action"], of: ["Count", "FailIndex", "FailJob", "Ignore"], "\(path).action", &faults)
        }
        let conditions = rule["onPodConditions"]?.array ?? []
        if let codes = rule["onExitCodes"], !codes.isNull {
            checkExitCodes(codes, spec["template", "spec"] ?? [:], "\(path).onExitCodes", &faults)
        }
        checkConditions(conditions, "\(path).onPodConditions", &faults)
        switch (rule.has("onExitCodes"), !conditions.isEmpty) {
        case (true, true):
            faults.invalid(path, shown: "", "specifying both OnExitCodes and OnPodConditions is not supported")
        case (false, false):
            faults.invalid(path, shown: "", "specifying one of OnExitCodes and OnPodConditions is required")
        default: break
        }
    }

    /// A value that has to be there, and one of these.
    private static func checkChoice(_ value: Value?, of all: [String], _ path: String, _ faults: inout Faults) {
        if (value?.string ?? "").isEmpty {
            let list = all.map { "\"\($0)\"" }.joined(separator: " ")
            faults.required(path, "valid values: [\(list)]")
        } else {
            faults.check(value, in: all, path)
        }
    }

    private static func checkExitCodes(_ codes: Value, _ pod: Value, _ path: String, _ faults: inout Faults) {
        checkChoice(codes["operator"], of: ["In", "NotIn"], "\(path).operator", &faults)
        let containers = (["containers", "initContainers"] as [Text]).flatMap { pod[$0]?.array ?? [] }
        if let name = codes["containerName"], !name.isNull, !containers.contains(where: { $0["name"] == name }) {
            faults.invalid(
                "\(path).containerName", name,
                "must be one of the container or initContainer names in the pod template")
        }
        let values = codes["values"]?.array ?? []
        if values.isEmpty { faults.invalid("\(path).values", codes["values"], "at least one value is required") }
        if values.count > mostExitCodes { faults.tooMany("\(path).values", values.count, mostExitCodes) }
        var seen: Set<Value> = []
        for (index, value) in values.enumerated() {
            if codes["operator"] == "In", value.int == 0 {
                faults.invalid("\(path).values[\(index)]", value, "must not be 0 for the In operator")
            }
            if !seen.insert(value).inserted { faults.duplicate("\(path).values[\(index)]", value) }
        }
        let numbers = values.compactMap(\.int)
        if zip(numbers, numbers.dropFirst()).contains(where: { $0 > $1 }) {
            faults.invalid("\(path).values", .array(values), "must be ordered")
        }
    }

    private static func checkConditions(_ patterns: [Value], _ path: String, _ faults: inout Faults) {
        if patterns.count > mostPatterns { faults.tooMany(path, patterns.count, mostPatterns) }
        for (index, pattern) in patterns.enumerated() {
            let type = pattern["type"]?.string ?? ""
            faults.invalid("\(path)[\(index)].type", .string(Text(type)), all: Names.qualified(type))
            checkChoice(pattern["status"], of: ["False", "True", "Unknown"], "\(path)[\(index)].status", &faults)
        }
    }

    private static func checkSuccess(_ rule: Value, _ all: Int, _ path: String, _ faults: inout Faults) {
        if !rule.has("succeededCount"), !rule.has("succeededIndexes") {
            faults.required(path, "at least one of succeededCount or succeededIndexes must be specified")
        }
        var total = 0
        if let text = rule["succeededIndexes"]?.string {
            let path = "\(path).succeededIndexes"
            if text.utf8.count > longestIndexes { faults.tooLong(path, longestIndexes) }
            switch JobIndexes.read(text, of: all) {
            case .success(let ranges): total = ranges.reduce(0) { $0 + $1.count }
            case .failure(let fault):
                faults.invalid(path, .string(Text(text)), "error parsing succeededIndexes: \(fault.text)")
            }
        }
        guard let count = rule["succeededCount"]?.int else { return }
        let field = "\(path).succeededCount"
        faults.checkNotNegative(.int(count), field)
        func limit(_ most: Int, _ meaning: String) {
            if count > most { faults.invalid(field, .int(count), "must be less than or equal to \(most) (\(meaning))") }
        }
        limit(all, "the number of specified completions")
        if rule.has("succeededIndexes") {
            limit(total, "the number of indexes in the specified succeededIndexes field")
        }
    }
}

/// The indexes of a Job as text: `1,3-5,7`.
enum JobIndexes {
    struct Fault: Error { let text: String }

    /// The indexes in rising order, or why the text has none (validateIndexesFormat).
    static func read(_ text: String, of completions: Int) -> Result<[ClosedRange<Int>], Fault> {
        var ranges: [ClosedRange<Int>] = []
        guard !text.isEmpty else { return .success([]) }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            switch range(part, of: completions) {
            case .failure(let fault): return .failure(fault)
            case .success(let range):
                if let last = ranges.last?.upperBound, last >= range.lowerBound {
                    return .failure(unordered(last, range.lowerBound))
                }
                ranges.append(range)
            }
        }
        return .success(ranges)
    }

    private static func unordered(_ previous: Int, _ current: Int) -> Fault {
        Fault(text: "non-increasing order, previous: \(previous), current: \(current)")
    }

    private static func range(_ part: Substring, of completions: Int) -> Result<ClosedRange<Int>, Fault> {
        let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2 else {
            return .failure(
                Fault(
                    text:
                        "the fragment \"\(part)\" violates the requirement that an index interval can have at most two "
                        + "parts separated by '-'"))
        }
        var numbers: [Int] = []
        for end in ends {
            guard let number = Int(end) else {
                return .failure(Fault(text: "cannot convert string to integer for index: \"\(end)\""))
            }
            if number >= completions { return .failure(Fault(text: "too large index: \"\(end)\"")) }
            numbers.append(number)
        }
        let (first, last) = (numbers[0], numbers[numbers.count - 1])
        if numbers.count == 2, first >= last { return .failure(unordered(first, last)) }
        return .success(first...last)
    }

    /// The first index that two texts share; what is not in order in them is told of elsewhere.
    static func overlap(_ one: String, _ other: String, of completions: Int) -> Int? {
        func ranges(_ text: String) -> [ClosedRange<Int>] {
            text.split(separator: ",", omittingEmptySubsequences: false)
                .compactMap { try? range($0, of: completions).get() }
        }
        var (left, right) = (ranges(one)[...], ranges(other)[...])
        while let a = left.first, let b = right.first {
            if a.overlaps(b) { return max(a.lowerBound, b.lowerBound) }
            if a.lowerBound <= b.lowerBound { left.removeFirst() } else { right.removeFirst() }
        }
        return nil
    }
}
