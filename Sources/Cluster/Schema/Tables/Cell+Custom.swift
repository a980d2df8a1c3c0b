import API
import Document

extension Cell {
    /// The cell of a CRD's column: what its JSONPath finds first, in the form of its type.
    static func custom(_ column: ResourceDeclaration.Column, _ object: Value, now: Time) -> Value {
        let path = JSONPath(column.source)
        let found = path?.find(in: object) ?? []
        guard let first = found.first, !first.isNull else { return .null }
        switch column.type {
        case "integer":
            if let number = first.number { return number.int64.map { .int($0) } ?? .int(Int64(number.double)) }
            return .null
        case "number": return first.number.map { .number($0) } ?? .null
        case "boolean": return first.bool.map { .bool($0) } ?? .null
        case "date":
            guard let text = first.string, let time = Time(text) else { return "<invalid>" }
            return .string(since(time, now))
        default: return .string(found.map(shown).joined(separator: ","))
        }
    }

    /// A value as fmt prints it, objects and lists as JSON.
    private static func shown(_ value: Value) -> String {
        switch value {
        case .array, .object: JSON.text(value).string
        default: GoValue.text(value)
        }
    }
}

/// The JSONPath of printer columns, selectable fields and scale: fields, indices, `[*]` and filters by equality
/// (client-go/util/jsonpath, as far as CRDs use it).
struct JSONPath {
    enum Step {
        case field(Text)
        case index(Int)
        case all
        /// `[?(@.type=="Ready")]`
        case filter([Text], Value)
    }

    private var steps: [Step] = []

    /// Reads `.spec.parts[0]`, `.status.conditions[?(@.type=="Ready")].status`; nil for what is none of these.
    init?(_ text: String) {
        var rest = Substring(text)
        if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
        if rest.hasPrefix("$") { rest = rest.dropFirst() }
        while !rest.isEmpty {
            if rest.hasPrefix(".") {
                rest = rest.dropFirst()
                if rest.hasPrefix("*") {
                    steps.append(.all)
                    rest = rest.dropFirst()
                    continue
                }
                guard let name = JSONPath.name(&rest) else { return nil }
                steps.append(.field(name))
            } else if rest.hasPrefix("[") {
                guard let close = JSONPath.closing(rest), let step = JSONPath.step(rest[rest.startIndex..<close]) else {
                    return nil
                }
                steps.append(step)
                rest = rest[close...].dropFirst()
            } else {
                return nil
            }
        }
    }

    /// A field's name, in which a dot is written `\.`.
    private static func name(_ rest: inout Substring) -> Text? {
        var name = ""
        while let character = rest.first, character != ".", character != "[" {
            rest = rest.dropFirst()
            if character == "\\", let escaped = rest.first {
                name.append(escaped)
                rest = rest.dropFirst()
            } else {
                name.append(character)
            }
        }
        return name.isEmpty ? nil : Text(name)
    }

    /// The bracket that closes the first one, outside of quotes.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var quote: Character?
        var depth = 0
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "[" {
                depth += 1
            } else if character == "]" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    private static func step(_ bracket: Substring) -> Step? {
        let inside = bracket.dropFirst()
        if inside == "*" { return .all }
        if let index = Int(inside) { return .index(index) }
        if let quoted = unquoted(inside) { return .field(Text(quoted)) }
        guard inside.hasPrefix("?("), inside.hasSuffix(")") else { return nil }
        let parts = inside.dropFirst(2).dropLast().split(separator: "=", omittingEmptySubsequences: true)
        guard parts.count == 2 else { return nil }
        let left = String(parts[0]).trimmed
        guard left.hasPrefix("@.") else { return nil }
        let right = String(parts[1]).trimmed
        let value = unquoted(Substring(right)).map { Value.string($0) } ?? (try? JSON.parse(Text(right)))
        return value.map { .filter(left.dropFirst(2).split(separator: ".").map { Text($0) }, $0) }
    }

    private static func unquoted(_ text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'", text.count >= 2, text.last == quote else {
            return nil
        }
        return String(text.dropFirst().dropLast())
    }

    /// All values that the path leads to.
    func find(in object: Value) -> [Value] {
        var values = [object]
        for step in steps { values = values.flatMap { JSONPath.follow(step, $0) } }
        return values
    }

    private static func follow(_ step: Step, _ value: Value) -> [Value] {
        switch step {
        case .field(let name): return value[name].map { [$0] } ?? []
        case .all: return value.array ?? value.object.map { Array($0.values) } ?? []
        case .index(let index):
            guard let elements = value.array else { return [] }
            let place = index < 0 ? elements.count + index : index
            return elements.indices.contains(place) ? [elements[place]] : []
        case .filter(let path, let wanted): return (value.array ?? []).filter { $0[path: path] == wanted }
        }
    }
}
