public import API
public import Document

extension Resource {
    /// The object as it is stored when created: status and other fields that clients may not set are taken away,
    /// generation starts, what depends on several fields (QoS class, selectors of Jobs) is made.
    ///
    /// - Parameters:
    ///   - object: decoded and defaulted, with its name, namespace, uid and creationTimestamp set.
    ///   - now: for what records when something happened.
    public func preparedForCreate(_ object: Value, now: Time) -> Value {
        Strategy.of(self).prepareForCreate(object, of: self, now: now)
    }

    /// The object as it replaces `old`: what the request may not change comes from the old object (the status; on
    /// `/status` everything else), and generation goes up when the spec changes.
    ///
    /// - Parameter now: for what records when something happened.
    public func preparedForUpdate(_ object: Value, old: Value, subresource: String? = nil, now: Time) -> Value {
        Strategy.of(self).prepareForUpdate(object, old: old, subresource: subresource, of: self, now: now)
    }

    /// Everything that is wrong with a new object, in upstream's order and words.
    public func validateCreate(_ object: Value) -> [FieldError] { preconditionFailure("not supported yet") }

    /// Everything that is wrong with the object or with the change from `old` to it.
    public func validateUpdate(_ object: Value, old: Value, subresource: String? = nil) -> [FieldError] {
        preconditionFailure("not supported yet")
    }

    /// The warnings that upstream sends with a created or updated object (deprecated fields and the like).
    public func warnings(_ object: Value, old: Value?) -> [String] { preconditionFailure("not supported yet") }
}
