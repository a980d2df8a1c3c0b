import Archive

/// Reads the files of a packed chart, by the rules of Helm's archive loader: the first part of each path is the chart's
/// folder, and nothing may lie outside of it.
enum ArchiveFiles {
    /// Helm's own limit.
    private static let maximumBytes = 100 << 20

    /// The files of an archive in memory.
    ///
    /// - Parameter isSubchart: whether it lies in another chart; Helm then leaves the check to Go's package gzip.
    static func files(of bytes: [UInt8], path: String, isSubchart: Bool = false) throws(LoadFailure) -> [ChartFile] {
        guard bytes.starts(with: [0x1F, 0x8B, 0x08]) else {
            throw isSubchart ? LoadFailure(.archive, path, gzipWords(bytes)) : notGzip(bytes, path)
        }
        let limits = ArchiveLimits(totalBytes: 1 << 30, entryBytes: maximumBytes, entries: 100_000, depth: 100)
        let outcome: Result<[ChartFile], LoadFailure>
        do throws(ArchiveError) {
            outcome = try read(try ArchiveReader(bytes: bytes, limits: limits, rules: .unchecked), path)
        } catch {
            throw LoadFailure(.archive, path, words(of: error))
        }
        return try outcome.get()
    }

    private static func words(of error: ArchiveError) -> String {
        switch error.code {
        case .entryTooLarge, .tooLarge:
            "decompressed chart is larger than the maximum size \(maximumBytes)"
        default: error.description
        }
    }

    private static func read(
        _ reader: ArchiveReader, _ path: String
    ) throws(ArchiveError) -> Result<[ChartFile], LoadFailure> {
        var files: [ChartFile] = []
        var left = maximumBytes
        while let entry = try reader.next() {
            guard entry.kind == .file else { continue }
            let name: String
            do throws(LoadFailure) { name = try inner(entry.path, path) } catch { return .failure(error) }
            var bytes = try reader.contents()
            left -= bytes.count
            if left < 0 {
                let words = "decompressed chart is larger than the maximum size \(maximumBytes)"
                return .failure(LoadFailure(.archive, path, words))
            }
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            files.append(ChartFile(name: name, bytes: bytes, modified: entry.modified))
        }
        if files.isEmpty { return .failure(LoadFailure(.archive, path, "no files in chart archive")) }
        return .success(files)
    }

    /// The path inside the chart's folder.
    private static func inner(_ entry: String, _ path: String) throws(LoadFailure) -> String {
        if let plain = plain(entry) { return plain }
        func refuse(_ words: String) -> LoadFailure { LoadFailure(.archive, path, words) }
        let separator: Character = entry.contains("\\") ? "\\" : "/"
        let parts = entry.split(separator: separator, omittingEmptySubsequences: false)
        let rest = parts.dropFirst()
        if rest.first == "", rest.count > 1 { throw refuse("chart illegally contains absolute paths") }
        var clean: [Substring] = []
        for part in rest where part != "." && part != "" {
            if part == "..", clean.last != nil, clean.last != ".." { clean.removeLast() } else { clean.append(part) }
        }
        guard let first = clean.first else {
            throw refuse("chart illegally contains content outside the base directory: \"\(entry)\"")
        }
        if first.hasPrefix("..") { throw refuse("chart illegally references parent directory") }
        let drive = first.utf8.count == 2 && first.hasSuffix(":") && (first.first?.isLetter ?? false)
        if drive { throw refuse("chart contains illegally named files") }
        if parts.first == "Chart.yaml" { throw refuse("chart yaml not in base directory") }
        return clean.joined(separator: "/")
    }

    /// The path inside the chart's folder, where each part of it starts with a letter, digit or underscore; nil for what
    /// wants a second look.
    private static func plain(_ entry: String) -> String? {
        var isStart = true
        var folder: String.Index?
        for index in entry.utf8.indices {
            let byte = entry.utf8[index]
            if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ":") || isStart && !isWord(byte) { return nil }
            isStart = byte == UInt8(ascii: "/")
            if isStart, folder == nil { folder = index }
        }
        guard !isStart, let folder, entry.utf8[..<folder].elementsEqual("Chart.yaml".utf8) == false else { return nil }
        return String(entry.utf8[entry.utf8.index(after: folder)...])
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func gzipWords(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "EOF" : bytes.count < 10 ? "unexpected EOF" : "gzip: invalid header"
    }

    private static func notGzip(_ bytes: [UInt8], _ path: String) -> LoadFailure {
        if path.hasSuffix(".yml") || path.hasSuffix(".yaml") {
            return LoadFailure(
                .archive, path, "file '\(path)' seems to be a YAML file, but expected a gzipped archive")
        }
        // Helm looks at 512 bytes, which end with zeros where the file has fewer.
        let isText =
            bytes.count >= 512
            && bytes.prefix(512).allSatisfy { $0 >= 0x20 || [0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains($0) }
        let type = isText ? "text/plain; charset=utf-8" : "application/octet-stream"
        return LoadFailure(.archive, path, "file '\(path)' does not appear to be a gzipped archive; got '\(type)'")
    }
}
