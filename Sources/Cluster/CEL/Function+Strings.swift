import API
import Document
import Pattern

extension Function {
    private static func texts(_ values: [CELValue]) throws(CELError) -> [String] {
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw .noOverload }
            texts.append(text)
        }
        return texts
    }

    private static func test(_ name: String, _ body: @escaping @Sendable (Text, Text) -> Bool) -> Function {
        member(.string, name, [.string], .bool) { values throws(CELError) in
            let texts = try texts(values)
            return .bool(body(Text(texts[0]), Text(texts[1])))
        }
    }

    private static func change(_ name: String, _ body: @escaping @Sendable (String) -> String) -> Function {
        member(.string, name, [], .string) { values throws(CELError) in .string(body(try texts(values)[0])) }
    }

    static func pattern(_ text: String) throws(CELError) -> RegularExpression {
        do throws(RegularExpression.Malformed) {
            return try RegularExpression(Array(text.utf8))
        } catch {
            throw CELError(error.message)
        }
    }

    /// What `find` looks for.
    private static func sought(_ text: String) throws(CELError) -> RegularExpression {
        do throws(CELError) { return try pattern(text) } catch { throw CELError("Illegal regex: \(error.message)") }
    }

    static func isPattern(_ text: String) -> Bool {
        do throws(CELError) { _ = try pattern(text) } catch { return false }
        return true
    }

    private static let matches: Body = { values throws(CELError) in
        let texts = try texts(values)
        return .bool(try pattern(texts[1]).matches(Array(texts[0].utf8)))
    }

    /// Places in a string are counted in code points.
    private static func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func find(_ needle: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int) -> Int? {
        guard start >= 0, needle.count <= text.count else { return nil }
        var place = start
        while place + needle.count <= text.count {
            if text[place..<place + needle.count].elementsEqual(needle) { return place }
            place += 1
        }
        return nil
    }

    private static func indexOf(_ values: [CELValue], isLast: Bool) throws(CELError) -> CELValue {
        let texts = try texts(Array(values.prefix(2)))
        let (text, needle) = (scalars(texts[0]), scalars(texts[1]))
        var start = isLast ? text.count : 0
        if values.count == 3, case .int(let given) = values[2] {
            guard given >= 0 else { throw CELError("index out of range: \(given)") }
            if needle.isEmpty { return .int(min(given, Int64(text.count))) }
            if given >= text.count { return .int(-1) }
            start = Int(given)
        }
        guard isLast else { return .int(Int64(find(needle, in: text, from: start) ?? -1)) }
        var place = min(start, text.count - needle.count)
        while place >= 0 {
            if text[place..<place + needle.count].elementsEqual(needle) { return .int(Int64(place)) }
            place -= 1
        }
        return .int(-1)
    }

    private static func substring(_ values: [CELValue]) throws(CELError) -> CELValue {
        guard case .string(let text) = values[0], case .int(let start) = values[1] else { throw .noOverload }
        let all = scalars(text)
        var end = Int64(all.count)
        if values.count == 3, case .int(let given) = values[2] { end = given }
        if start > end, values.count == 3 {
            throw CELError("invalid substring range. start: \(start), end: \(end)")
        }
        guard start >= 0, start <= all.count else { throw CELError("index out of range: \(start)") }
        guard end >= 0, end <= all.count else { throw CELError("index out of range: \(end)") }
        return .string(string(all[Int(start)..<Int(end)]))
    }

    private static func split(_ values: [CELValue]) throws(CELError) -> CELValue {
        let texts = try texts(Array(values.prefix(2)))
        var limit = -1
        if values.count == 3, case .int(let given) = values[2] { limit = Int(clamping: given) }
        if limit == 0 { return .list([]) }
        if texts[1].isEmpty {
            let all = scalars(texts[0])
            let count = limit < 0 ? all.count : min(limit, all.count)
            guard count > 0 else { return .list([]) }
            let singles = all.prefix(count - 1).map { CELValue.string(String(Character($0))) }
            return .list(singles + [.string(string(all.dropFirst(count - 1)))])
        }
        let (text, needle) = (scalars(texts[0]), scalars(texts[1]))
        var parts: [CELValue] = []
        var start = 0
        while limit < 0 || parts.count < limit - 1, let place = find(needle, in: text, from: start) {
            parts.append(.string(string(text[start..<place])))
            start = place + needle.count
        }
        return .list(parts + [.string(string(text[start...]))])
    }

    private static func replace(_ values: [CELValue]) throws(CELError) -> CELValue {
        let texts = try texts(Array(values.prefix(3)))
        var left = Int.max
        if values.count == 4, case .int(let given) = values[3], given >= 0 { left = Int(clamping: given) }
        let (text, needle) = (scalars(texts[0]), scalars(texts[1]))
        var result = ""
        if needle.isEmpty {
            // Before each character and behind the last.
            for place in 0...text.count {
                if place < left { result += texts[2] }
                if place < text.count { result.unicodeScalars.append(text[place]) }
            }
            return .string(result)
        }
        var start = 0
        while left > 0, let place = find(needle, in: text, from: start) {
            result += string(text[start..<place]) + texts[2]
            start = place + needle.count
            left -= 1
        }
        return .string(result + string(text[start...]))
    }

    private static func cased(_ text: String, from: ClosedRange<UInt32>, by distance: Int32) -> String {
        string(
            text.unicodeScalars.map { scalar in
                guard from.contains(scalar.value) else { return scalar }
                return Unicode.Scalar(UInt32(Int32(scalar.value) + distance)) ?? scalar
            })
    }

    private static func trimmed(_ text: String) -> String {
        let body = text.unicodeScalars.drop(while: \.properties.isWhitespace)
        return string(body.reversed().drop(while: \.properties.isWhitespace).reversed())
    }

    /// As many matches as the third value says, all where that is negative.
    private static let findAll: Body = { values throws(CELError) in
        let texts = try texts(Array(values.prefix(2)))
        let bytes = Array(texts[0].utf8)
        var found = try sought(texts[1]).allMatches(in: bytes, groups: false).map { match in
            CELValue.string(String(decoding: bytes[match.whole], as: UTF8.self))
        }
        if values.count == 3, case .int(let limit) = values[2], limit >= 0 { found = Array(found.prefix(Int(limit))) }
        return .list(found)
    }

    /// In quotes, with what has a meaning of its own escaped (cel-go's ext/strings).
    private static func quoted(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = [
            "\u{7}": "\\a", "\u{8}": "\\b", "\u{c}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{b}": "\\v",
            "\\": "\\\\", "\"": "\\\"",
        ]
        return "\"" + text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined() + "\""
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) }
    }

    static let strings: [Function] = [
        test("startsWith") { $0.bytes.starts(with: $1.bytes) },
        test("endsWith") { $0.bytes.reversed().starts(with: $1.bytes.reversed()) },
        test("contains") { text, part in
            find(scalars(part.string), in: scalars(text.string), from: 0) != nil
        },
        member(.string, "matches", [.string], .bool, matches), plain("matches", [.string, .string], .bool, matches),
        change("lowerAscii") { cased($0, from: 65...90, by: 32) },
        change("upperAscii") { cased($0, from: 97...122, by: -32) },
        change("trim", trimmed),
        member(.string, "charAt", [.int], .string) { values throws(CELError) in
            guard case .string(let text) = values[0], case .int(let place) = values[1] else { throw .noOverload }
            let all = scalars(text)
            guard place >= 0, place <= all.count else { throw CELError("index out of range: \(place)") }
            return .string(place == all.count ? "" : String(Character(all[Int(place)])))
        },
        member(.string, "indexOf", [.string], .int) { values throws(CELError) in try indexOf(values, isLast: false) },
        member(.string, "indexOf", [.string, .int], .int) { values throws(CELError) in
            try indexOf(values, isLast: false)
        },
        member(.string, "lastIndexOf", [.string], .int) { values throws(CELError) in try indexOf(values, isLast: true)
        },
        member(.string, "lastIndexOf", [.string, .int], .int) { values throws(CELError) in
            try indexOf(values, isLast: true)
        },
        member(.string, "substring", [.int], .string, substring),
        member(.string, "substring", [.int, .int], .string, substring),
        member(.string, "split", [.string], .list(.string), split),
        member(.string, "split", [.string, .int], .list(.string), split),
        member(.string, "replace", [.string, .string], .string, replace),
        member(.string, "replace", [.string, .string, .int], .string, replace),
        member(.list(.string), "join", [], .string) { values throws(CELError) in
            .string(try texts(values[0].elements ?? []).joined())
        },
        member(.list(.string), "join", [.string], .string) { values throws(CELError) in
            .string(try texts(values[0].elements ?? []).joined(separator: try texts([values[1]])[0]))
        },
        member(.string, "find", [.string], .string) { values throws(CELError) in
            let texts = try texts(values)
            let bytes = Array(texts[0].utf8)
            guard let match = try sought(texts[1]).firstMatch(in: bytes, groups: false) else {
                return .string("")
            }
            return .string(String(decoding: bytes[match.whole], as: UTF8.self))
        },
        member(.string, "findAll", [.string], .list(.string), findAll),
        member(.string, "findAll", [.string, .int], .list(.string), findAll),
        plain("strings.quote", [.string], .string) { values throws(CELError) in
            .string(quoted(try texts(values)[0]))
        },
    ]
}
