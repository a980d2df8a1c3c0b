public import Document

/// A kind in one version: what its objects look like.
public final class Kind: Sendable {
    /// Empty for core.
    public let group: String
    public let version: String
    /// `Pod`
    public let name: String

    init(group: String, version: String, name: String) {
        self.group = group
        self.version = version
        self.name = name
    }

    /// `apps/v1`, or `v1` for the core group.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// Reads what a client sent as Go's decoder and encoder would give it back: types are checked, unknown fields
    /// dropped (a CRD's by its schema), quantities, times and bytes are brought into their canonical form, fields at
    /// their zero value are left out or written as Go's struct tags say. `apiVersion` and `kind` are set.
    ///
    /// - Parameters:
    ///   - body: the parsed body; that its apiVersion and kind are right is the caller's to check.
    ///   - duplicates: the paths of keys that came twice (`data.a`), from the JSON reader.
    /// - Throws: a failure whose text goes after `Pod in version "v1" cannot be handled as a Pod: `.
    public func decode(_ body: Value, duplicates: [String] = []) throws(DecodingFailure) -> Decoded {
        preconditionFailure("not supported yet")
    }

    /// The object with the defaults of its declaration, and those that depend on other fields.
    public func defaulted(_ object: Value) -> Value { preconditionFailure("not supported yet") }
}

/// An object that was read, and what a strict reader has against it.
public struct Decoded: Sendable {
    /// The object as Go would write it.
    public var object: Value
    /// `unknown field "spec.x"`, `duplicate field "data.a"` in upstream's order: the Warning headers, or joined by `, `
    /// after `strict decoding error: ` the reason of a 400.
    public var strictProblems: [String]
}

/// Why a body cannot be read as an object of its kind.
public struct DecodingFailure: Error, Hashable {
    /// Go's text: `json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool`.
    public let message: String
}
