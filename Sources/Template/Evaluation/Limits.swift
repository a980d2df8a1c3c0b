/// Bounds on what one rendering may take, against charts that never end.
public struct Limits: Sendable {
    /// How deep `template` may call; Go's own limit.
    public var templateDepth = 100_000
    /// How often `include` may nest one name; Helm's own limit.
    public var includeDepth = 1000
    /// How many nodes one rendering may evaluate.
    public var steps = 200_000_000
    /// How many bytes the templates may write together, and how many the functions they call may make together.
    public var outputBytes = 1 << 29

    /// How long one rendering may take; nil for as long as it needs.
    public var time: Duration?

    public init() {}
}
