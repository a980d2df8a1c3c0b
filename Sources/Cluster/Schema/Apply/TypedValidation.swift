import Document

/// What structured-merge-diff finds wrong with an applied configuration.
struct TypedValidation {
    private(set) var errors: [String] = []

    init(_ configuration: Value, _ shape: MergeShape) { check(configuration, shape, "") }

    /// typed.ValidationErrors' text; nil where all is right.
    var text: String? {
        guard errors.count > 1 else { return errors.first }
        return "errors:\n" + errors.map { "  \($0)\n" }.joined()
    }

    private mutating func check(_ value: Value, _ shape: MergeShape, _ path: String) {
        switch (shape.form(of: value), value) {
        case (.map, .object(let object)):
            for member in object {
                let element = PathElement.field(member.key)
                if shape.isClosed, !shape.declares(member.key) {
                    errors.append("\(path)\(element.shown): field not declared in schema")
                } else {
                    check(member.value, shape.below(element), path + element.shown)
                }
            }
        case (.list(let merge), .array(let items)): checkList(items, shape, merge, path)
        default: break
        }
    }

    private mutating func checkList(_ items: [Value], _ shape: MergeShape, _ merge: ListMerge, _ path: String) {
        var seen: Set<PathElement> = []
        for (index, item) in items.enumerated() {
            if let fault = elementFault(item, shape, merge) {
                errors.append("\(path): element \(index): \(fault)")
                continue
            }
            guard let element = shape.element(of: item, merge) else { continue }
            if !seen.insert(element).inserted {
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
        return keys.first { item[$0] == nil && shape.keyDefault($0) == nil }.map {
            "associative list with keys has an element that omits key field \"\($0)\" "
                + "(and doesn't have default value)"
        }
    }
}
