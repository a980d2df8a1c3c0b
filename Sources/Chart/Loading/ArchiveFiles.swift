import Archive
import Document
import Glibc
import Template

/// Reads the files of a packed chart, by the rules of Helm's archive loader: the first part of each path is the chart's
/// folder, and nothing may lie outside of it.
struct ArchiveFiles {
    /// Helm's own limit.
    private static let maximumBytes = 100 << 20

    /// Of how many plain bytes a second thread makes the pages. They have to come from the heap: blocks of M_MMAP_THRESHOLD
    /// (`ProcessMemory.expectGrowth`) would be mapped, and gone again.
    private static let newPages = (256 << 10)...(15 << 20)

    /// Where templates are read while the rest is unpacked.
    var ahead: WorkAhead?

    /// The files of an archive in memory.
    ///
    /// - Parameter isSubchart: whether it lies in another chart; Helm then leaves the check to Go's package gzip.
    func files(of bytes: [UInt8], path: String, isSubchart: Bool = false) throws(LoadFailure) -> [ChartFile] {
        guard bytes.starts(with: [0x1F, 0x8B, 0x08]) else {
            let words = ArchiveFiles.gzipWords(bytes)
            throw isSubchart ? LoadFailure(.archive, path, words) : ArchiveFiles.notGzip(bytes, path)
        }
        let limits = ArchiveLimits(
            totalBytes: 1 << 30, entryBytes: ArchiveFiles.maximumBytes, entries: 100_000, depth: 100)
        if let ahead, let size = WholeMember.size(bytes), ArchiveFiles.newPages.contains(size) {
            ProcessMemory.makePages(bytes: size, ahead)
        }
        let outcome: Result<[ChartFile], LoadFailure>
        do throws(ArchiveError) {
            outcome = try read(try ArchiveReader(bytes: bytes, limits: limits, rules: .unchecked), path)
        } catch {
            throw LoadFailure(.archive, path, ArchiveFiles.words(of: error))
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

    private func read(
        _ reader: ArchiveReader, _ path: String
    ) throws(ArchiveError) -> Result<[ChartFile], LoadFailure> {
        var files: [ChartFile] = []
        var left = ArchiveFiles.maximumBytes
        while let entry = try reader.next() {
            if entry.kind == .folder { continue }
            let name: String
            do throws(LoadFailure) { name = try ArchiveFiles.inner(entry.path, path) } catch { return .failure(error) }
            // Links, devices and pipes are files without contents to Helm.
            let isFile = entry.kind == .file || entry.kind == .other
            var contents = isFile ? try reader.sharedContents() : FileBytes([])
            left -= contents.count
            if left < 0 {
                let words = "decompressed chart is larger than the maximum size \(ArchiveFiles.maximumBytes)"
                return .failure(LoadFailure(.archive, path, words))
            }
            if contents.withBytes({ $0.starts(with: [0xEF, 0xBB, 0xBF]) }) { contents = contents.dropFirst(3) }
            files.append(file(name, contents, entry))
        }
        ahead?.begin()
        if files.isEmpty { return .failure(LoadFailure(.archive, path, "no files in chart archive")) }
        return .success(files)
    }

    private func file(_ name: String, _ contents: FileBytes, _ entry: ArchiveEntry) -> ChartFile {
        var file = ChartFile(name: name, contents: contents, modified: entry.modified)
        guard let ahead else { return file }
        if ArchiveFiles.isTemplate(name) { file.reading = TemplateReading(contents, ahead) }
        return file
    }

    /// Whether a file is most likely a template, of the chart or of one in its folder charts.
    private static func isTemplate(_ name: String) -> Bool {
        name.hasPrefix("templates/") || name.hasPrefix("charts/") && strstr(name, "/templates/") != nil
    }

    /// The path inside the chart's folder, by bytes, for it is asked of every file.
    private static func inner(_ entry: String, _ path: String) throws(LoadFailure) -> String {
        func refuse(_ words: String) -> LoadFailure { LoadFailure(.archive, path, words) }
        let bytes = Array(entry.utf8)
        let separator = UInt8(ascii: bytes.contains(UInt8(ascii: "\\")) ? "\\" : "/")
        let folder = bytes.firstIndex(of: separator) ?? bytes.count
        let rest = bytes[min(folder + 1, bytes.count)...]
        if rest.first == separator { throw refuse("chart illegally contains absolute paths") }
        let clean = cleaned(rest, separator)
        if clean.isEmpty {
            throw refuse("chart illegally contains content outside the base directory: \"\(entry)\"")
        }
        if clean.starts(with: "..".utf8) { throw refuse("chart illegally references parent directory") }
        if namesDrive(clean) { throw refuse("chart contains illegally named files") }
        if bytes[..<folder].elementsEqual("Chart.yaml".utf8) { throw refuse("chart yaml not in base directory") }
        return String(decoding: clean, as: UTF8.self)
    }

    /// The path with slashes, without empty parts and points, and each `..` applied that has a part before it.
    private static func cleaned(_ path: ArraySlice<UInt8>, _ separator: UInt8) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(path.count)
        var start = path.startIndex
        while start < path.endIndex {
            let end = path[start...].firstIndex(of: separator) ?? path.endIndex
            append(path[start..<end], to: &result)
            start = end + 1
        }
        return result
    }

    private static func append(_ part: ArraySlice<UInt8>, to path: inout [UInt8]) {
        if part.isEmpty || part.elementsEqual(".".utf8) { return }
        let last = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        if part.elementsEqual("..".utf8), !path.isEmpty, !path[last...].elementsEqual("..".utf8) {
            path.removeSubrange(max(last - 1, 0)...)
            return
        }
        if !path.isEmpty { path.append(UInt8(ascii: "/")) }
        path += part
    }

    /// Whether the first part is a letter and a colon.
    private static func namesDrive(_ path: [UInt8]) -> Bool {
        guard path.count > 1, path[1] == UInt8(ascii: ":"), path.count == 2 || path[2] == UInt8(ascii: "/") else {
            return false
        }
        return UInt8(ascii: "a")...UInt8(ascii: "z") ~= path[0] | 0x20
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
