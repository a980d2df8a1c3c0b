import Flags
import Template

/// Bounds against charts that never end.
struct LimitFlags {
    @Flag("max-steps", "how many nodes of templates may be evaluated; slow functions count as many")
    var steps: Int?

    @Flag("max-output", "how many bytes the templates may write")
    var output: Int?

    @Flag("max-memory", "how many bytes the functions of templates may make together")
    var memory: Int?

    @Flag("max-depth", "how often include may nest one template")
    var depth: Int?

    @Flag("max-time", "how long the templates may take, as 30s")
    var time: Duration?

    func limits() -> Limits {
        var limits = Limits()
        if let steps { limits.steps = steps }
        if let output { limits.outputBytes = output }
        if let memory { limits.madeBytes = memory }
        if let depth { limits.includeDepth = depth }
        if let time { limits.time = time }
        return limits
    }
}
