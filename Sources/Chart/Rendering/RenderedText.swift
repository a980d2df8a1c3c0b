public import Document

/// What `template` prints: manifests, then hooks, each after its source.
public struct RenderedText: Sendable {
    private let documents: [(path: String, content: Text)]
    private let hooks: [(path: String, content: Text)]

    /// A template that `--show-only` names and the chart does not have.
    public struct Missing: Error, Sendable {
        public let pattern: String
    }

    public init(_ result: RenderResult, hooks: [Hook], definitions: [ChartFile]) {
        documents = definitions.map { ($0.name, $0.text) } + result.manifests.map { ($0.path, $0.content) }
        self.hooks = hooks.map { ($0.path, $0.manifest) }
    }

    /// What a release's record holds: a manifest of which each document names its source.
    public init(manifest: Text, hooks: [(path: String, content: Text)], definitions: [ChartFile]) {
        let stored = ManifestReading.documents(in: manifest).map { document -> (path: String, content: Text) in
            let mark = "# Source: "
            let lines = document.string.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = lines.first, first.hasPrefix(mark) else { return ("", document) }
            return (String(first.dropFirst(mark.count)), Text(String(lines.dropFirst().first ?? "")))
        }
        documents = definitions.map { ($0.name, $0.text) } + stored
        self.hooks = hooks
    }

    /// The whole text.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for document in documents { RenderedText.append(document, to: &bytes) }
        let trimmed = GoText.trimmingRight(GoText.trimmingLeft(bytes[...]))
        bytes = Array(trimmed) + [UInt8(ascii: "\n")]
        for hook in hooks { RenderedText.append(hook, to: &bytes) }
        return bytes
    }

    private static func append(_ document: (path: String, content: Text), to bytes: inout [UInt8]) {
        bytes += "---\n# Source: \(document.path)\n".utf8
        document.content.withBytes { bytes += $0 }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The documents whose path inside the chart matches one of the patterns, in the order of the patterns.
    public func selected(_ patterns: [String]) throws(Missing) -> [UInt8] {
        let all = ManifestReading.documents(in: Text(bytes: bytes))
        var out: [UInt8] = []
        for pattern in patterns {
            let matches = all.filter { document in
                RenderedText.source(of: document).map { PathPattern.matches(pattern, $0) } ?? false
            }
            if matches.isEmpty { throw Missing(pattern: pattern) }
            for document in matches { out += "---\n".utf8 + document.bytes + [UInt8(ascii: "\n")] }
        }
        return out
    }

    /// The path after the chart's name in the comment `# Source: NAME/PATH`.
    private static func source(of document: Text) -> String? {
        for line in document.string.split(separator: "\n") {
            guard let path = after("# Source: ", in: line) else { continue }
            guard let slash = path.firstIndex(of: "/"), slash != path.startIndex else { continue }
            let rest = path[path.index(after: slash)...]
            if !rest.isEmpty { return String(rest) }
        }
        return nil
    }

    /// What follows the first occurrence of `mark`.
    private static func after(_ mark: String, in line: Substring) -> Substring? {
        var rest = line
        while !rest.isEmpty {
            if rest.hasPrefix(mark) { return rest.dropFirst(mark.count) }
            rest.removeFirst()
        }
        return nil
    }

    /// Writes the documents to files below a folder, and tells which.
    public func write(to folder: String, told: (String) -> Void) throws(LoadFailure) {
        var written: Set<String> = []
        for document in documents + hooks {
            let path = "\(folder)/\(document.path)"
            if let slash = path.lastIndex(of: "/") { try HostFile.makeFolder(String(path[..<slash])) }
            var bytes: [UInt8] = []
            RenderedText.append(document, to: &bytes)
            if written.insert(path).inserted {
                try HostFile.write(bytes, to: path)
                told(path)
            } else {
                try HostFile.write(try HostFile.read(path) + bytes, to: path)
            }
        }
    }
}
