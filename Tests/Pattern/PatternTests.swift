import Pattern
import Testing

/// Regular expressions as Go's package regexp answers.
struct PatternTests {
    @Test(
        arguments: [
            ("a+", "xaay", 1..<3), ("^b", "ab", nil), ("(?i)AB", "xab", 1..<3), ("[^a]", "aab", 2..<3),
            ("", "a", 0..<0),
            ("\\bfoo\\b", "a foo b", 2..<5), ("(?P<n>x)", "ax", 1..<2), ("(?<n>x)", "ax", 1..<2), ("a|ab", "ab", 0..<1),
            ("\\pL+", "1\u{e9}a", 1..<4), ("(?s).", "\n", 0..<1), (".", "\n", nil), ("x{2,3}", "xxxx", 0..<3),
            ("[[:alpha:]]+", "12ab", 2..<4), ("(?m)^b$", "a\nb", 2..<3),
            ("\\p{uppercase letter}", "aB", 1..<2), ("\\p{^greek}", "\u{3b1}b", 2..<3), ("[\\P{LC}]", "a1", 1..<2),
            ("\\p{ascii}", "\u{3b1}b", 2..<3), ("\\p{Cn}", "a\u{378}", 1..<3), ("[a\\p{Cn}]", "b\u{378}", 1..<3),
            ("[^\\p{Assigned}]", "a\u{378}", 1..<3), ("\\p{C}", "a\u{378}", 1..<3), ("\\Q(?<\\E", "a(?<", 1..<4),
        ] as [(String, String, Range<Int>?)])
    func theLeftmostMatchIsFound(pattern: String, text: String, match: Range<Int>?) throws {
        let expression = try RegularExpression(Array(pattern.utf8))
        #expect(expression.firstMatch(in: Array(text.utf8))?[0] == match)
    }

    @Test(arguments: [
        ("(", "missing closing ): `(`"), ("a)", "unexpected ): `a)`"), ("[a", "missing closing ]: `[a`"),
        ("*", "missing argument to repetition operator: `*`"), ("a**", "invalid nested repetition operator: `**`"),
        ("\\", "trailing backslash at end of expression: ``"), ("[z-a]", "invalid character class range: `z-a`"),
        ("a{2,1}", "invalid repeat count: `{2,1}`"), ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("\\1", "invalid escape sequence: `\\1`"), ("a\\C", "invalid escape sequence: `\\C`"),
        ("(?P<\u{e9}>a)", "invalid named capture: `(?P<\u{e9}>`"),
        ("(?<\u{e9}>a)", "invalid named capture: `(?<\u{e9}>`"),
        ("\\p{Old_Italic}", "invalid character class range: `\\p{Old_Italic}`"),
    ])
    func badPatternsAreRefusedInGosWords(pattern: String, words: String) {
        let failure = #expect(throws: RegularExpression.Malformed.self) {
            _ = try RegularExpression(Array(pattern.utf8))
        }
        #expect(failure?.message == "error parsing regexp: \(words)")
    }

    @Test(arguments: [
        ("b*", "abc", "-", "-a-c-"), ("a(.)", "abac", "${1}x", "bxcx"), ("(a)", "ba", "$1x", "b"),
        ("a", "aa", "$$", "$$"),
        ("(?P<n>.)b", "ab", "<$n>", "<a>"), ("x", "abc", "y", "abc"), ("", "ab", "-", "-a-b-"),
        ("\u{e9}", "\u{e9}", "e", "e"),
    ])
    func replacementsAreExpanded(pattern: String, text: String, replacement: String, result: String) throws {
        let expression = try RegularExpression(Array(pattern.utf8))
        let bytes = Array(text.utf8)
        let out = expression.replacing(in: bytes) { expression.expand(Array(replacement.utf8), bytes, $0) }
        #expect(String(decoding: out, as: UTF8.self) == result)
    }

    @Test(
        arguments: [
            (",", "a,b,c", -1, ["a", "b", "c"]), (",", "a,b,c", 2, ["a", "b,c"]), (",", "", -1, [""]),
            ("x*", "axbxc", -1, ["a", "b", "c"]),
            (",", ",a", -1, ["", "a"]), (",", "a", 0, nil),
        ] as [(String, String, Int, [String]?)])
    func textsAreSplit(pattern: String, text: String, limit: Int, pieces: [String]?) throws {
        let expression = try RegularExpression(Array(pattern.utf8))
        let result = expression.split(Array(text.utf8), limit: limit, patternIsEmpty: pattern.isEmpty)
        #expect(result?.map { String(decoding: $0, as: UTF8.self) } == pieces)
    }

    @Test func groupsThatTookNoPartAreNil() throws {
        let expression = try RegularExpression(Array("(a)|(?P<second>b)".utf8))
        #expect(expression.groupCount == 2 && expression.group(named: Array("second".utf8)) == 2)
        let match = try #require(expression.firstMatch(in: Array("b".utf8)))
        #expect(match.count == 3 && match[0] == 0..<1 && match[1] == nil && match[2] == 0..<1)
    }

    @Test func allMatchesAreFoundUpToALimit() throws {
        let expression = try RegularExpression(Array("a.".utf8))
        let text = Array("abacad".utf8)
        #expect(expression.allMatches(in: text).count == 3 && expression.allMatches(in: text, limit: 2).count == 2)
    }

    @Test func noPatternRunsForEver() throws {
        let expression = try RegularExpression(Array("(a*)*b".utf8))
        #expect(!expression.matches([UInt8](repeating: UInt8(ascii: "a"), count: 200_000)))
    }

    @Test func quotedTextMatchesItself() throws {
        let text = Array("a.b*c[d](e)$^|\\+?{}".utf8)
        let expression = try RegularExpression(RegularExpression.quoted(text))
        #expect(expression.firstMatch(in: text)?[0] == 0..<text.count)
    }
}
