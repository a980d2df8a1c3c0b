package import Document

/// The templates of a file that was read before its name was known: that of a chart's folder depends on Chart.yaml.
final class SourceTemplates: Sendable {
    /// A template without its name.
    struct Draft {
        let root: Node.Index
        let variableCount: Int
        let isEmpty: Bool
    }

    private let syntax: Syntax
    /// What the file defines, by name.
    private let defined: TextTable<Draft>
    /// The file itself.
    private let own: Draft

    init(syntax: Syntax, defined: TextTable<Draft>, own: Draft) {
        self.syntax = syntax
        self.defined = defined
        self.own = own
    }

    /// The templates with their names; nil where the file defines one that is named like itself a second time.
    func trees(of source: Source) -> [Tree]? {
        let code = Code(syntax.named(source))
        var trees: [Tree] = []
        trees.reserveCapacity(defined.count + 1)
        for entry in defined.entries where entry.key != source.name { trees.append(Tree(entry.key, entry.value, code)) }
        // Of two templates of one name an empty one does not count.
        if let other = defined[source.name], !other.isEmpty {
            guard own.isEmpty else { return nil }
            return trees + [Tree(source.name, other, code)]
        }
        return trees + [Tree(source.name, own, code)]
    }
}

extension Tree {
    fileprivate convenience init(_ name: Text, _ draft: SourceTemplates.Draft, _ code: Code) {
        self.init(
            name: name, code: code, root: draft.root, variableCount: draft.variableCount, isEmpty: draft.isEmpty)
    }
}

/// The syntax of a file that is perhaps being read already.
package final class TemplateReading: Sendable {
    private let outcome: WorkAhead.Outcome<Read>
    /// Kept, for without it the rest of the work is left undone.
    private let ahead: WorkAhead

    /// Lets `ahead` read a template.
    package init(_ contents: FileBytes, _ ahead: WorkAhead) {
        self.ahead = ahead
        outcome = ahead.add(weight: contents.count) {
            let bytes = contents.bytes
            return Read(bytes: bytes, templates: Parser.read(bytes))
        }
    }

    private struct Read: Sendable {
        let bytes: [UInt8]
        /// Nil where the bytes are no template.
        let templates: SourceTemplates?
    }

    /// Reads the template now, unless somebody does.
    func prepare() { outcome.prepare() }

    /// The templates of the file, whose name is known now.
    func trees(named name: Text) throws(ParseFailure) -> [Tree] {
        let read = outcome.get()
        let source = Source(name: name, bytes: read.bytes)
        if let trees = read.templates?.trees(of: source) { return trees }
        // Its failures name the file.
        return try Parser.parse(source, functions: .helm)
    }
}
