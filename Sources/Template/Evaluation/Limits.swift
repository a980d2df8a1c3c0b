/// Bounds on what one rendering may take, against charts that never end.
///
/// Of the public charts none comes near: see `LimitTests`.
public struct Limits: Sendable {
    /// How deep `template` may call; Go's own limit.
    public var templateDepth = 100_000
    /// How often `include` may nest one name; Helm's own limit.
    public var includeDepth = 1000
    /// How many nodes one rendering may evaluate; slow functions count as many.
    public var steps = 100_000_000
    /// How many bytes the templates may write together.
    public var outputBytes = 1 << 25
    /// How many bytes the functions that the templates call may make together.
    public var madeBytes = 1 << 28
    /// How long one rendering may take, without what the cluster takes to answer; nil for as long as it needs.
    public var time: Duration? = .seconds(60)

    public init() {}
}
