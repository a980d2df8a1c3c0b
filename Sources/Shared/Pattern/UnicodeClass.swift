/// The classes of characters that `\p{…}` names in Go, of which RE2 knows fewer.
enum UnicodeClass {
    /// What stands in a class for some characters.
    private struct Members {
        var text = ""
        /// Whether all characters that Unicode has not assigned are among them, for which RE2 has no name.
        var hasUnassigned = false
    }

    /// What RE2 reads for a name: letter case, blanks, `_` and `-` in it count for nothing (regexp/syntax, `\p{name}`).
    static func pattern(_ name: String, isNegated: Bool, isInClass: Bool) -> String {
        let bare = String(name.filter { $0 != " " && $0 != "_" && $0 != "-" }).lowercased()
        // The names of tables begin with a capital; those with another one in them are never found.
        let known = aliases[bare] ?? bare.prefix(1).uppercased() + bare.dropFirst()
        guard let (members, others) = unions[known] else { return "\\\(isNegated ? "P" : "p"){\(known)}" }
        let (wanted, unwanted) = isNegated ? (others, members) : (members, others)
        if isInClass { return wanted.text + (wanted.hasUnassigned ? unassigned : "") }
        return wanted.hasUnassigned ? "[^\(unwanted.text)]" : "[\(wanted.text)]"
    }

    private static let plain = #"\p{M}\p{N}\p{P}\p{S}\p{Z}"#

    /// What RE2 has no name for, or another meaning: to it `C` has none of the characters that are not assigned.
    private static let unions: [String: (Members, others: Members)] = [
        "Ascii": (Members(text: #"\x00-\x7F"#), Members(text: #"\x{80}-\x{10FFFF}"#)),
        "Assigned": (Members(text: #"\p{L}\p{C}"# + plain), Members(hasUnassigned: true)),
        "Cn": (Members(hasUnassigned: true), Members(text: #"\p{L}\p{C}"# + plain)),
        "C": (Members(text: #"\p{C}"#, hasUnassigned: true), Members(text: #"\p{L}"# + plain)),
        "Lc": (
            Members(text: #"\p{Lu}\p{Ll}\p{Lt}"#),
            Members(text: #"\p{Lm}\p{Lo}\p{C}"# + plain, hasUnassigned: true)
        ),
    ]

    /// The ranges of the characters that RE2's own tables have in no class.
    private static let unassigned: String = {
        let text = Array(String(String.UnicodeScalarView((0...0x10FFFF).compactMap(Unicode.Scalar.init))).utf8)
        // `C` itself would be translated with what is being made here.
        let pattern = #"[^\p{L}\p{Cc}\p{Cf}\p{Co}\p{Cs}"# + plain + "]+"
        guard let expression = try? RegularExpression(Array(pattern.utf8)) else { return "" }
        return expression.allMatches(in: text, groups: false).map { match in
            let scalars = String(decoding: text[match.whole], as: UTF8.self).unicodeScalars
            let ends = [scalars.first, scalars.last].compactMap { $0 }
            return ends.map { "\\x{\(String($0.value, radix: 16))}" }.joined(separator: "-")
        }.joined()
    }()

    /// Unicode's long names of the categories (PropertyValueAliases.txt), as Go compares them.
    private static let aliases = [
        "other": "C", "control": "Cc", "cntrl": "Cc", "format": "Cf", "unassigned": "Cn", "privateuse": "Co",
        "surrogate": "Cs", "letter": "L", "casedletter": "Lc", "lowercaseletter": "Ll", "modifierletter": "Lm",
        "otherletter": "Lo", "titlecaseletter": "Lt", "uppercaseletter": "Lu", "mark": "M", "combiningmark": "M",
        "spacingmark": "Mc", "enclosingmark": "Me", "nonspacingmark": "Mn", "number": "N", "decimalnumber": "Nd",
        "digit": "Nd", "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P",
        "connectorpunctuation": "Pc", "dashpunctuation": "Pd", "closepunctuation": "Pe", "finalpunctuation": "Pf",
        "initialpunctuation": "Pi", "otherpunctuation": "Po", "openpunctuation": "Ps", "symbol": "S",
        "currencysymbol": "Sc", "modifiersymbol": "Sk", "mathsymbol": "Sm", "othersymbol": "So", "separator": "Z",
        "lineseparator": "Zl", "paragraphseparator": "Zp", "spaceseparator": "Zs",
    ]
}
