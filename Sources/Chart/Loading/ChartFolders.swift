/// Looks for charts in folders.
public enum ChartFolders {
    /// The folders at or below `folder` that hold a Chart.yaml, in the order of their names.
    public static func below(_ folder: String, depth: Int = 0) -> [String] {
        guard depth < 50, let names = try? HostFile.names(in: folder) else { return [] }
        var result = names.contains("Chart.yaml") ? [folder] : []
        for name in names where HostFile.isFolder("\(folder)/\(name)") {
            result += below("\(folder)/\(name)", depth: depth + 1)
        }
        return result
    }
}
