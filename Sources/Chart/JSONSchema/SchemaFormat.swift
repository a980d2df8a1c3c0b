import Document
import Pattern
import Template

/// What a string has to look like by `format`.
struct SchemaFormat: Sendable {
    let name: String
    /// What is wrong with a text; nil where nothing is.
    let fault: @Sendable (Text) -> String?

    /// The format of that name; nil for those that assert nothing.
    static func named(_ name: String) -> SchemaFormat? {
        known[name].map { SchemaFormat(name: name, fault: $0) }
    }

    private static let known: [String: @Sendable (Text) -> String?] = [
        "regex": regex, "json-pointer": jsonPointer, "relative-json-pointer": relativeJSONPointer, "uuid": uuid,
        "semver": semver, "duration": duration, "period": period, "date": date, "time": time,
        "date-time": dateTime, "ipv4": ipv4, "ipv6": ipv6, "hostname": hostname, "email": email, "uri": uri,
        "iri": uri, "uri-reference": uriReference, "iri-reference": uriReference, "uri-template": uriTemplate,
    ]

    // MARK: - Pieces

    /// A character as Go's `%q` prints it.
    static func quoted(_ scalar: Unicode.Scalar) -> String {
        scalar == "'" ? "'\\''" : "'\(GoQuote.escaped(scalar))'"
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// The parts between a separator, empty ones too.
    static func split(_ text: Text, _ separator: Character) -> [Text] {
        guard let byte = separator.asciiValue else { return [text] }
        return text.bytes.split(separator: byte, omittingEmptySubsequences: false).map { Text(bytes: $0) }
    }

    /// Go's `strconv.Atoi`: the number, or what is wrong with the text.
    static func number(_ text: Text) -> Result<Int, NumberFault> {
        if let number = Int(text.string), text.bytes.first != UInt8(ascii: "_") { return .success(number) }
        let digits = text.bytes.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        let isNumber =
            !digits.isEmpty && digits.count + 1 >= text.count
            && digits.allSatisfy { (0x30...0x39).contains($0) }
        let reason = isNumber ? "value out of range" : "invalid syntax"
        return .failure(NumberFault(words: "strconv.Atoi: parsing \(text.quoted): \(reason)"))
    }

    struct NumberFault: Error {
        let words: String
    }

    // MARK: - Expressions

    private static let regex: @Sendable (Text) -> String? = { text in
        do throws(RegularExpression.Malformed) {
            _ = try RegularExpression(text.bytes)
            return nil
        } catch {
            return error.message
        }
    }
}
