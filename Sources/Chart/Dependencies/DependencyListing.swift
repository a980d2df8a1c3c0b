import Document
import Template

/// What `dependency list` tells of a chart.
public struct DependencyListing {
    /// One dependency and what became of it.
    public struct Row: Sendable, Hashable {
        public let name: String
        public let version: String
        public let repository: String
        public let status: String
    }

    /// nil where Chart.yaml names no dependencies at all.
    public let rows: [Row]?
    /// Helm's remarks on what else lies in charts/.
    public private(set) var warnings: [String] = []
    /// What Helm remarks while it loads the chart.
    public let remarks: [String]

    /// Looks at the chart in a folder or archive.
    public init(_ path: String) throws(LoadFailure) {
        let chart = try ChartLoader.load(path)
        remarks = chart.remarks
        guard let wanted = chart.metadata.dependencies?.compactMap({ $0 }) else {
            rows = nil
            warnings = ["WARNING: no dependencies at \(DependencyListing.join(path, "charts"))"]
            return
        }
        rows = wanted.map { dependency in
            Row(
                name: dependency.name, version: dependency.version, repository: dependency.repository,
                status: DependencyListing.status(dependency, of: chart, path))
        }
        warnings = DependencyListing.strangers(path, wanted)
    }

    /// Go's `filepath.Clean`.
    public static func cleaned(_ path: String) -> String { join(path) }

    /// Go's `filepath.Join`.
    static func join(_ parts: String...) -> String {
        SlashPath.clean(parts.filter { !$0.isEmpty }.joined(separator: "/"))
    }

    // MARK: - Status

    private static func status(_ dependency: Dependency, of chart: LoadedChart, _ path: String) -> String {
        let folder = join(path, "charts")
        let archives = ((try? HostFile.names(in: folder)) ?? []).filter {
            $0.hasPrefix(dependency.name + "-") && $0.hasSuffix(".tgz")
        }
        var candidates = archives
        if archives.count > 1 {
            candidates = archives.filter { name in
                isStrictVersion(String(name.dropFirst(dependency.name.count + 1).dropLast(4)))
            }
            if candidates.count > 1 { return "too many matches" }
        }
        if let archive = candidates.first { return archiveStatus("\(folder)/\(archive)", dependency) }
        guard let found = chart.dependencies.last(where: { $0.name == dependency.name }) else { return "missing" }
        return fault(found.metadata.version, dependency) ?? "unpacked"
    }

    private static func isStrictVersion(_ text: String) -> Bool {
        guard let version = try? SemanticVersion(text) else { return false }
        return version.description == text
    }

    private static func archiveStatus(_ path: String, _ dependency: Dependency) -> String {
        guard let chart = try? ChartLoader.load(path) else { return "corrupt" }
        if chart.name != dependency.name { return "misnamed" }
        return fault(chart.metadata.version, dependency) ?? "ok"
    }

    private static func fault(_ version: String, _ dependency: Dependency) -> String? {
        if version == dependency.version { return nil }
        guard let constraint = try? VersionConstraint(dependency.version), let found = try? SemanticVersion(version)
        else { return "invalid version" }
        return constraint.allows(found) ? nil : "wrong version"
    }

    // MARK: - What is there unasked

    private static func strangers(_ path: String, _ wanted: [Dependency]) -> [String] {
        let folder = join(path, "charts")
        var warnings: [String] = []
        for name in (try? HostFile.names(in: folder)) ?? [] where !name.hasPrefix(".") {
            let inner = "\(folder)/\(name)"
            guard HostFile.isFolder(inner) || name.hasSuffix(".tgz") else { continue }
            let quoted = GoQuote.quote(Text(inner)).string
            guard let chart = try? ChartLoader.load(inner) else {
                warnings.append("WARNING: \(quoted) is not a chart.")
                continue
            }
            if !wanted.contains(where: { $0.name == chart.name }) {
                warnings.append("WARNING: \(quoted) is not in Chart.yaml.")
            }
        }
        return warnings
    }
}
