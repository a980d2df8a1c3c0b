public import Document

/// A patch that cannot be applied.
public struct PatchFailure: Error, Sendable, Hashable {
    /// Which answer upstream gives.
    public enum Reason: Sendable {
        /// 400
        case badRequest
        /// 422, reason Invalid
        case unprocessable
        /// 500
        case internalError
    }

    public let reason: Reason
    /// Upstream's text.
    public let message: String
}

extension Value {
    /// The value after a JSON merge patch (RFC 7386).
    public func mergePatched(with patch: Value) -> Value { preconditionFailure("not supported yet") }

    /// The value after the operations of a JSON patch (RFC 6902), with evanphx/json-patch's error texts.
    public func jsonPatched(with patch: Value) throws(PatchFailure) -> Value {
        preconditionFailure("not supported yet")
    }
}

extension Kind {
    /// The object after a strategic merge patch with its directives, by the declared merge keys and strategies.
    ///
    /// - Throws: upstream's text; CRDs have no strategic merge (the caller answers 415).
    public func strategicallyPatched(_ object: Value, with patch: Value) throws(PatchFailure) -> Value {
        preconditionFailure("not supported yet")
    }
}
