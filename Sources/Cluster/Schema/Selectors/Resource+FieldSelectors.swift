public import Document

extension Resource {
    /// The field selectors that may be used, `metadata.name` and `metadata.namespace` among them.
    public var selectableFields: [String] { preconditionFailure("not supported yet") }

    /// What a field selector compares: the text of that field, empty where it is not set; nil where the field may
    /// not be used (upstream: `field label not supported: NAME`).
    public func selectableValue(_ field: String, of object: Value) -> Text? { preconditionFailure("not supported yet") }
}
