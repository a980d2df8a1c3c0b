/// Looks for charts in folders.
public enum ChartFolders {
    /// The folders at or below `folder` that hold a Chart.yaml, and the archives there, in the order of their names.
    public static func below(_ folder: String, depth: Int = 0) -> [String] {
        guard depth < 50, let names = try? HostFile.names(in: folder) else { return [] }
        return names.flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if name == "Chart.yaml" { return [folder] }
            if name.hasSuffix(".tgz") || name.hasSuffix(".tar.gz") { return [path] }
            return HostFile.isFolder(path) ? below(path, depth: depth + 1) : []
        }
    }
}
