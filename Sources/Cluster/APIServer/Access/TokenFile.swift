/// The static token file in upstream's form: CSV lines of `token,user,uid[,"group1,group2"]`.
public enum TokenFile {
    /// A line that cannot be read.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let line: Int
        public let reason: String

        public var description: String { "token file, line \(line): \(reason)" }
    }

    /// The identities by token. Blank lines are left out; of a token that comes twice the last line counts.
    public static func parse(_ text: String) throws(Failure) -> [String: Identity] {
        var found: [String: Identity] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = split(line)
            if fields == [""] { continue }
            guard fields.count >= 3 else {
                throw Failure(line: index + 1, reason: "it needs at least token, user name and uid")
            }
            guard !fields[0].isEmpty else { throw Failure(line: index + 1, reason: "the token is empty") }
            let groups = fields.count > 3 ? fields[3].split(separator: ",").map { trimmed($0[...]) } : []
            found[fields[0]] = .user(fields[1], uid: fields[2], groups: groups)
        }
        return found
    }

    /// The fields of a CSV line (RFC 4180, quotes doubled inside quotes).
    private static func split(_ line: Substring) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"": field.append(rest.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(trimmed(field[...]))
                field = ""
            default: field.append(character)
            }
        }
        return fields + [trimmed(field[...])]
    }

    private static func trimmed(_ text: Substring) -> String {
        let tail = text.drop(while: \.isWhitespace)
        return String(tail.reversed().drop(while: \.isWhitespace).reversed())
    }
}
