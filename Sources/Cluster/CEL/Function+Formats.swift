import API
import Document
import Pattern

/// A named format of strings: a value of the `format` library.
public struct NamedFormat: Sendable, Hashable {
    let name: String
    let pattern: String
    var longest = Int.max
    /// What is wrong where the pattern does not match; upstream's words of its validation package.
    var words = ""

    /// What is wrong with the text; empty for nothing.
    func faults(of text: String) throws(CELError) -> [String] {
        var faults: [String] = []
        if text.utf8.count > longest { faults.append("must be no more than \(longest) characters") }
        guard try !Self.matches(pattern, text) else { return faults }
        switch name {
        case "qualifiedName": return try qualifiedFaults(of: text)
        case "uri": faults.append("parse \(GoQuote.quote(Text(text)).string): \(text.isEmpty ? "empty url" : words)")
        // As long as it may be, and a row of labels: there are dots in it.
        case "dns1123Label" where try Self.matches("\(Self.label)(\\.\(Self.label))*", text),
            "dns1123LabelPrefix" where try Self.matches("\(Self.label)(\\.\(Self.label))*-?", text):
            faults.append("must not contain dots")
        default: faults.append(words)
        }
        return faults
    }

    private static func matches(_ pattern: String, _ text: String) throws(CELError) -> Bool {
        do throws(RegularExpression.Malformed) {
            return try RegularExpression(Array("^(?:\(pattern))$".utf8)).matches(Array(text.utf8))
        } catch {
            throw CELError(error.message)
        }
    }

    /// What is wrong with the parts of a label's key.
    private func qualifiedFaults(of text: String) throws(CELError) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count < 3 else {
            let example = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            return ["a valid label key \(words) \(example)"]
        }
        var faults: [String] = []
        if parts.count == 2 {
            if parts[0].isEmpty { faults.append("prefix part must be non-empty") }
            let prefix = parts[0].isEmpty ? [] : try Self.all["dns1123Subdomain"]?.faults(of: parts[0]) ?? []
            faults += prefix.map { "prefix part \($0)" }
        }
        let last = parts[parts.count - 1]
        if last.isEmpty { faults.append("name part must be non-empty") }
        if last.utf8.count > 63 { faults.append("name part must be no more than 63 characters") }
        if try !Self.matches("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", last) { faults.append("name part \(words)") }
        return faults
    }

    private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    private static let labelWords =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        + "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '\(label)')"
    private static let subdomainWords =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        + "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'\(label)(\\.\(label))*')"
    private static let oldLabel = "[a-z]([-a-z0-9]*[a-z0-9])?"
    private static let oldLabelWords =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
        + "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation "
        + "is '\(oldLabel)')"
    private static let value = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
    private static let qualified =
        "([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.\(label))*/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

    static let all: [String: NamedFormat] = Dictionary(
        uniqueKeysWithValues: [
            NamedFormat(name: "dns1123Label", pattern: label, longest: 63, words: labelWords),
            NamedFormat(
                name: "dns1123Subdomain", pattern: "\(label)(\\.\(label))*", longest: 253, words: subdomainWords),
            NamedFormat(name: "dns1035Label", pattern: oldLabel, longest: 63, words: oldLabelWords),
            NamedFormat(name: "dns1123LabelPrefix", pattern: "\(label)-?", longest: 63, words: labelWords),
            NamedFormat(
                name: "dns1123SubdomainPrefix", pattern: "\(label)(\\.\(label))*[-.]?", longest: 253,
                words: subdomainWords),
            NamedFormat(name: "dns1035LabelPrefix", pattern: "\(oldLabel)-?", longest: 63, words: oldLabelWords),
            NamedFormat(
                name: "qualifiedName", pattern: qualified,
                words: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                    + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                    + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"),
            NamedFormat(
                name: "labelValue", pattern: value, longest: 63,
                words: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
                    + "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
                    + "'12345', regex used for validation is '\(value)')"),
            NamedFormat(
                name: "uri", pattern: "([A-Za-z][A-Za-z0-9+.-]*:[^\\s]+|/[^\\s]*)", words: "invalid URI for request"),
            NamedFormat(
                name: "uuid", pattern: "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}",
                words: "does not match the UUID format"),
            NamedFormat(
                name: "byte", pattern: "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
                words: "invalid base64"),
            NamedFormat(
                name: "date", pattern: "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", words: "invalid date"),
            NamedFormat(
                name: "datetime",
                pattern: "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:"
                    + "([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
                words: "invalid datetime"),
        ].map { ($0.name, $0) })
}

