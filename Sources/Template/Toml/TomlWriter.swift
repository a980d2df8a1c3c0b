import Document

/// Writes TOML as BurntSushi's encoder does: keys sorted, plain ones before tables, two blanks for each level.
struct TomlWriter {
    private var out: [UInt8] = []

    /// The text of a value.
    static func write(_ value: GoValue) throws(CallFailure) -> Text {
        if value.isNil { throw .text("reflect: call of reflect.Value.Type on zero Value") }
        var writer = TomlWriter()
        try writer.encode([], value)
        return Text(bytes: writer.out)
    }

    private enum Kind { case scalar, table, array, arrayOfTables, nothing }

    /// The kind that TOML has for a value; a list with a nil in it has none.
    private static func kind(_ value: GoValue, _ depth: Int) throws(CallFailure) -> Kind {
        if depth > Extent.mostDepth { throw .limit("a value nests deeper than \(Extent.mostDepth)") }
        switch value {
        case .invalid, .null: return .nothing
        case .map(let map): return map.isNil ? .nothing : .table
        case .object(let object):
            if let underlying = object.underlying { return try kind(underlying, depth + 1) }
            return object.tomlFields == nil ? .scalar : .table
        case .list(let list):
            var areTables = !list.elements.isEmpty
            for element in list.elements {
                let kind = try kind(element, depth + 1)
                if kind == .nothing { throw .text("toml: cannot encode array with nil element") }
                areTables = areTables && kind == .table
            }
            return areTables ? .arrayOfTables : .array
        case .bytes: return .array
        case .complex: throw .text("unsupported type: complex128")
        default: return .scalar
        }
    }

    private static func fields(_ value: GoValue) -> [(Text, GoValue)] {
        switch value {
        case .map(let map): map.entries.map { ($0.key, $0.value) }
        case .object(let object): object.underlying.map(fields) ?? object.tomlFields ?? []
        default: []
        }
    }

    private static func elements(_ value: GoValue) -> [GoValue] {
        switch value {
        case .list(let list): list.elements
        case .bytes(let text): text.bytes.map(GoValue.uint8)
        case .object(let object): object.underlying.map(elements) ?? []
        default: []
        }
    }

    private mutating func encode(_ path: [Text], _ value: GoValue) throws(CallFailure) {
        switch try TomlWriter.kind(value, path.count) {
        case .nothing: return
        case .table: try table(path, value)
        case .arrayOfTables:
            if path.isEmpty { throw .text("toml: top-level values must be Go maps or structs") }
            for element in TomlWriter.elements(value) {
                newLine()
                head(path, "[[", "]]")
                try members(path, element)
            }
        case .scalar, .array:
            if let last = path.last {
                indent(path)
                out += TomlWriter.quotedKey(last)
                out += " = ".utf8
                try element(value, path.count)
                newLine()
            } else {
                try element(value, 0)
            }
        }
    }

    private mutating func table(_ path: [Text], _ value: GoValue) throws(CallFailure) {
        if path.count == 1 { newLine() }
        if !path.isEmpty { head(path, "[", "]") }
        try members(path, value)
    }

    private mutating func members(_ path: [Text], _ value: GoValue) throws(CallFailure) {
        var tables: [(Text, GoValue)] = []
        for (key, member) in TomlWriter.fields(value) {
            switch try TomlWriter.kind(member, path.count) {
            case .nothing: continue
            case .table, .arrayOfTables: tables.append((key, member))
            case .scalar, .array: try encode(path + [key], member)
            }
        }
        for (key, member) in tables { try encode(path + [key], member) }
    }

    private mutating func newLine() { if !out.isEmpty { out.append(UInt8(ascii: "\n")) } }

    private mutating func indent(_ path: [Text]) {
        out.append(contentsOf: repeatElement(0x20, count: 2 * (path.count - 1)))
    }

    private mutating func head(_ path: [Text], _ opening: String, _ closing: String) {
        indent(path)
        out += opening.utf8
        out += path.map(TomlWriter.quotedKey).joined(separator: [UInt8(ascii: ".")])
        out += closing.utf8
        newLine()
    }

    // MARK: - Values

    private mutating func element(_ value: GoValue, _ depth: Int) throws(CallFailure) {
        switch try TomlWriter.kind(value, depth) {
        case .table: try inlineTable(value, depth)
        case .array, .arrayOfTables:
            out.append(UInt8(ascii: "["))
            for (index, item) in TomlWriter.elements(value).enumerated() {
                if index > 0 { out += ", ".utf8 }
                try element(item, depth + 1)
            }
            out.append(UInt8(ascii: "]"))
        case .scalar, .nothing: scalar(value)
        }
    }

    private mutating func inlineTable(_ value: GoValue, _ depth: Int) throws(CallFailure) {
        out.append(UInt8(ascii: "{"))
        var plain: [(Text, GoValue)] = []
        var tables: [(Text, GoValue)] = []
        for (key, member) in TomlWriter.fields(value) {
            switch try TomlWriter.kind(member, depth) {
            case .table, .arrayOfTables: tables.append((key, member))
            case .scalar, .array, .nothing: plain.append((key, member))
            }
        }
        let members = plain + tables
        for (index, (key, member)) in members.enumerated() where !member.isNil {
            out += TomlWriter.quotedKey(key)
            out += " = ".utf8
            try element(member, depth + 1)
            // As BurntSushi's writer, which sees too late that nothing follows.
            if index < members.count - 1 { out += ", ".utf8 }
        }
        out.append(UInt8(ascii: "}"))
    }

    private mutating func scalar(_ value: GoValue) {
        switch value {
        case .float(let double): out += TomlWriter.text(of: double).utf8
        case .string(let text): out += TomlWriter.quoted(text)
        case .object(let object): out += object.tomlText.bytes
        default: out += GoFormat.text(value).bytes
        }
    }

    private static func text(of double: Double) -> String {
        if double.isNaN { return double.sign == .minus ? "-nan" : "nan" }
        if double.isInfinite { return double < 0 ? "-inf" : "inf" }
        let text = GoNumber.general(double)
        return text.contains(".") || text.contains("e") ? text : text + ".0"
    }

    private static func quotedKey(_ key: Text) -> [UInt8] {
        let isBare = key.withBytes { bytes in
            !bytes.isEmpty
                && bytes.allSatisfy {
                    ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "_")
                        || $0 == UInt8(ascii: "-")
                }
        }
        return isBare ? key.bytes : quoted(key)
    }

    /// The text between double quotes.
    static func quoted(_ text: Text) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x08: out += "\\b".utf8
            case 0x09: out += "\\t".utf8
            case 0x0A: out += "\\n".utf8
            case 0x0C: out += "\\f".utf8
            case 0x0D: out += "\\r".utf8
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                out += ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
        return out
    }
}

extension GoObject {
    /// The fields of a struct in the order of its declaration; nil for what TOML writes as one text.
    fileprivate var tomlFields: [(Text, GoValue)]? {
        if self is TimeObject || self is VersionObject || kindName == "int" || kindName == "int64" { return nil }
        if let order = declaredFields { return order.compactMap { name in field(name).map { (name, $0) } } }
        guard case .object(let object) = json else { return nil }
        return object.map { ($0.key, GoValue($0.value)) }
    }

    /// What stands for the value itself.
    fileprivate var tomlText: Text {
        if let time = self as? TimeObject { return Text(time.tomlText) }
        if case .string(let text) = json { return Text(bytes: TomlWriter.quoted(text)) }
        return JSON.text(json)
    }
}
