import API
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
        if text.utf8.count > longest { faults.append("must be no more than \(longest) bytes") }
        do throws(RegularExpression.Malformed) {
            let expression = try RegularExpression(Array("^(?:\(pattern))$".utf8))
            if !expression.matches(Array(text.utf8)) { faults.append(words) }
        } catch {
            throw CELError(error.message)
        }
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
                name: "qualifiedName", pattern: qualified, longest: 317, words: "name part must be a qualified name"),
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
                return .string(try filled(text, arguments[...]))
            },
        ]

    /// The text with a value in the place of each verb.
    private static func filled(_ text: String, _ arguments: ArraySlice<CELValue>) throws(CELError) -> String {
        var arguments = arguments
        var result = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            if rest.first == "%" {
                result.append(rest.removeFirst())
                continue
            }
            var digits = ""
            if rest.first == "." {
                rest.removeFirst()
                while let digit = rest.first, digit.isASCII, digit.isNumber { digits.append(rest.removeFirst()) }
            }
            guard let verb = rest.popFirst() else { throw CELError("unexpected end of format string") }
            guard let value = arguments.popFirst() else { throw CELError("index \(arguments.startIndex) out of range") }
            result += try formatted(value, verb, Int(digits) ?? 6)
        }
        return result
    }

    private static func formatted(_ value: CELValue, _ verb: Character, _ precision: Int) throws(CELError) -> String {
        switch (verb, value) {
        case ("s", _): return shown(value)
        case ("d", .int(let number)): return String(number)
        case ("d", .uint(let number)): return String(number)
        case ("b", .bool(let bool)): return bool ? "1" : "0"
        case ("b", .int(let number)): return String(number, radix: 2)
        case ("o", .int(let number)): return String(number, radix: 8)
        case ("x", .int(let number)): return String(number, radix: 16)
        case ("X", .int(let number)): return String(number, radix: 16, uppercase: true)
        case ("x", .string(let text)): return text.utf8.map { hexadecimal($0) }.joined()
        case ("f", .double(let number)): return fixed(number, precision)
        case ("f", .int(let number)): return fixed(Double(number), precision)
        default: throw CELError("could not parse formatting clause: unrecognized formatting clause \"\(verb)\"")
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func shown(_ value: CELValue) -> String {
        switch value {
        case .null: "null"
        case .list(let list): "[\(list.map(shown).joined(separator: ", "))]"
        case .network(let address): address.text
        default:
            if let members = value.members {
                "{\(members.map { "\(shown($0.key)): \(shown($0.value))" }.sorted().joined(separator: ", "))}"
            } else {
                text(value) ?? value.typeName
            }
        }
    }

    /// A number with so many digits behind its point.
    private static func fixed(_ number: Double, _ precision: Int) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity" }
        var scale = 1.0
        for _ in 0..<min(precision, 15) { scale *= 10 }
        let scaled = (abs(number) * scale).rounded(.toNearestOrEven)
        guard scaled < 9e18 else { return "\(number)" }
        var digits = String(Int64(scaled))
        let places = min(precision, 15)
        while digits.count <= places { digits = "0" + digits }
        let point = digits.index(digits.endIndex, offsetBy: -places)
        let sign = number < 0 && scaled > 0 ? "-" : ""
        return sign + digits[..<point] + (places > 0 ? "." + digits[point...] : "")
    }
}
