import Document
import Template

/// Cuts rendered files into documents, tells hooks from manifests, and brings both into the order of installation.
struct ManifestSorter {
    private(set) var manifests: [Manifest] = []
    private(set) var hooks: [Hook] = []
    /// The annotations of documents that name a hook event which Helm does not know; such documents are dropped.
    private(set) var unknownHooks: [String] = []

    /// A document that is no Kubernetes object.
    struct Failure: Error {
        let path: String
        let message: String
        /// The document, and which of its lines is at fault, from 1; 0 where nobody knows.
        let document: Text
        let line: Int

        /// Where the line begins in the file that holds the document.
        func offset(in file: Text) -> Int {
            let (all, wanted) = (file.bytes, document.bytes)
            var start = 0
            while start + wanted.count <= all.count, !all[start...].starts(with: wanted) { start += 1 }
            var left = line - 1
            for (index, byte) in wanted.enumerated() where left > 0 && byte == UInt8(ascii: "\n") {
                left -= 1
                if left == 0, index + 1 < wanted.count { return start + index + 1 }
            }
            return start
        }
    }

    /// Sorts the files that a rendering gave.
    init(_ files: [Text: Text]) throws(Failure) {
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            if Engine.isPartial(path) { continue }
            for document in ManifestSorter.documents(text) { try add(document, path.string) }
        }
        manifests = KindOrder.order(of: manifests.map(\.kind)).map { manifests[$0] }
        hooks = KindOrder.order(of: hooks.map(\.kind)).map { hooks[$0] }
    }

    // MARK: - Documents

    /// The documents between separators: `---` at the start of a line, blanks around it taken off.
    static func documents(_ text: Text) -> [Text] {
        text.withBytes { buffer in
            let all = Array(buffer)
            var rest = GoText.trimmingLeft(all[...])
            var result: [Text] = []
            var isFirst = true
            while true {
                let (head, tail) = cut(rest, isFirst: isFirst)
                isFirst = false
                let document = GoText.trimmingLeft(head)
                if !document.isEmpty { result.append(Text(bytes: document)) }
                guard let tail else { return result }
                rest = tail
            }
        }
    }

    /// The bytes before the first separator, and those after it; nil where there is none. A separator needs a newline
    /// before it that no other separator has taken, or the start of the text.
    private static func cut(
        _ bytes: ArraySlice<UInt8>, isFirst: Bool
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
        var line = bytes.startIndex
        while line < bytes.endIndex {
            if bytes[line] == UInt8(ascii: "-"), bytes[line...].starts(with: "---".utf8),
                line > bytes.startIndex || isFirst
            {
                var head = bytes[..<line]
                while let last = head.last, isBlank(last) { head.removeLast() }
                return (head, bytes[(line + 3)...].drop(while: isBlank))
            }
            guard let newline = bytes[line...].firstIndex(of: 0x0A) else { break }
            line = newline + 1
        }
        return (bytes, nil)
    }

    /// The blanks of a regular expression's `\s`.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
    }

    // MARK: - Heads

    private mutating func add(_ document: Text, _ path: String) throws(Failure) {
        let head: ManifestHead
        do throws(ManifestHead.Failure) {
            head = try ManifestHead(document)
        } catch {
            throw Failure(path: path, message: error.message, document: document, line: error.line)
        }
        guard let hook = head.annotations?["helm.sh/hook"] else {
            manifests.append(
                Manifest(
                    path: path, content: document, kind: head.kind, apiVersion: head.apiVersion, name: head.name))
            return
        }
        addHook(hook.string, head, document, path)
    }

    private mutating func addHook(_ names: String, _ head: ManifestHead, _ document: Text, _ path: String) {
        var events: [Hook.Event] = []
        for name in names.split(separator: ",", omittingEmptySubsequences: false) {
            guard let event = Hook.Event(annotation: GoText.trimSpace(name).lowercased()) else {
                unknownHooks.append(names)
                return
            }
            events.append(event)
        }
        hooks.append(
            Hook(
                name: head.name, kind: head.kind, path: path, manifest: document, events: events,
                weight: Int(head.annotations?["helm.sh/hook-weight"]?.string ?? "") ?? 0,
                deletePolicies: head.list("helm.sh/hook-delete-policy"),
                outputLogPolicies: head.list("helm.sh/hook-output-log-policy")))
    }
}

/// The few members of a document that Helm looks at.
private struct ManifestHead {
    struct Failure: Error {
        let message: String
        var line = 0
    }

    var apiVersion = ""
    var kind = ""
    var name = ""
    var annotations: [Text: Text]?

    init(_ document: Text) throws(Failure) {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(document)
        } catch {
            throw Failure(message: "error converting YAML to JSON: \(error.message)", line: error.line)
        }
        if value.isNull { return }
        guard case .object(let object) = value else {
            throw ManifestHead.mismatch(value, "Go value of type util.SimpleHead")
        }
        apiVersion = try ManifestHead.string(object.member("apiVersion"), "apiVersion")
        kind = try ManifestHead.string(object.member("kind"), "kind")
        try readMetadata(object.member("metadata"))
    }

    private mutating func readMetadata(_ value: Value?) throws(Failure) {
        guard let value, !value.isNull else { return }
        guard case .object(let metadata) = value else {
            throw ManifestHead.mismatch(
                value,
                "Go struct field SimpleHead.metadata of type struct { Name string \"json:\\\"name\\\"\"; "
                    + "Annotations map[string]string \"json:\\\"annotations\\\"\" }")
        }
        name = try ManifestHead.string(metadata.member("name"), "metadata.name")
        guard let notes = metadata.member("annotations"), !notes.isNull else { return }
        guard case .object(let members) = notes else {
            throw ManifestHead.mismatch(
                notes, "Go struct field .metadata.annotations of type map[string]string")
        }
        var result: [Text: Text] = [:]
        for member in members {
            result[member.key] = Text(try ManifestHead.string(member.value, "metadata.annotations"))
        }
        annotations = result
    }

    /// A comma list, in lower case.
    func list(_ annotation: Text) -> [String] {
        guard let text = annotations?[annotation] else { return [] }
        return text.string.split(separator: ",", omittingEmptySubsequences: false)
            .map { GoText.trimSpace($0).lowercased() }
    }

    /// A string; other scalars count as their text, as sigs.k8s.io/yaml has it.
    private static func string(_ value: Value?, _ path: String) throws(Failure) -> String {
        switch value ?? .null {
        case .null: return ""
        case .string(let text): return text.string
        case .bool(let bool): return bool ? "true" : "false"
        case .number(let number):
            return number.int64.map(String.init) ?? GoValue.float(number.double).printed.string
        case .array, .object:
            // The struct of the metadata has no name of its own.
            let type = path.contains(".") ? "" : "SimpleHead"
            throw mismatch(value ?? .null, "Go struct field \(type).\(path) of type string")
        }
    }

    private static func mismatch(_ value: Value, _ target: String) -> Failure {
        let words = "json: cannot unmarshal \(value.goKind) into \(target)"
        return Failure(message: "error unmarshaling JSON: while decoding JSON: \(words)")
    }
}

extension Object {
    /// The member that encoding/json takes for a field: of that name, else of one that differs only in case.
    fileprivate func member(_ name: Text) -> Value? {
        if let value = self[name] { return value }
        let lowered = name.string.lowercased()
        return first { $0.key.string.lowercased() == lowered }?.value
    }
}
