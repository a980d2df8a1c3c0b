public import Document

/// A patch that cannot be applied.
public struct PatchFailure: Error, Sendable, Hashable {
    /// Which answer upstream gives.
    public enum Reason: Sendable {
        /// 400
        case badRequest
        /// 413
        case tooLarge
        /// 422, reason Invalid: `the server rejected our request due to an error in our request`
        case unprocessable
        /// 500
        case internalError
    }

    public let reason: Reason
    /// What is wrong; upstream tells it for 400 and 500, and answers 422 with its general text.
    public let message: String
}

extension Value {
    /// The value after a JSON merge patch (RFC 7386).
    public func mergePatched(with patch: Value) -> Value {
        guard case .object(let changes) = patch else { return patch.withoutNullsInLists }
        var result = object ?? [:]
        for change in changes {
            if change.value.isNull {
                result[change.key] = nil
            } else {
                result[change.key] = (result[change.key] ?? .null).mergePatched(with: change.value)
            }
        }
        return .object(result)
    }

    /// A list without the nulls of objects in it, which evanphx/json-patch takes for words to it there too.
    private var withoutNullsInLists: Value {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutNullsInLists))
        case .object(let object):
            .object(Object(unsorted: object.filter { !$0.value.isNull }).mapValues(\.withoutNullsInLists))
        default: self
        }
    }

    /// The value after the operations of a JSON patch (RFC 6902), with evanphx/json-patch's error texts.
    public func jsonPatched(with patch: Value) throws(PatchFailure) -> Value {
        if patch.isNull { return self }
        guard let operations = patch.array else {
            throw PatchFailure(
                reason: .badRequest,
                message: "json: cannot unmarshal \(patch.goKind) into Go value of type jsonpatch.Patch")
        }
        if let other = operations.first(where: { $0.object == nil && !$0.isNull }) {
            throw PatchFailure(
                reason: .badRequest,
                message: "json: cannot unmarshal \(other.goKind) into Go value of type jsonpatch.Operation")
        }
        guard operations.count <= JSONPatch.maximumOperations else {
            throw PatchFailure(
                reason: .tooLarge,
                message: "The allowed maximum operations in a JSON patch is \(JSONPatch.maximumOperations), "
                    + "got \(operations.count)")
        }
        var result = self
        for operation in operations { result = try JSONPatch.apply(operation, to: result) }
        return result
    }
}

extension Value {
    /// As Go's `%v` prints it.
    public var goText: String { GoValue.text(self) }
}

extension Kind {
    /// The object after a strategic merge patch with its directives, by the declared merge keys and strategies.
    ///
    /// - Throws: upstream's text; CRDs have no strategic merge (the caller answers 415).
    public func strategicallyPatched(_ object: Value, with patch: Value) throws(PatchFailure) -> Value {
        try StrategicMerge.merge(object, patch, MergeGuide(structure))
    }
}
