public import Document

extension Catalogue {
    /// The whole `/openapi/v2` document.
    public func openAPIv2() -> Value { preconditionFailure("not supported yet") }

    /// `/openapi/v2` as gnostic's `openapi.v2.Document` message, which kubectl asks for.
    public func openAPIv2Protobuf() -> [UInt8] { preconditionFailure("not supported yet") }

    /// The keys of the `/openapi/v3` index, sorted: `api`, `api/v1`, `apis`, `apis/apps/v1` …
    public var openAPIv3Paths: [String] { preconditionFailure("not supported yet") }

    /// The document of one such key; nil where there is none.
    public func openAPIv3(_ path: String) -> Value? { preconditionFailure("not supported yet") }
}
