import Document

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
        self = .archive(path, try LintedFiles.files(of: path))
    }

    /// The files of an archive as Helm would find them after it had unpacked it into a folder.
    private static func files(of path: String) throws(LoadFailure) -> [ChartFile] {
        let bytes: [UInt8]
        do throws(LoadFailure) { bytes = try HostFile.read(path) } catch {
            throw LoadFailure(error.code, path, "unable to open tarball: \(error.message)")
        }
        do throws(LoadFailure) {
            let files = try ArchiveFiles().files(of: bytes, path: path, isSubchart: true)
            guard let file = files.last(where: { $0.name == "Chart.yaml" }),
                let name = try? YAML.parse(file.bytes)["name"]?.string, !name.isEmpty
            else { throw LoadFailure(.invalid, path, "chart name not specified") }
            return try unpacked(files)
        } catch {
            throw LoadFailure(error.code, path, "unable to extract tarball: \(error.message)")
        }
    }

    /// Of each path the last file, in the order of a folder, without what .helmignore keeps out.
    private static func unpacked(_ files: [ChartFile]) throws(LoadFailure) -> [ChartFile] {
        var last: [String: ChartFile] = [:]
        for file in files { last[file.name] = file }
        let text = String(decoding: last[".helmignore"]?.bytes ?? [], as: UTF8.self)
        let rules: IgnoreRules
        do throws(IgnoreRules.Malformed) { rules = try IgnoreRules(text) } catch {
            throw LoadFailure(.malformed, ".helmignore", error.message)
        }
        // A slash comes before all else, so that the files of a folder stand together.
        func steps(_ file: ChartFile) -> [UInt8] { file.name.utf8.map { $0 == UInt8(ascii: "/") ? 0 : $0 } }
        return last.values.filter { !rules.ignores(file: $0.name) }
            .sorted { steps($0).lexicographicallyPrecedes(steps($1)) }
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
