import Document

/// Makes structures of the lines of a group's declarations, in two passes: all structures first, then their fields,
/// because they refer to each other in any order.
struct StructureReader {
    private struct Draft {
        let structure: Structure
        let version: String
        var lines: [DeclarationText.Line] = []
    }

    let package: String
    private var drafts: [Draft] = []
    private var shapes: [String: Shape] = [:]

    init(package: String) { self.package = package }

    /// By definition name.
    var structures: [String: Structure] {
        Dictionary(
            drafts.map { ("\(package).\($0.version).\($0.structure.name)", $0.structure) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The other files whose structures the fields refer to.
    var foreignFiles: Set<String> {
        var result: Set<String> = []
        for draft in drafts {
            for line in draft.lines where line.verb != "inline" {
                let name = line.words[1].drop { "*[]{}<>".contains($0) || $0 == "*" }
                guard let dot = name.lastIndex(of: ".") else { continue }
                let path = name[..<dot].split(whereSeparator: { "]}>".contains($0) }).last ?? ""
                result.insert(String(path.prefix { $0 != "/" }))
            }
        }
        return result
    }

    /// The first pass.
    mutating func outline(_ lines: [DeclarationText.Line]) {
        var version = ""
        for line in lines {
            switch (line.depth, line.verb) {
            case (0, "version"): version = String(line.words[1])
            case (0, _):
                let name = String(line.words[1])
                let structure = Structure(
                    name: name, definition: "\(package).\(version).\(name)", isAtomic: line.words.contains("atomic"),
                    isHidden: line.words.contains("hidden"), isKind: line.verb == "kind",
                    union: union(line.words))
                drafts.append(Draft(structure: structure, version: version))
            default: drafts[drafts.count - 1].lines.append(line)
            }
        }
    }

    /// `union=type:localhostProfile`; the discriminator may be left out.
    private func union(_ words: [Substring]) -> Structure.Union? {
        guard let word = words.first(where: { $0.hasPrefix("union=") }) else { return nil }
        let parts = word.dropFirst("union=".count).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return Structure.Union(
            discriminator: parts[0].isEmpty ? nil : String(parts[0]),
            members: parts[1].split(separator: ",").map(String.init))
    }

    /// The second pass.
    ///
    /// - Parameter find: gives the structure of a definition name, of this group or another.
    mutating func fill(_ find: (String) -> Structure?) {
        for draft in drafts { fill(draft, find) }
        var settled: Set<ObjectIdentifier> = []
        for draft in drafts { settle(draft.structure, &settled) }
    }

    /// Inner structures first: the zero value of the outer shows theirs.
    private func settle(_ structure: Structure, _ settled: inout Set<ObjectIdentifier>) {
        guard settled.insert(ObjectIdentifier(structure)).inserted else { return }
        for field in structure.fields where !field.isPointer {
            if let inner = field.shape.structure, inner.definition?.hasPrefix("\(package).") == true {
                settle(inner, &settled)
            }
        }
        structure.settle()
    }

    private mutating func fill(_ draft: Draft, _ find: (String) -> Structure?) {
        var fields: [Field] = []
        var inlines: [Structure.Inline] = []
        var open: [(depth: Int, index: Int)] = []
        for line in draft.lines {
            while let last = open.last, last.depth >= line.depth { open.removeLast() }
            if line.verb == "inline" {
                let number = line.words.dropFirst(2).first.flatMap { Int($0.dropFirst()) } ?? 0
                inlines.append(
                    Structure.Inline(name: String(line.words[1]), number: number, parent: open.last?.index))
                open.append((line.depth, inlines.count - 1))
                continue
            }
            fields.append(field(line, draft.version, inline: open.last?.index, find))
        }
        draft.structure.complete(fields, inlines: inlines)
    }

    private mutating func field(
        _ line: DeclarationText.Line, _ version: String, inline: Int?, _ find: (String) -> Structure?
    ) -> Field {
        var attributes = FieldAttributes()
        for word in line.words.dropFirst(2) { attributes.read(word) }
        let isPointer = line.words[1].hasPrefix("*")
        return Field(
            name: Text(line.verb), shape: shape(line.words[1].drop { $0 == "*" }, version, find), isPointer: isPointer,
            emission: attributes.emission, isRequired: attributes.isRequired,
            declaredDefault: attributes.declaredDefault, appliedDefault: attributes.appliedDefault,
            patch: attributes.patch, enumeration: attributes.enumeration, isAtomic: attributes.isAtomic,
            isGranular: attributes.isGranular, isBare: attributes.isBare, number: attributes.number, inline: inline)
    }

    /// The shape that a type's text tells: `[map:name]Container`, `{}string`, `int32`, `string<PullPolicy>` …
    private mutating func shape(_ text: Substring, _ version: String, _ find: (String) -> Structure?) -> Shape {
        let key = "\(version) \(text)"
        if let known = shapes[key] { return known }
        let made = makeShape(text, version, find)
        shapes[key] = made
        return made
    }

    private mutating func makeShape(_ text: Substring, _ version: String, _ find: (String) -> Structure?) -> Shape {
        if text.hasPrefix("[") { return list(text, version, find) }
        if text.hasPrefix("{") {
            let (_, rest) = text.bracketed("}")
            let (name, item) = rest.named
            let shape = shape(item, version, find)
            let goType = name.map { "\(version).\($0)" } ?? "map[string]\(shape.goType)"
            return Shape(.map(shape), goType: goType)
        }
        let (bare, name) = text.suffixed
        if let scalar = StructureReader.scalars[String(bare)] {
            guard let name else { return scalar }
            return Shape(
                scalar.form, goType: name == "int" || name.contains(".") ? String(name) : "\(version).\(name)",
                definition: scalar.definition)
        }
        return reference(bare, version, find)
    }

    private mutating func list(_ text: Substring, _ version: String, _ find: (String) -> Structure?) -> Shape {
        let (kind, rest) = text.bracketed("]")
        let (name, item) = rest.named
        let shape = shape(item, version, find)
        let goType = name.map { "\(version).\($0)" } ?? "[]\(shape.goType)"
        let merge: ListMerge
        switch kind {
        case "set": merge = .set
        case let keys where keys.hasPrefix("map:"):
            merge = .map(keys.dropFirst(4).split(separator: ",").map { Text($0) })
        default: merge = .atomic
        }
        return Shape(.list(shape, merge), goType: goType, definition: kind.isEmpty ? nil : "typed")
    }

    private func reference(_ text: Substring, _ version: String, _ find: (String) -> Structure?) -> Shape {
        var definition = "\(package).\(version).\(text)"
        var goVersion = Substring(version)
        if let dot = text.lastIndex(of: ".") {
            let path = text[..<dot].split(separator: "/")
            goVersion = path.count > 1 ? path[1] : "v1"
            definition =
                "\(DeclarationLibrary.package(ofFile: String(path[0]))).\(goVersion).\(text[dot...].dropFirst())"
        }
        guard let structure = find(definition) else { return Shape(.any, goType: String(text), definition: definition) }
        return Shape(.structure(structure), goType: "\(goVersion).\(structure.name)")
    }

    private static let meta = "io.k8s.apimachinery.pkg.apis.meta.v1"
    private static let extensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"

    private static let scalars: [String: Shape] = [
        "string": Shape(.string, goType: "string"), "bool": Shape(.bool, goType: "bool"),
        "int32": Shape(.int32, goType: "int32"), "int64": Shape(.int64, goType: "int64"),
        "float64": Shape(.float64, goType: "float64"), "bytes": Shape(.bytes, goType: "[]uint8"),
        "Quantity": Shape(
            .quantity, goType: "resource.Quantity", definition: "io.k8s.apimachinery.pkg.api.resource.Quantity"),
        "Time": Shape(.time, goType: "v1.Time", definition: "\(meta).Time"),
        "MicroTime": Shape(.microTime, goType: "v1.MicroTime", definition: "\(meta).MicroTime"),
        "Duration": Shape(.duration, goType: "v1.Duration", definition: "\(meta).Duration"),
        "IntOrString": Shape(
            .intOrString, goType: "intstr.IntOrString", definition: "io.k8s.apimachinery.pkg.util.intstr.IntOrString"),
        "RawExtension": Shape(
            .any, goType: "runtime.RawExtension", definition: "io.k8s.apimachinery.pkg.runtime.RawExtension"),
        "FieldsV1": Shape(.any, goType: "v1.FieldsV1", definition: "\(meta).FieldsV1"),
        "JSON": Shape(.any, goType: "v1.JSON", definition: "\(extensions).JSON"),
        "JSONSchemaPropsOrArray": Shape(
            .any, goType: "v1.JSONSchemaPropsOrArray", definition: "\(extensions).JSONSchemaPropsOrArray"),
        "JSONSchemaPropsOrBool": Shape(
            .any, goType: "v1.JSONSchemaPropsOrBool", definition: "\(extensions).JSONSchemaPropsOrBool"),
        "JSONSchemaPropsOrStringArray": Shape(
            .any, goType: "v1.JSONSchemaPropsOrStringArray", definition: "\(extensions).JSONSchemaPropsOrStringArray"),
    ]
}

extension Substring {
    /// `[set]string` → `set`, `string`.
    fileprivate func bracketed(_ close: Character) -> (inside: Substring, rest: Substring) {
        let inside = dropFirst().prefix { $0 != close }
        return (inside, self[inside.endIndex...].dropFirst())
    }

    /// `<Verbs>string` → `Verbs`, `string`.
    fileprivate var named: (name: Substring?, rest: Substring) {
        guard hasPrefix("<") else { return (nil, self) }
        let (inside, rest) = bracketed(">")
        return (inside, rest)
    }

    /// `string<PullPolicy>` → `string`, `PullPolicy`.
    fileprivate var suffixed: (bare: Substring, name: Substring?) {
        guard hasSuffix(">"), let open = firstIndex(of: "<") else { return (self, nil) }
        return (self[..<open], self[open...].dropFirst().dropLast())
    }
}
