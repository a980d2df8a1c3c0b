import API
import Document

/// The rules of LimitRanges (ValidateLimitRange).
enum LimitRules {
    static let check: Rules.Create = { range, faults in
        var types: Set<Value> = []
        for (index, item) in (range["spec", "limits"]?.array ?? []).enumerated() {
            let path = "spec.limits[\(index)]"
            checkType(item["type"]?.string ?? "", path, &types, &faults)
            let isOfPods = item["type"] == "Pod"
            checkNames(item, isOfPods ? ["max", "min"] : ["max", "min", "default", "defaultRequest"], path, &faults)
            for key: Text in ["default", "defaultRequest"] where isOfPods && !(item[key]?.object ?? [:]).isEmpty {
                faults.forbidden("\(path).\(key)", "may not be specified when `type` is 'Pod'")
            }
            let isBare = item["max", "storage"] == nil && item["min", "storage"] == nil
            if item["type"] == "PersistentVolumeClaim", isBare {
                faults.required(
                    "\(path).limits",
                    "either minimum or maximum storage value is required, but neither was provided")
            }
            checkNames(item, ["maxLimitRequestRatio"], path, &faults)
            let lists: [Text] = ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"]
            let keys = lists.flatMap { Array((item[$0]?.object ?? [:]).keys) }
            for key in Set(keys).sorted() { checkAmounts(item, key, isOfPods, path, &faults) }
        }
    }

    private static func checkType(
        _ type: String, _ path: String, _ types: inout Set<Value>, _ faults: inout Faults
    ) {
        let malformed = Names.qualified(type)
        faults.invalid("\(path).type", .string(type), all: malformed)
        if malformed.isEmpty, !type.contains("/"), !["Pod", "Container", "PersistentVolumeClaim"].contains(type) {
            faults.invalid("\(path).type", .string(type), "must be a standard limit type or fully qualified")
        }
        if !types.insert(.string(type)).inserted { faults.duplicate("\(path).type", .string(type)) }
    }

    private static func checkNames(_ item: Value, _ lists: [Text], _ path: String, _ faults: inout Faults) {
        let isOfPods = ["Pod", "Container"].contains(item["type"]?.string ?? "")
        for list in lists {
            for key in (item[list]?.object ?? [:]).keys {
                let name = key.string
                let wrong = isOfPods ? ResourceNames.faults(inContainer: name) : ResourceNames.faults(name)
                faults.invalid("\(path).\(list)[\(name)]", .string(name), all: wrong)
            }
        }
    }

    private static func checkAmounts(
        _ item: Value, _ key: Text, _ isOfPods: Bool, _ path: String, _ faults: inout Faults
    ) {
        let amount = { (list: Text) in item[list]?[key]?.quantity }
        let (low, high) = (amount("min"), amount("max"))
        let (fallback, asked) = isOfPods ? (nil, nil) : (amount("default"), amount("defaultRequest"))
        func compare(_ a: Quantity?, _ b: Quantity?, _ place: String, _ shown: Text, _ words: (String, String)) {
            guard let a, let b, a > b else { return }
            faults.invalid(
                "\(path).\(place)[\(key)]", item[shown]?[key],
                "\(words.0) value \(a) is greater than \(words.1) value \(b)")
        }
        compare(low, high, "min", "min", ("min", "max"))
        compare(low, asked, "defaultRequest", "defaultRequest", ("min", "default request"))
        compare(asked, high, "defaultRequest", "defaultRequest", ("default request", "max"))
        compare(asked, fallback, "defaultRequest", "defaultRequest", ("default request", "default limit"))
        compare(low, fallback, "default", "min", ("min", "default"))
        compare(fallback, high, "default", "max", ("default", "max"))
        checkRatio(item, key, low, high, path, &faults)
        if let fallback, let asked, fallback != asked, !ResourceNames.allowsOvercommit(key.string) {
            faults.invalid(
                "\(path).defaultRequest[\(key)]", item["defaultRequest"]?[key],
                "default value \(fallback) must equal to defaultRequest value \(asked) in \(key)")
        }
    }

    private static func checkRatio(
        _ item: Value, _ key: Text, _ low: Quantity?, _ high: Quantity?, _ path: String, _ faults: inout Faults
    ) {
        guard let ratio = item["maxLimitRequestRatio"]?[key]?.quantity else { return }
        let (field, value) = ("\(path).maxLimitRequestRatio[\(key)]", item["maxLimitRequestRatio"]?[key])
        if ratio < Quantity(1) { faults.invalid(field, value, "ratio \(ratio) is less than 1") }
        guard let low, let high, low.nanos != 0 else { return }
        let most = Double(high.nanos) / Double(low.nanos)
        if Double(ratio.nanos) / 1e9 > most {
            faults.invalid(field, value, "ratio \(ratio) is greater than max/min = \(fixed(most))")
        }
    }

    /// Go's `%f`: six digits behind the point.
    private static func fixed(_ number: Double) -> String {
        let millionths = Int((number * 1e6).rounded(.toNearestOrEven))
        let digits = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
    }
}
