/// What a user names a chart by, resolved in Helm's order.
public enum ChartReference {
    /// The path of the chart on this machine.
    public static func locate(_ name: String) throws(LoadFailure) -> String {
        let name = GoText.trimSpace(name)
        if HostFile.exists(name) { return name }
        if name.hasPrefix("/") || name.hasPrefix(".") {
            throw LoadFailure(.notFound, name, "path \"\(name)\" not found")
        }
        throw LoadFailure(.notFound, name, "chart \"\(name)\" is no path here, and repositories are not supported yet")
    }
}

extension LoadedChart {
    /// The dependencies that Chart.yaml names and charts/ lacks, in Helm's words; nil where none is missing.
    public var missingDependencies: String? {
        let wanted = (metadata.dependencies ?? []).compactMap { $0?.name }
        let missing = wanted.filter { name in !dependencies.contains { $0.name == name } }
        if missing.isEmpty { return nil }
        return "found in Chart.yaml, but missing in charts/ directory: " + missing.joined(separator: ", ")
    }
}
