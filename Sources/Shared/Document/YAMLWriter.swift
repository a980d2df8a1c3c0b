extension YAML {
    /// Whose hand a text shows.
    public enum Dialect: Sendable {
        /// go-yaml v2 behind sigs.k8s.io/yaml, which brings the value into JSON's shape first: folds long lines.
        case second
        /// go-yaml v3 with an indentation of 2, as Helm's toYamlPretty calls it: no folding, a mapping's lists are
        /// indented, numbers stand as their literals.
        case third
    }

    /// The value in block style, with a newline at the end.
    public static func write(_ value: Value, dialect: Dialect = .second) -> [UInt8] {
        var writer = YAMLWriter(dialect: dialect)
        writer.document(value)
        return writer.bytes
    }

    /// The value as text.
    public static func text(_ value: Value, dialect: Dialect = .second) -> Text {
        Text(bytes: write(value, dialect: dialect))
    }
}

/// Writes block style as libyaml's emitter lays it out for go-yaml.
struct YAMLWriter {
    private(set) var bytes: [UInt8] = []
    private let dialect: YAML.Dialect
    private static let step = 2

    init(dialect: YAML.Dialect) { self.dialect = dialect }

    mutating func document(_ value: Value) {
        switch value {
        case .array(let elements) where !elements.isEmpty: sequence(elements, indent: 0)
        case .object(let object) where !object.isEmpty: mapping(object, indent: 0)
        default:
            scalar(value, indent: YAMLWriter.step)
            newLine()
        }
    }

    private mutating func newLine() { bytes.append(UInt8(ascii: "\n")) }

    private mutating func spaces(_ count: Int) { bytes.append(contentsOf: repeatElement(0x20, count: count)) }

    /// Writes the lines of a sequence whose dash stands at column `indent`; the first line is begun already where
    /// `isFirstLineBegun`, as after another dash.
    private mutating func sequence(_ elements: [Value], indent: Int, isFirstLineBegun: Bool = false) {
        for (index, element) in elements.enumerated() {
            if index > 0 || !isFirstLineBegun { spaces(indent) }
            bytes.append(UInt8(ascii: "-"))
            bytes.append(0x20)
            compact(element, indent: indent)
        }
    }

    /// Writes a value after an indicator (`- `, `? `, `: `) that stands at column `indent`.
    private mutating func compact(_ value: Value, indent: Int) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            sequence(elements, indent: indent + YAMLWriter.step, isFirstLineBegun: true)
        case .object(let object) where !object.isEmpty:
            mapping(object, indent: indent + YAMLWriter.step, isFirstLineBegun: true)
        default:
            scalar(value, indent: indent + YAMLWriter.step)
            newLine()
        }
    }

    private mutating func mapping(_ object: Object, indent: Int, isFirstLineBegun: Bool = false) {
        // go-yaml v3 sees structs, where v2 is given the maps that were made of their JSON.
        let isStruct = dialect == .third && !object.isStrictlySorted
        for (index, member) in (isStruct ? Array(object) : YAMLKeyOrder.sorted(object)).enumerated() {
            if index > 0 || !isFirstLineBegun { spaces(indent) }
            guard YAMLScalarText.isSimpleKey(member.key) else {
                longKey(member, indent: indent)
                continue
            }
            text(member.key, indent: indent + YAMLWriter.step, isSimpleKey: true)
            bytes.append(UInt8(ascii: ":"))
            memberValue(member.value, indent: indent)
        }
    }

    /// A key that is too long for a line of its own: `? KEY`, then `: VALUE`.
    private mutating func longKey(_ member: Object.Member, indent: Int) {
        bytes.append(contentsOf: "? ".utf8)
        text(member.key, indent: indent + YAMLWriter.step, isSimpleKey: false)
        newLine()
        spaces(indent)
        bytes.append(contentsOf: ": ".utf8)
        compact(member.value, indent: indent)
    }

    private mutating func memberValue(_ value: Value, indent: Int) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            newLine()
            sequence(elements, indent: dialect == .third ? indent + YAMLWriter.step : indent)
        case .object(let object) where !object.isEmpty:
            newLine()
            mapping(object, indent: indent + YAMLWriter.step)
        default:
            bytes.append(0x20)
            scalar(value, indent: indent + YAMLWriter.step)
            newLine()
        }
    }

    private mutating func scalar(_ value: Value, indent: Int) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number) where dialect == .third: number.literal.withBytes { bytes.append(contentsOf: $0) }
        case .number(let number): bytes.append(contentsOf: YAMLWriter.number(number).utf8)
        case .string(let string): text(string, indent: indent, isSimpleKey: false)
        case .array: bytes.append(contentsOf: "[]".utf8)
        case .object: bytes.append(contentsOf: "{}".utf8)
        }
    }

    /// encoding/json's literal as go-yaml reads it and writes it back.
    private static func number(_ number: Number) -> String {
        if let value = number.int64 { return String(value) }
        switch YAMLScalar(plain: number.kubernetes.literal) {
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .float(let value): return GoFloat.general(value)
        default: return number.literal.string
        }
    }

    private mutating func text(_ text: Text, indent: Int, isSimpleKey: Bool) {
        YAMLScalarText.write(text, into: &bytes, indent: indent, isSimpleKey: isSimpleKey, dialect: dialect)
    }
}
