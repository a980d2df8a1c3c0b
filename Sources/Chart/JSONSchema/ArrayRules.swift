import Document

/// The keywords that ask something of arrays.
struct ArrayRules: Sendable {
    var minimum: Int?
    var maximum: Int?
    var isUnique = false
    /// A schema for each element at the start: `prefixItems`, or `items` with a list before 2020-12.
    var prefix: [Int] = []
    /// The schema for all others: `items`, or `additionalItems` before 2020-12.
    var rest: AdditionalRule?
    var contains: Int?
    var minimumContained: Int?
    var maximumContained: Int?
    var unevaluated: Int?

    var evaluatesAll: Bool { rest != nil }
}

extension SchemaCompiler {
    mutating func arrayRules() -> ArrayRules? {
        var rules = ArrayRules()
        var isEmpty = true
        if has("applicator") {
            if draft >= .draft2020 {
                rules.prefix = children("prefixItems")
                rules.rest = child("items").map(AdditionalRule.schema)
            } else if keywords.object["items"]?.array != nil {
                rules.prefix = children("items")
                rules.rest = additional("additionalItems")
            } else {
                rules.rest = child("items").map(AdditionalRule.schema)
            }
            if draft >= .draft6 { rules.contains = child("contains") }
            isEmpty = rules.prefix.isEmpty && rules.rest == nil && rules.contains == nil
        }
        if has("validation") {
            rules.minimum = keywords.int("minItems")
            rules.maximum = keywords.int("maxItems")
            rules.isUnique = keywords.isSet("uniqueItems")
            if draft >= .draft2019, rules.contains != nil {
                rules.minimumContained = keywords.int("minContains")
                rules.maximumContained = keywords.int("maxContains")
            }
            isEmpty = isEmpty && rules.minimum == nil && rules.maximum == nil && !rules.isUnique
        }
        if draft == .draft2019 && has("applicator") || draft >= .draft2020 && has("unevaluated") {
            rules.unevaluated = child("unevaluatedItems")
        }
        return isEmpty && rules.unevaluated == nil ? nil : rules
    }
}

extension SchemaValidation {
    mutating func checkArray(
        _ rules: ArrayRules, _ array: InstanceArray, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        if let minimum = rules.minimum, array.count < minimum {
            try note(fault(.bound("minItems", got: array.count, want: minimum)), &frame)
        }
        if let maximum = rules.maximum, array.count > maximum {
            try note(fault(.bound("maxItems", got: array.count, want: maximum)), &frame)
        }
        if rules.isUnique, let (first, second) = try SchemaValidation.duplicates(array, &checks) {
            try note(fault(.duplicates(first, second)), &frame)
        }
        let prefix = min(rules.prefix.count, array.count)
        for index in 0..<prefix { try note(check(rules.prefix[index], array[index], .index(index)), &frame) }
        switch rules.rest {
        case .allowed(false)? where prefix < array.count:
            try note(fault(.surplusItems(array.count - prefix)), &frame)
        case .schema(let schema)?:
            // The library that Helm uses counts from the first of these, not from the first of all.
            for index in prefix..<array.count {
                try note(check(schema, array[index], .index(index - prefix)), &frame)
            }
        default: break
        }
        if let contains = rules.contains { try checkContained(contains, rules, array, &frame) }
    }

    private mutating func checkContained(
        _ schema: Int, _ rules: ArrayRules, _ array: InstanceArray, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        var causes: [SchemaFault] = []
        var matched: [Int] = []
        let evaluates = frame.draft >= .draft2020
        for index in 0..<array.count {
            if let cause = try check(schema, array[index], .index(index)) {
                causes.append(cause)
            } else {
                matched.append(index)
                if evaluates { frame.unevaluated.elements?.remove(index) }
            }
        }
        if let minimum = rules.minimumContained {
            if matched.count < minimum { try note(fault(.contains(fewest: minimum, matched), causes), &frame) }
        } else if matched.isEmpty {
            try note(fault(.contains(fewest: nil, []), causes), &frame)
        }
        if let maximum = rules.maximumContained, matched.count > maximum {
            try note(fault(.containsTooMany(maximum, matched)), &frame)
        }
    }

    /// The first two elements that are equal, in the order in which the library that Helm uses finds them.
    private static func duplicates(
        _ array: InstanceArray, _ checks: inout Int
    ) throws(JSONSchema.Failure) -> (Int, Int)? {
        checks += array.count
        if array.count <= 20 {
            for second in 0..<array.count {
                for first in 0..<second where array[first] == array[second] { return (first, second) }
            }
            return nil
        }
        var seen: [Int: [Int]] = [:]
        for index in 0..<array.count {
            var hasher = Hasher()
            array[index].hash(into: &hasher)
            let hash = hasher.finalize()
            if let first = seen[hash]?.first(where: { array[$0] == array[index] }) { return (first, index) }
            seen[hash, default: []].append(index)
        }
        return nil
    }

    /// `unevaluatedItems`: what no other keyword, here or in place, has looked at.
    mutating func checkUnevaluatedElements(
        _ schema: Int, _ array: InstanceArray, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        for index in (frame.unevaluated.elements ?? []).sorted() where index < array.count {
            try note(check(schema, array[index], .index(index)), &frame)
        }
        frame.unevaluated.elements = nil
    }
}
