import Document

/// Sends rendered files through a post-renderer as one stream, and tells by a mark to which file each document belongs.
enum PostRendering {
    /// Helm's own annotation for it.
    private static let mark = "postrenderer.helm.sh/postrender-filename"

    static func files(
        _ files: TextTable<Text>, _ postRenderer: ([UInt8]) throws(LoadFailure) -> [UInt8]
    ) throws(RenderError) -> TextTable<Text> {
        var stream: [String] = []
        for file in files.entries.sorted(by: { $0.key < $1.key }) {
            for document in ManifestReading.documents(in: file.value) where !isEmpty(document) {
                stream.append(marked(document.string, file.key.string))
            }
        }
        let rendered: [UInt8]
        do throws(LoadFailure) {
            rendered = try postRenderer(Array(stream.joined(separator: "---\n").utf8))
        } catch {
            throw .rendering(error.message, [])
        }
        return split(Text(bytes: rendered))
    }

    /// Whether nothing but comments and blanks stand there.
    private static func isEmpty(_ document: Text) -> Bool {
        document.string.split(separator: "\n").allSatisfy { line in
            let line = GoText.trimSpace(line)
            return line.isEmpty || line.hasPrefix("#")
        }
    }

    // MARK: - Marks

    /// The document with the mark among its annotations, all else as it was.
    private static func marked(_ document: String, _ path: String) -> String {
        var lines = document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        let entry = "\(mark): '\(path)'"
        guard let metadata = lines.firstIndex(where: { $0.hasPrefix("metadata:") }) else {
            return (lines + ["metadata:", "  annotations:", "    \(entry)", ""]).joined(separator: "\n")
        }
        let next = lines[(metadata + 1)...].firstIndex { !GoText.trimSpace($0).isEmpty }
        let indent = next.map { lines[$0].prefix { $0 == " " }.count } ?? 0
        guard GoText.trimSpace(lines[metadata].dropFirst("metadata:".count)).isEmpty, indent > 0 else {
            return remade(document, path)
        }
        let margin = String(repeating: " ", count: indent)
        if let annotations = lines.firstIndex(where: { $0 == "\(margin)annotations:" }) {
            let inner = lines[(annotations + 1)...].first { !GoText.trimSpace($0).isEmpty } ?? ""
            let width = max(inner.prefix { $0 == " " }.count, indent + 1)
            lines.insert(String(repeating: " ", count: width) + entry, at: annotations + 1)
        } else if lines.contains(where: { $0.hasPrefix("\(margin)annotations:") }) {
            return remade(document, path)
        } else {
            lines.insert(contentsOf: ["\(margin)annotations:", "\(margin)  \(entry)"], at: metadata + 1)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A document whose metadata are written in one line is written anew.
    private static func remade(_ document: String, _ path: String) -> String {
        guard case .object(var object)? = try? YAML.parse(Text(document)) else { return document + "\n" }
        change(&object) { $0[Text(mark)] = .string(Text(path)) }
        return String(decoding: YAML.write(.object(object)), as: UTF8.self)
    }

    private static func change(_ object: inout Object, _ body: (inout Object) -> Void) {
        var (metadata, annotations): (Object, Object) = ([:], [:])
        if case .object(let found)? = object["metadata"] { metadata = found }
        if case .object(let found)? = metadata["annotations"] { annotations = found }
        body(&annotations)
        metadata["annotations"] = annotations.isEmpty ? nil : .object(annotations)
        object["metadata"] = metadata.isEmpty ? nil : .object(metadata)
    }

    /// The documents by the files that their marks name, the marks taken out.
    private static func split(_ stream: Text) -> TextTable<Text> {
        var result = TextTable<Text>()
        for (index, document) in ManifestReading.documents(in: stream).enumerated() where !isEmpty(document) {
            let value = try? YAML.parse(document)
            let name = value?["metadata", "annotations", Text(mark)]?.string
            // What a post-renderer adds belongs to no file.
            let path = Text(name ?? "generated-by-postrender-\(index).yaml")
            let text = name == nil ? document.string : unmarked(document.string)
            let whole = Text(GoText.trimmedRight(text) + "\n")
            result.set(path, result[path].map { $0 + "---\n" + whole } ?? whole)
        }
        return result
    }

    private static func unmarked(_ document: String) -> String {
        var lines = document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let index = lines.firstIndex(where: { GoText.trimSpace($0).hasPrefix(mark + ":") }) else {
            guard case .object(var object)? = try? YAML.parse(Text(document)) else { return document }
            change(&object) { $0[Text(mark)] = nil }
            return String(decoding: YAML.write(.object(object)), as: UTF8.self)
        }
        lines.remove(at: index)
        // What held nothing but the mark goes too.
        for name in ["annotations:", "metadata:"] {
            guard let parent = lines.indices.first(where: { GoText.trimSpace(lines[$0]) == name && $0 < index }) else {
                continue
            }
            let margin = lines[parent].prefix { $0 == " " }.count
            let next = lines[(parent + 1)...].first { !GoText.trimSpace($0).isEmpty }
            if (next?.prefix { $0 == " " }.count ?? 0) <= margin { lines.remove(at: parent) }
        }
        return lines.joined(separator: "\n")
    }
}
