/// The files of a chart under a lint: in a folder, or in an archive.
enum LintedFiles {
    case folder(String)
    case archive(String, [ChartFile])

    /// The chart at a path; archives are read here.
    init(_ path: String) throws(LoadFailure) {
        guard path.hasSuffix(".tgz") || path.hasSuffix(".tar.gz") else {
            self = .folder(path)
            return
        }
        self = .archive(path, try ArchiveFiles().files(of: try HostFile.read(path), path: path))
    }

    /// The path from the root on, which is how Helm's messages name it.
    var place: String {
        switch self {
        case .folder(let path), .archive(let path, _): HostFile.absolute(path)
        }
    }

    func exists(_ name: String) -> Bool {
        switch self {
        case .folder(let path): HostFile.exists("\(path)/\(name)")
        case .archive(_, let files): files.contains { $0.name == name || $0.name.hasPrefix(name + "/") }
        }
    }

    func isFolder(_ name: String) -> Bool {
        switch self {
        case .folder(let path): HostFile.isFolder("\(path)/\(name)")
        case .archive(_, let files): files.contains { $0.name.hasPrefix(name + "/") }
        }
    }

    func read(_ name: String) throws(LoadFailure) -> [UInt8] {
        switch self {
        case .folder: return try HostFile.read("\(place)/\(name)")
        case .archive(let path, let files):
            guard let file = files.first(where: { $0.name == name }) else {
                throw LoadFailure(.notFound, path, "open \(name): no such file or directory")
            }
            return file.bytes
        }
    }

    func load() throws(LoadFailure) -> LoadedChart {
        switch self {
        case .folder(let path): try ChartLoader.load(path)
        case .archive(_, let files): try ChartLoader.load(files: files)
        }
    }
}