// MARK: The library format, and format of strings (Kubernetes documentation, "CEL in Kubernetes"; cel-go's ext/strings)

extension Function {
    private static let format = CELType.opaque("kubernetes.NamedFormat")

    static let formats: [Function] =
        NamedFormat.all.values.map { known in
            plain("format.\(known.name)", [], format) { _ throws(CELError) in .format(known) }
        } + [
            plain("format.named", [.string], .optional(format)) { values throws(CELError) in
                guard case .string(let name) = values[0] else { throw .noOverload }
                return .optional(NamedFormat.all[name].map { .format($0) })
            },
            member(format, "validate", [.string], .optional(.list(.string))) { values throws(CELError) in
                guard case .format(let format) = values[0], case .string(let text) = values[1] else {
                    throw .noOverload
                }
                let faults = try format.faults(of: text)
                return .optional(faults.isEmpty ? nil : .list(faults.map { .string($0) }))
            },
            member(.string, "format", [.list(.dyn)], .string) { values throws(CELError) in
                guard case .string(let text) = values[0], case .list(let arguments) = values[1] else {
                    throw .noOverload
                }
                return .string(try filled(text, arguments))
            },
        ]

    /// The text with a value in the place of each verb.
    private static func filled(_ text: String, _ arguments: [CELValue]) throws(CELError) -> String {
        do throws(FormatText.Failure) {
            return try FormatText.filled(text, count: arguments.count) {
                verb, precision, place throws(FormatText.Failure) in
                try formatted(arguments[place], verb, precision ?? 6)
            }.text
        } catch {
            throw CELError(error.message)
        }
    }

    private static func formatted(
        _ value: CELValue, _ verb: Unicode.Scalar, _ precision: Int
    ) throws(FormatText.Failure) -> String {
        if let refusal = FormatText.refusal(verb, value.typeName) { throw FormatText.Failure(message: refusal) }
        switch (verb, value) {
        case ("s", _): return try shown(value, isPart: false)
        case ("b", .bool(let bool)): return bool ? "1" : "0"
        case ("b", .int(let number)): return String(number, radix: 2)
        case ("b", .uint(let number)): return String(number, radix: 2)
        case ("o", .int(let number)): return String(number, radix: 8)
        case ("o", .uint(let number)): return String(number, radix: 8)
        case ("x", _), ("X", _): return hexadecimal(value, isUpper: verb == "X")
        case ("f", .double(let number)): return fixed(number, precision)
        case ("e", .double(let number)): return scientific(number, precision)
        case ("f", .string(let name)), ("e", .string(let name)):
            guard let shown = ["NaN": "NaN", "Infinity": "∞", "-Infinity": "-∞"][name] else {
                let clause = verb == "f" ? "fixed-point" : "scientific"
                throw FormatText.Failure(message: "\(clause) clause can only be used on doubles, was given string")
            }
            return shown
        default: return text(value) ?? ""
        }
    }

