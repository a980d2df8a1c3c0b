import ArgumentParser
import Template

/// Bounds against charts that never end.
struct LimitFlags: ParsableArguments {
    @Option(name: .customLong("max-steps"), help: "how many nodes of templates may be evaluated")
    var steps: Int?

    @Option(name: .customLong("max-output"), help: "how many bytes the templates may write")
    var output: Int?

    @Option(name: .customLong("max-depth"), help: "how often include may nest one template")
    var depth: Int?

    @Option(name: .customLong("max-time"), help: "how long the templates may take, as 30s")
    var time: GoDuration?

    func limits() -> Limits {
        var limits = Limits()
        if let steps { limits.steps = steps }
        if let output { limits.outputBytes = output }
        if let depth { limits.includeDepth = depth }
        if let time { limits.time = time.duration }
        return limits
    }
}
