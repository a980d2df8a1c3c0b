import Document
import Template

/// Where a schema stands: the URL of its document, and the JSON pointer (RFC 6901) to it there.
struct SchemaPlace: Sendable, Hashable {
    let url: Text
    let pointer: Text

    /// The place as a URL with a fragment.
    var text: Text { url + "#" + SchemaPlace.encoded(pointer) }

    /// The place of a keyword as a URL with a fragment.
    func text(of keyword: Text) -> Text { text + "/" + SchemaPlace.encoded(SchemaPlace.escaped(keyword)) }

    /// The place of a child.
    func appending(_ steps: Text...) -> SchemaPlace {
        SchemaPlace(url: url, pointer: steps.reduce(pointer) { SchemaPlace.append($1, to: $0) })
    }

    static func append(_ step: Text, to pointer: Text) -> Text { pointer + "/" + escaped(step) }

    /// A step with `~0` for `~` and `~1` for `/`.
    static func escaped(_ step: Text) -> Text {
        let isPlain = step.withBytes { bytes in
            !bytes.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
        }
        if isPlain { return step }
        return Text(
            bytes: step.bytes.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "~"): Array("~0".utf8)
                case UInt8(ascii: "/"): Array("~1".utf8)
                default: [byte]
                }
            })
    }

    /// The step that an escaped one stands for; nil where a `~` is followed by anything but 0 and 1.
    private static func unescaped(_ step: ArraySlice<UInt8>) -> Text? {
        var out: [UInt8] = []
        var rest = step
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                out.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): out.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): out.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return Text(bytes: out)
    }

    /// The steps of a pointer; nil where one is badly escaped.
    static func steps(of pointer: Text) -> [Text]? {
        var steps: [Text] = []
        for part in pointer.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            guard let step = unescaped(part) else { return nil }
            steps.append(step)
        }
        return steps
    }

    /// Go's `url.PathEscape` of every step, with the slashes left.
    private static func encoded(_ pointer: Text) -> Text {
        let kept = Array("-_.~$&+:=@/".utf8)
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || kept.contains(byte)
        }
        if pointer.withBytes({ $0.allSatisfy(isPlain) }) { return pointer }
        let digits = Array("0123456789ABCDEF".utf8)
        return Text(
            bytes: pointer.bytes.flatMap { byte in
                isPlain(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            })
    }

    /// What stands at a pointer of a document.
    func find(in document: Value) throws(JSONSchema.Failure) -> Value {
        guard let steps = SchemaPlace.steps(of: pointer) else {
            throw .reference(self, "invalid json-pointer \(text.quoted)")
        }
        var value = document
        for step in steps {
            let next: Value?
            switch value {
            case .object(let object): next = object[step]
            case .array(let elements):
                next = Int(step.string).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: next = nil
            }
            guard let next else { throw .reference(self, "json-pointer in \(text.quoted) not found") }
            value = next
        }
        return value
    }
}

/// A URL and its decoded fragment: a JSON pointer, or the name of an anchor.
struct SchemaReference {
    let url: Text
    let fragment: Text

    /// Whether the fragment is the name of an anchor and no pointer.
    var isAnchor: Bool { !fragment.isEmpty && !fragment.hasPrefix("/") }

    var place: SchemaPlace { SchemaPlace(url: url, pointer: fragment) }

    /// What stands before and after the `#`.
    static func split(_ text: Text) -> (url: Text, fragment: Text) {
        let bytes = text.bytes
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "#")) else { return (text, "") }
        return (Text(bytes: bytes[..<mark]), Text(bytes: bytes[(mark + 1)...]))
    }

    /// What `text` means in a document of that URL (RFC 3986, as Go's `URL.ResolveReference` has it).
    init(_ text: Text, in base: Text) throws(JSONSchema.Failure) {
        let (written, encoded) = SchemaReference.split(text)
        guard let fragment = GoURL.decoded(encoded) else {
            let words = "invalid URL escape \(GoURL.badEscape(in: encoded))"
            throw .reference(SchemaPlace(url: base, pointer: ""), "error in parsing \(text.quoted): \(words)")
        }
        self.fragment = fragment
        // The common case needs no URLs to be taken apart.
        url = written.isEmpty ? base : try SchemaReference.resolve(written, base)
    }

    private static func resolve(_ text: Text, _ base: Text) throws(JSONSchema.Failure) -> Text {
        do throws(GoURL.Malformed) {
            let outer = try GoURL(base.bytes)
            let inner = try GoURL(text.bytes)
            var result = outer.resolving(inner)
            if inner.scheme.isEmpty, !outer.opaque.isEmpty { result.opaque = outer.opaque }
            return result.text
        } catch {
            throw .reference(SchemaPlace(url: base, pointer: ""), "error in parsing \(text.quoted): \(error.message)")
        }
    }
}
