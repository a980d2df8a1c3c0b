import Document
import Testing

@testable import CEL

/// What is said of expressions that cannot be compiled: all of it, in the words that a kube-apiserver 1.36 was seen to
/// answer with.
struct FaultTests {
    private static let schema: Value = [
        "type": "object",
        "properties": [
            "s": ["type": "string"], "i": ["type": "integer"], "b": ["type": "boolean"],
            "l": ["type": "array", "items": ["type": "string"]],
            "o": ["type": "object", "properties": ["x": ["type": "string"]]],
            "d": ["type": "string", "format": "date-time"], "any": ["x-kubernetes-int-or-string": true],
            "open": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
            "loose": ["x-kubernetes-preserve-unknown-fields": true],
        ],
    ]

    private static func faults(_ source: String) throws -> [String] {
        let type = try #require(CELType.of(schema, name: "selfType"))
        let faults = #expect(throws: CELFaults.self) { try CELProgram(source, variables: ["self": type]) }
        let lines = (faults?.text(in: source) ?? "").split(separator: "\n")
        return lines.filter { $0.hasPrefix("ERROR: <input>:") }.map { String($0.dropFirst(15)) }
    }

    private static let start =
        "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

    @Test(
        arguments: [
            ("self.s ==", ["1:10: Syntax error: mismatched input '<EOF>' expecting \(start)"]),
            ("self.", ["1:6: Syntax error: no viable alternative at input '.'"]),
            ("(self.s", ["1:8: Syntax error: missing ')' at '<EOF>'"]),
            ("self.b)", ["1:7: Syntax error: extraneous input ')' expecting <EOF>"]),
            ("self.o.true", ["1:8: Syntax error: mismatched input 'true' expecting IDENTIFIER"]),
            (
                "self.o.in == 'a'",
                [
                    "1:8: Syntax error: no viable alternative at input '.in'",
                    "1:11: Syntax error: extraneous input '==' expecting \(start)",
                ]
            ),
            (
                "self.s == 'a",
                [
                    "1:11: Syntax error: token recognition error at: ''a'",
                    "1:13: Syntax error: mismatched input '<EOF>' expecting \(start)",
                ]
            ),
            (
                "self.i & 1",
                [
                    "1:8: Syntax error: token recognition error at: '& '",
                    "1:10: Syntax error: extraneous input '1' expecting <EOF>",
                ]
            ),
            ("[1,,2]", ["1:4: Syntax error: mismatched input ',' expecting ']'"]),
            ("self.?.s", ["1:7: Syntax error: extraneous input '.' expecting {IDENTIFIER, ESC_IDENTIFIER}"]),
            ("!-x", ["1:3: Syntax error: no viable alternative at input '-x'"]),
        ])
    func wordsThatStandWrongAreTold(source: String, told: [String]) throws {
        #expect(try Self.faults(source) == told)
    }

    @Test(
        arguments: [
            (
                "cel.bind(x, self.s, x == 'a')",
                ["1:1: undeclared reference to 'cel'", "1:9: undeclared reference to 'bind'"]
                    + ["1:10: undeclared reference to 'x'", "1:21: undeclared reference to 'x'"]
            ),
            (
                "timestamp('x') == timestamp('y')",
                ["1:11: invalid timestamp argument", "1:29: invalid timestamp argument"]
            ),
            ("self.s == null", ["1:8: found no matching overload for '_==_' applied to '(string, null)'"]),
            ("self.l.sum() > 0", ["1:11: found no matching overload for 'sum' applied to 'list(string).()'"]),
            ("self.o == {'x': 'a'}", ["'_==_' applied to '(selfType.o, map(string, string))'"]),
            ("self.open.foo == 1", ["1:10: undefined field 'foo'"]), ("self.loose == 1", ["undefined field 'loose'"]),
            ("self.i == 9223372036854775808", ["1:11: invalid int literal"]), ("as == 1", ["reserved identifier: as"]),
            ("\"\\ud800\" == 'x'", ["1:1: invalid unicode code point"]),
            ("self.l[1u] == 'a'", ["1:7: found no matching overload for '_[_]' applied to '(list(string), uint)'"]),
            ("[1].all(x, .x == 1)", ["1:13: undeclared reference to '.x'"]),
            ("quantity('1').sign() == 1", ["'sign' applied to 'kubernetes.Quantity.()'"]),
            ("self.l.existsOne(x, true)", ["undeclared reference to 'existsOne'", "undeclared reference to 'x'"]),
            ("self.l.exists(i, i, true)", ["duplicate variable name: i"]),
            ("self.l.map(1, 1) == []", ["argument is not an identifier"]),
            ("a.B{c: d} == 1", ["1:4: undeclared reference to 'a.B'"]),
            (
                "'%d'.format(['a']) == 'x'",
                ["1:14: error during formatting: decimal clause can only be used on integers"]
            ),
            ("'%s'.format(['a', 1]) == 'x'", ["too many arguments supplied to string.format (expected 1, got 2)"]),
            ("self.i.map(x, x) == []", ["1:5: expression of type 'int' cannot be range of a comprehension"]),
            ("url('/').x == 1", ["unexpected failed resolution of 'kubernetes.URL'"]),
        ])
    func everythingThatIsWrongIsTold(source: String, told: [String]) throws {
        let faults = try Self.faults(source)
        #expect(faults.count == told.count, "\(faults)")
        for (fault, part) in zip(faults, told) { #expect(fault.contains(part)) }
    }

    @Test(
        arguments: [
            ("int('a') == 1", "type conversion error from 'string' to 'int'"), ("self.d == null", nil),
            ("self.s.find('(') == ''", "error parsing regexp: missing closing ): `(`"),
            ("int(string(1)) == 1", nil), ("self.o.`x` == 'a' && .self.b", nil),
            ("string(null) == 'a'", "no such overload: string(null_type)"),
        ])
    func whatIsWrittenDownIsConvertedAtOnce(source: String, failure: String?) throws {
        let type = try #require(CELType.of(Self.schema))
        #expect(try CELProgram(source, variables: ["self": type]).foldFailure?.message == failure)
    }
}
