public import API
public import Document

/// Who knows the expression language of the rules in a CRD's schema (`x-kubernetes-validations`).
public protocol SchemaLanguage: Sendable {
    /// What is wrong with the rules of a schema.
    ///
    /// - Parameters:
    ///   - place: where the schema stands.
    ///   - known: what is wrong with the schema already: rules around such a place are not looked at.
    ///   - isKept: whether the schema was accepted before, so that a rule of it may cost what it likes.
    func faults(of schema: Value, at place: String, after known: [FieldError], isKept: Bool) -> [FieldError]

    /// What the rules of a schema say against its own default.
    ///
    /// - Parameters:
    ///   - place: where the default stands.
    ///   - isRoot: whether the value has apiVersion, kind and metadata of its own.
    func faults(ofDefault value: Value, _ schema: Value, at place: String, isRoot: Bool) -> [FieldError]
}
