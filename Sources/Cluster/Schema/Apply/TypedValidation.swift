import Document

/// What structured-merge-diff finds wrong with an applied configuration.
struct TypedValidation {
    private(set) var errors: [String] = []

    /// Whether elements of a list may stand there twice, as they may in what is stored.
    private let takesRepeated: Bool

    init(_ configuration: Value, _ shape: MergeShape, takesRepeated: Bool = false) {
        self.takesRepeated = takesRepeated
        check(configuration, shape, "")
    }

    /// typed.ValidationErrors' text; nil where all is right.
    var text: String? {
        guard errors.count > 1 else { return errors.first }
        return "errors:" + errors.map { "\n  \($0)" }.joined()
    }

    private mutating func check(_ value: Value, _ shape: MergeShape, _ path: String) {
        if let fault = shape.mismatch(value) {
            errors.append("\(path): \(fault)")
            return
        }
        switch (shape.isCustom ? shape.open : shape.form(of: value), value) {
        case (.map, .object(let object)):
            for member in object {
                let element = PathElement.field(member.key)
                if shape.isClosed, !shape.declares(member.key) {
                    errors.append("\(path)\(element.shown): field not declared in schema")
                    // Of the fields behind it nothing is told.
                    return
                }
                check(member.value, shape.below(element), path + element.shown)
            }
        case (.list(let merge), .array(let items)): checkList(items, shape, merge, path)
        default: break
        }
    }

    private mutating func checkList(_ items: [Value], _ shape: MergeShape, _ merge: ListMerge, _ path: String) {
        if merge == .atomic {
            for (index, item) in items.enumerated() { check(item, shape.below(.index(index)), "\(path)[\(index)]") }
            return
        }
        var seen: Set<PathElement> = []
        for (index, item) in items.enumerated() {
            if let fault = elementFault(item, shape, merge) {
                errors.append("\(path): element \(index): \(fault)")
                // Of those behind it nothing is told.
                return
            }
            guard let element = shape.element(of: item, merge) else { continue }
            if !seen.insert(element).inserted, !takesRepeated {
                errors.append("\(path): duplicate entries for key \(element.shown)")
            }
            check(item, shape.below(element), path + element.shown)
        }
    }

    /// Why an element cannot be told from the others of its list (typed's listItemToPathElement); nil where it can.
    private func elementFault(_ item: Value, _ shape: MergeShape, _ merge: ListMerge) -> String? {
        guard case .map(let keys) = merge else {
            if item.object != nil { return "associative list without keys has an element that's a map type" }
            if item.array != nil { return "not supported: associative list with lists as elements" }
            return item.isNull ? "associative list without keys has an element that's an explicit null" : nil
        }
        if item.isNull { return "associative list with keys may not have a null element" }
        if item.object == nil { return "associative list with keys may not have non-map elements" }
        guard !keys.isEmpty, keys.allSatisfy({ item[$0] == nil && shape.keyDefault($0) == nil }) else { return nil }
        let list = keys.map { GoQuote.quote($0).string }.joined(separator: " ")
        return
            "associative list with keys has an element that omits all key fields [\(list)] (and doesn't have default "
            + "values for any key fields)"
    }
}
