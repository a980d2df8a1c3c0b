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
    ///
    /// - Parameter readings: those whose documents are being read already, by their paths.
    init(_ files: TextTable<Text>, _ readings: TextTable<ManifestReading>) throws(Failure) {
        let sorted = files.entries.sorted { $0.key < $1.key }.filter { !Engine.isPartial($0.key) }
        let documents = sorted.map { file in
            readings[file.key].flatMap { $0.text == file.value ? $0 : nil } ?? ManifestReading(file.value)
        }
        // Another thread reads them in the order in which they were rendered: deeper folders first, and last ones.
        for reading in documents { reading.prepare() }
        for (file, reading) in zip(sorted, documents) {
            for document in reading.documents() { try add(document, file.key.string) }
        }
        manifests = KindOrder.order(of: manifests.map(\.kind)).map { manifests[$0] }
        hooks = KindOrder.order(of: hooks.map(\.kind)).map { hooks[$0] }
    }

    private mutating func add(_ read: ManifestReading.Document, _ path: String) throws(Failure) {
        let document = read.text
        let head: ManifestHead
        switch read.head {
        case .read(let read): head = read
        case .failed(let error):
            throw Failure(path: path, message: error.message, document: document, line: error.line)
        }
        guard let hook = head.annotations["helm.sh/hook"]?.text else {
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
                weight: Int(head.annotations["helm.sh/hook-weight"]?.string ?? "") ?? 0,
                deletePolicies: head.list("helm.sh/hook-delete-policy"),
                outputLogPolicies: head.list("helm.sh/hook-output-log-policy")))
    }
}
