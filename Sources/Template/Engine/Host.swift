public import Document

/// What surrounds the templates: the cluster, the network, time and randomness, all of which may be absent.
public struct Host: Sendable {
    /// Whether a lint runs, in which `required` and `fail` let things pass.
    public var isLinting = false
    /// The time now, in nanoseconds since 1970.
    public var now: @Sendable () -> Int64
    /// Fills the bytes at random.
    public var random: @Sendable (Int) -> [UInt8]
    /// Objects of the cluster by API version, kind, namespace and name; empty where there is no cluster.
    public var objects: (@Sendable (Text, Text, Text, Text) throws -> Object)?
    /// The address of a host; nil unless DNS is enabled.
    public var resolve: (@Sendable (Text) -> Text)?

    public init(now: @escaping @Sendable () -> Int64, random: @escaping @Sendable (Int) -> [UInt8]) {
        self.now = now
        self.random = random
    }

    func lookup(_ version: Text, _ kind: Text, _ namespace: Text, _ name: Text) throws(CallFailure) -> Object {
        guard let objects else { return Object() }
        do {
            return try objects(version, kind, namespace, name)
        } catch {
            throw .text("\(error)")
        }
    }

    func address(of name: Text) -> Text { resolve?(name) ?? "" }
}