    private static func hexadecimal(_ value: CELValue, isUpper: Bool) -> String {
        func bytes(_ bytes: some Sequence<UInt8>) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: isUpper) }.joined()
        }
        switch value {
        case .int(let number): return String(number, radix: 16, uppercase: isUpper)
        case .uint(let number): return String(number, radix: 16, uppercase: isUpper)
        case .string(let text): return bytes(text.utf8)
        case .bytes(let data): return bytes(data)
        default: return ""
        }
    }

    /// - Parameter isPart: whether the value stands in a list or a map, where it is written as an expression has it.
    private static func shown(_ value: CELValue, isPart: Bool) throws(FormatText.Failure) -> String {
        switch value {
        case .null: return "null"
        case .list(let list), .associated(let list, _):
            var parts: [String] = []
            for element in list { parts.append(try shown(element, isPart: true)) }
            return "[\(parts.joined(separator: ", "))]"
        case .string(let text) where isPart: return GoQuote.quote(Text(text)).string
        case .bytes(let bytes) where isPart: return "b" + GoQuote.quote(Text(bytes: bytes)).string
        case .double(let number) where isPart:
            return number.isFinite ? plain(number) : number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Inf\"" : "\"+Inf\""
        case .timestamp where isPart: return "timestamp(\"\(text(value) ?? "")\")"
        case .duration where isPart: return "duration(\"\(text(value) ?? "")\")"
        case .type(let name): return isPart ? "type(\(name))" : name
        default:
            if let members = value.members { return try shown(members) }
            if case .bytes(let bytes) = value, String(validating: bytes, as: UTF8.self) == nil {
                let why = "invalid UTF-8 in bytes, cannot convert to string"
                throw FormatText.Failure(message: "could not convert argument \"\(why)\" to string")
            }
            if let refusal = FormatText.refusal("s", value.typeName) { throw FormatText.Failure(message: refusal) }
            return text(value) ?? ""
        }
    }

    private static func shown(
        _ members: [(key: CELValue, value: CELValue)]
    ) throws(FormatText.Failure) -> String {
        var parts: [(key: String, value: String)] = []
        for member in members {
            parts.append((try shown(member.key, isPart: true), try shown(member.value, isPart: true)))
        }
        let sorted = parts.sorted { Text($0.key) < Text($1.key) }
        return "{\(sorted.map { "\($0.key):\($0.value)" }.joined(separator: ", "))}"
    }

    /// With six digits, as an expression has it.
    private static func plain(_ number: Double) -> String { fixed(number, 6).filter { $0 != "," } }

    /// One digit before the point, in the words of English: `1.052033 × 10⁰³`.
    private static func scientific(_ number: Double, _ precision: Int) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-∞" : "∞" }
        var (digits, exponent) = (abs(number), 0)
        while digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
        while digits > 0, digits < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
        let scale = (0..<min(precision, 15)).reduce(1.0) { scale, _ in scale * 10 }
        if (digits * scale).rounded(.toNearestOrEven) >= 10 * scale { (digits, exponent) = (digits / 10, exponent + 1) }
        let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let power = String(abs(exponent)).utf8.map { raised[Int($0) - 48] }
        let sign = exponent < 0 ? "⁻" : ""
        return (number < 0 ? "-" : "") + fixed(digits, precision) + "\u{202f}×\u{202f}10\(sign)"
            + (power.count < 2 ? "⁰" : "") + String(power)
    }

    /// A number with so many digits behind its point, and commas before it as English has them.
    private static func fixed(_ number: Double, _ precision: Int) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-∞" : "∞" }
        var scale = 1.0
        for _ in 0..<min(precision, 15) { scale *= 10 }
        let scaled = (abs(number) * scale).rounded(.toNearestOrEven)
        guard scaled < 9e18 else { return "\(number)" }
        var digits = String(Int64(scaled))
        let places = min(precision, 15)
        while digits.count <= places { digits = "0" + digits }
        let point = digits.index(digits.endIndex, offsetBy: -places)
        let sign = number < 0 && scaled > 0 ? "-" : ""
        let whole = Array(digits[..<point])
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return sign + grouped + (places > 0 ? "." + digits[point...] : "")
    }
}
