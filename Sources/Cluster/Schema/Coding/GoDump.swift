import Document

/// The lines of a struct as upstream prints its internal types to show what differs (apimachinery's diff.Diff): JSON
/// with Go's names, indented by one blank, fields at their zero value included.
///
/// The internal types are those of v1 but for a few that stand elsewhere, which ``moves`` tells.
struct GoDump {
    private(set) var lines: [String] = []
    /// What has been written of the line that is not yet ended.
    private var line = ""
    private var depth = 0
    /// Whether all stands in one line, as errors show a value.
    private let isCompact: Bool

    /// What differs between two values of a core/v1 struct, as a unified diff; empty where the declarations lack it.
    static func difference(_ name: String, _ old: Value, _ new: Value) -> String {
        guard let structure = DeclarationLibrary.shared.structure("io.k8s.api.core.v1.\(name)") else { return "" }
        return LineDiff(GoDump(structure, old).lines, GoDump(structure, new).lines).unified(context: 3)
    }

    /// A value of a struct of a group's v1, by default the core's, as errors show it: in one line.
    static func shown(_ name: String, _ value: Value, of group: String = "core") -> String {
        let definition = "io.k8s.api.\(group).v1.\(name)"
        guard let structure = DeclarationLibrary.shared.structure(definition) else { return "" }
        return GoDump(structure, value, isCompact: true).lines.joined()
    }

    private init(_ structure: Structure, _ value: Value, isCompact: Bool = false) {
        self.isCompact = isCompact
        self.structure(structure, value)
        lines.append(line)
    }

    private var separator: String { isCompact ? ":" : ": " }

    private mutating func write(_ text: String) { line += text }

    private mutating func end() {
        guard !isCompact else { return }
        lines.append(line)
        line = String(repeating: " ", count: depth)
    }

    // MARK: Structs

    /// Fields of v1 that stand elsewhere in the internal type: behind which field, or in which one.
    private enum Move {
        case behind(Text)
        case into(Text)
        case nowhere
    }

    private static let moves: [String: [Text: Move]] = [
        "PodSpec": [
            "serviceAccount": .nowhere, "hostNetwork": .into("securityContext"), "hostPID": .into("securityContext"),
            "hostIPC": .into("securityContext"), "shareProcessNamespace": .into("securityContext"),
            "hostUsers": .into("securityContext"), "setHostnameAsFQDN": .behind("subdomain"),
            "preemptionPolicy": .behind("priority"), "overhead": .behind("runtimeClassName"),
        ],
        "Volume": ["quobyte": .behind("rbd")],
    ]

    private mutating func structure(_ structure: Structure, _ value: Value) {
        var entries: [Entry] = []
        if structure.definition?.hasPrefix("io.k8s.apimachinery") == true {
            entries = GoDump.tagged(structure, value)
        } else {
            entries = GoDump.fields(of: structure).flatMap { field in
                // The internal types have the metadata's fields as their own.
                if field.name == "metadata", case .structure(let metadata) = field.shape.form {
                    return GoDump.tagged(metadata, value["metadata"] ?? [:]).filter { $0.value?.isNull != true }
                }
                return [Entry(field, in: structure, value)]
            }
        }
        block("{", "}", entries.count) { dump, index in
            let entry = entries[index]
            dump.line += GoDump.quoted(entry.name) + dump.separator
            let moved = GoDump.moved(into: entry.field, of: structure, value)
            if moved.isEmpty { return dump.field(entry.field, entry.value) }
            dump.securityContext(entry, moved)
        }
    }

    private struct Entry {
        let name: String
        let field: Field
        let value: Value?

        init(_ field: Field, in structure: Structure, _ value: Value) {
            self.init(GoText.name(field.name.string, in: structure.name), field, value[field.name])
        }

        init(_ name: String, _ field: Field, _ value: Value?) {
            (self.name, self.field, self.value) = (name, field, value)
        }
    }

    /// Types of apimachinery have the tags of JSON inside too.
    private static func tagged(_ structure: Structure, _ value: Value) -> [Entry] {
        structure.fields.compactMap { field in
            value[field.name].map { Entry(field.name.string, field, $0) }
        }
    }

    private static func fields(of structure: Structure) -> [Field] {
        guard let moves = moves[structure.name] else { return structure.fields }
        var fields = structure.fields.filter { moves[$0.name] == nil }
        for field in structure.fields {
            guard case .behind(let other)? = moves[field.name] else { continue }
            let index = fields.firstIndex { $0.name == other } ?? fields.count - 1
            fields.insert(field, at: index + 1)
        }
        return fields
    }

    private static func moved(into field: Field, of structure: Structure, _ value: Value) -> [Entry] {
        guard let moves = moves[structure.name] else { return [] }
        return structure.fields.compactMap { other in
            guard case .into(field.name)? = moves[other.name] else { return nil }
            return Entry(other, in: structure, value)
        }
    }

    /// Inside, it begins with what stands beside it in v1, and is always there.
    private mutating func securityContext(_ entry: Entry, _ moved: [Entry]) {
        guard case .structure(let structure) = entry.field.shape.form else { return }
        let own = structure.fields.map { Entry($0, in: structure, entry.value ?? [:]) }
        block("{", "}", moved.count + own.count) { dump, index in
            let entry = index < moved.count ? moved[index] : own[index - moved.count]
            dump.line += GoDump.quoted(entry.name) + dump.separator
            dump.field(entry.field, entry.value)
        }
    }

    private mutating func field(_ field: Field, _ value: Value?) {
        let value = value?.isNull == true ? nil : value
        if value == nil, field.isPointer { return write("null") }
        content(field.shape, value)
    }

    // MARK: Values

    private mutating func content(_ shape: Shape, _ value: Value?) {
        switch shape.form {
        case .structure(let structure): self.structure(structure, value ?? [:])
        case .list(let item, _):
            guard let elements = value?.array else { return write("null") }
            block("[", "]", elements.count) { dump, index in dump.content(item, elements[index]) }
        case .map(let item):
            guard let members = value?.object else { return write("null") }
            let sorted = Array(members)
            block("{", "}", sorted.count) { dump, index in
                dump.line += GoDump.quoted(sorted[index].key.string) + dump.separator
                dump.content(item, sorted[index].value)
            }
        default: line += GoDump.scalar(value ?? shape.zero)
        }
    }

    /// Braces around as many entries, each on a line of its own.
    private mutating func block(_ open: String, _ close: String, _ count: Int, _ entry: (inout GoDump, Int) -> Void) {
        line += open
        guard count > 0 else { return write(close) }
        depth += 1
        end()
        for index in 0..<count {
            entry(&self, index)
            if index + 1 < count { line += "," } else { depth -= 1 }
            end()
        }
        line += close
    }

    private static func scalar(_ value: Value) -> String {
        if let text = value.string { return quoted(text) }
        return JSON.text(value).string
    }

    /// encoding/json hides what means something in HTML.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for character in JSON.text(.string(Text(text))).string.unicodeScalars {
            switch character {
            case "<": result += "\\u003c"
            case ">": result += "\\u003e"
            case "&": result += "\\u0026"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
