public import Document

extension Resource {
    /// The field selectors that may be used, `metadata.name` and `metadata.namespace` among them.
    public var selectableFields: [String] { ["metadata.name", "metadata.namespace"] + declaration.selectors }

    /// What a field selector compares: the text of that field, its zero value where it is not set,
    /// which custom resources do not have; nil where the field
    /// may not be used (upstream: `field label not supported: NAME`).
    public func selectableValue(_ field: String, of object: Value) -> Text? {
        guard field == "metadata.name" || field == "metadata.namespace" || declaration.selectors.contains(field)
        else { return nil }
        if kind.name == "Event", field == "source" { return Resource.eventSource(object) }
        let path = path(of: field)
        if isCustom { return object[path: path].map { $0.isNull ? "" : Text(GoValue.text($0)) } ?? "" }
        return object[path: path]?.selectedText ?? zeroText(path)
    }

    /// Where in an object stands what a field selector compares.
    public func selectedPaths(_ field: String) -> [[Text]] {
        if kind.name == "Event", field == "source" { return [["source", "component"], ["reportingComponent"]] }
        return [path(of: field)]
    }

    private func path(of field: String) -> [Text] {
        // Jobs have that count under another name.
        field == "status.successful" ? ["status", "succeeded"] : field.split(separator: ".").map { Text($0) }
    }

    /// The component that reported an event, in the old field or the new.
    private static func eventSource(_ event: Value) -> Text {
        let source = event["source", "component"]?.text ?? ""
        return source.isEmpty ? event["reportingComponent"]?.text ?? "" : source
    }

    /// What upstream compares for a field that is not set: `false` and `0` for flags and numbers.
    private func zeroText(_ path: [Text]) -> Text {
        var shape = Shape(.structure(kind.structure))
        for step in path {
            guard let next = shape.structure?.field(step)?.shape else { return "" }
            shape = next
        }
        switch shape.form {
        case .bool: return "false"
        case .int32, .int64: return "0"
        default: return ""
        }
    }
}

extension Value {
    /// A scalar as a selector compares it; nil for null, objects and lists.
    fileprivate var selectedText: Text? {
        switch self {
        case .string(let text): text
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number.literal
        case .null, .array, .object: nil
        }
    }
}
