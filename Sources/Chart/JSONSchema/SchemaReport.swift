import Document
import Template

/// Writes faults as the lines that Helm prints: each at the place of its value, causes indented below it.
enum SchemaReport {
    static func text(of fault: SchemaFault) -> String {
        var out: [UInt8] = []
        write(fault, 0, &out)
        return String(decoding: out, as: UTF8.self)
    }

    private static func write(_ fault: SchemaFault, _ indent: Int, _ out: inout [UInt8]) {
        var indent = indent
        // A reference with a single cause says nothing that the cause does not say.
        if case .reference = fault.kind, fault.causes.count == 1 {
            return write(fault.causes[0], indent, &out)
        }
        if indent > 0 {
            out.append(UInt8(ascii: "\n"))
            out += [UInt8](repeating: UInt8(ascii: " "), count: 2 * (indent - 1)) + Array("- ".utf8)
        }
        indent += 1
        if case .schema = fault.kind {} else { out += "at \(quoted(pointer(fault.path))): ".utf8 }
        out += words(fault.kind).utf8
        for cause in fault.causes { write(cause, indent, &out) }
    }

    /// The way to a value as a JSON pointer.
    static func pointer(_ path: [JSON.PathStep]) -> Text {
        path.reduce("") { pointer, step in
            switch step {
            case .key(let key): SchemaPlace.append(key, to: pointer)
            case .index(let index): pointer + "/" + Text(String(index))
            }
        }
    }

    /// A text in single quotes, with Go's escapes but bare double quotes.
    ///
    /// The library that Helm uses turns `\"` into `"` with the closing quote still there, so that a text that ends with
    /// a backslash loses one of its two.
    static func quoted(_ text: Text) -> String {
        var out: [UInt8] = [UInt8(ascii: "'")]
        let escaped = GoQuote.quote(text).bytes.dropFirst()
        for (byte, next) in zip(escaped, escaped.dropFirst()) {
            if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "\"") { continue }
            if byte == UInt8(ascii: "'") { out.append(UInt8(ascii: "\\")) }
            out.append(byte)
        }
        out.append(UInt8(ascii: "'"))
        return String(decoding: out, as: UTF8.self)
    }

    private static func quoted(_ texts: [Text]) -> String { texts.map { quoted($0) }.joined(separator: ", ") }

    // MARK: - Words

    /// What a keyword says.
    static func words(_ kind: SchemaFault.Kind) -> String {
        switch kind {
        case .schema(let place): "jsonschema validation failed with \(quoted(place.text))"
        case .group, .reference: "validation failed"
        case .falseSchema: "false schema"
        case .foreign(let type): "invalid jsonType \(type)"
        case .cycle(let first, let second, let place):
            "both \(first) and \(second) resolve to \(place.text.quoted) causing reference cycle"
        case .type(let got, let want): "got \(got), want \(want.joined(separator: " or "))"
        case .constant(let value): choice([value], or: "'const' failed")
        case .choice(let values): choice(values, or: "'enum' failed")
        case .format(let got, let want, let words): "\(quoted(got)) is not valid \(want): \(words)"
        case .not: "'not' failed"
        case .all: "'allOf' failed"
        case .any: "'anyOf' failed"
        case .noneOfOne: "'oneOf' failed, none matched"
        case .severalOfOne(let first, let second):
            "'oneOf' failed, subschemas \(LocalNumber.text(first)), \(LocalNumber.text(second)) matched"
        case .bound(let keyword, let got, let want):
            "\(keyword): got \(LocalNumber.text(got)), want \(LocalNumber.text(want))"
        case .limit(let keyword, let got, let want):
            "\(keyword): got \(LocalNumber.text(got)), want \(LocalNumber.text(want))"
        case .pattern(let got, let want): "\(quoted(got)) does not match pattern \(quoted(want))"
        default: wordsOfCollections(kind)
        }
    }

    private static func wordsOfCollections(_ kind: SchemaFault.Kind) -> String {
        switch kind {
        case .required(let names):
            "missing \(names.count == 1 ? "property" : "properties") \(quoted(names))"
        case .dependency(let key, let missing): "properties \(quoted(missing)) required, if \(quoted(key)) exists"
        case .surplus(let names): "additional properties \(quoted(names)) not allowed"
        case .propertyName(let name): "invalid propertyName \(quoted(name))"
        case .duplicates(let first, let second):
            "items at \(LocalNumber.text(first)) and \(LocalNumber.text(second)) are equal"
        case .surplusItems(let count): "last \(LocalNumber.text(count)) additionalItem(s) not allowed"
        case .contains(nil, _): "no items match contains schema"
        case .contains(let fewest?, let matched): contains("min", fewest, matched)
        case .containsTooMany(let most, let matched): contains("max", most, matched)
        default: "validation failed"
        }
    }

    private static func contains(_ bound: String, _ count: Int, _ matched: [Int]) -> String {
        let start = "\(bound) \(LocalNumber.text(count)) items required to match contains schema, but"
        if matched.isEmpty { return "\(start) none matched" }
        let places = matched.map(String.init).joined(separator: " ")
        return "\(start) matched \(LocalNumber.text(matched.count)) items at \(places)"
    }

    private static func choice(_ values: [Value], or fallback: String) -> String {
        let holdsOthers = values.contains { $0.array != nil || $0.object != nil }
        if holdsOthers { return fallback }
        let list = values.map { Instance($0).printed }.joined(separator: ", ")
        return values.count == 1 ? "value must be \(list)" : "value must be one of \(list)"
    }
}

/// Numbers as golang.org/x/text prints them in English.
enum LocalNumber {
    static func text(_ value: Int) -> String {
        let digits = String(value.magnitude)
        return (value < 0 ? "-" : "") + grouped(digits[...])
    }

    static func text(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-∞" : "∞" }
        let text = GoFloat.general(value.magnitude)
        let sign = value < 0 ? "-" : ""
        if let mark = text.firstIndex(of: "e") {
            let power = text[text.index(after: mark)...].map { superscripts[$0] ?? "" }.joined()
            return "\(sign)\(text[..<mark])×10\(power)"
        }
        let point = text.firstIndex(of: ".") ?? text.endIndex
        return sign + grouped(text[..<point]) + text[point...]
    }

    private static let superscripts: [Character: String] = [
        "-": "⁻", "+": "", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
        "9": "⁹",
    ]

    private static func grouped(_ digits: Substring) -> String {
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
            out.append(digit)
        }
        return out
    }
}
