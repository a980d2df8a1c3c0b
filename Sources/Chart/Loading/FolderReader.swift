import Glibc

/// Reads the files of a chart's folder in the order of Go's `filepath.Walk`, links followed.
struct FolderReader {
    /// How much a chart may hold, against folders that never end.
    static let maximumBytes = 1 << 30
    static let maximumDepth = 100

    private let root: String
    private let rules: IgnoreRules
    private var files: [ChartFile] = []
    private var total = 0

    private init(_ root: String, _ rules: IgnoreRules) {
        self.root = root
        self.rules = rules
    }

    /// The files that .helmignore lets pass, byte order marks taken off.
    static func files(of root: String) throws(LoadFailure) -> [ChartFile] {
        var text = ""
        if access("\(root)/.helmignore", F_OK) == 0 {
            text = String(decoding: try HostFile.read("\(root)/.helmignore"), as: UTF8.self)
        }
        let rules: IgnoreRules
        do throws(IgnoreRules.Malformed) {
            rules = try IgnoreRules(text)
        } catch {
            throw LoadFailure(.malformed, "\(root)/.helmignore", error.message)
        }
        var reader = FolderReader(root, rules)
        try reader.walk("", depth: 0)
        return reader.files
    }

    private mutating func walk(_ folder: String, depth: Int) throws(LoadFailure) {
        if depth > FolderReader.maximumDepth {
            throw LoadFailure(.malformed, folder, "folders nest deeper than \(FolderReader.maximumDepth)")
        }
        let path = folder.isEmpty ? root : "\(root)/\(folder)"
        for name in try HostFile.names(in: path) {
            let inner = folder.isEmpty ? name : "\(folder)/\(name)"
            var status = stat()
            guard stat("\(root)/\(inner)", &status) == 0 else {
                throw LoadFailure(.unreadable, inner, "\(root)/\(inner): \(String(cString: strerror(errno)))")
            }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            if rules.ignores(inner, isFolder: isFolder) { continue }
            if isFolder {
                try walk(inner, depth: depth + 1)
            } else {
                try add(inner, status)
            }
        }
    }

    private mutating func add(_ inner: String, _ status: stat) throws(LoadFailure) {
        guard status.st_mode & S_IFMT == S_IFREG else {
            let words = "cannot load irregular file \(root)/\(inner) as it has file mode type bits set"
            throw LoadFailure(.unreadable, inner, words)
        }
        total += Int(status.st_size)
        if total > FolderReader.maximumBytes {
            throw LoadFailure(.malformed, inner, "the chart is larger than \(FolderReader.maximumBytes) bytes")
        }
        var bytes = try HostFile.read("\(root)/\(inner)")
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        files.append(
            ChartFile(
                name: inner, bytes: bytes, modified: Int64(status.st_mtim.tv_sec),
                modifiedNanoseconds: Int32(status.st_mtim.tv_nsec)))
    }
}
