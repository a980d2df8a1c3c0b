import Document
import Testing

struct JSONTests {
    @Test(arguments: [
        (
            #"{"a":[],"b":{},"c":[1,{"d":"}\\\"["}]}"#,
            "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    {\n      \"d\": \"}\\\\\\\"[\"\n    }\n  ]\n}"
        ),
        ("\"x\"\n", "\"x\""), ("[]", "[]"),
    ])
    func indented(_ input: String, _ output: String) {
        #expect(String(decoding: JSON.indented(Array(input.utf8)), as: UTF8.self) == output)
    }

    @Test(arguments: [
        (#"{"b":1,"a":[true,null,-0.5e3]}"#, #"{"a":[true,null,-500],"b":1}"#),
        (#""\u003c<>&\ud83d\ude00\u2028\/""#, #""\u003c\u003c\u003e\u0026😀\u2028/""#),
        ("1.0", "1"), ("1e21", "1e+21"), ("1e-7", "1e-7"), ("-0", "0"),
        ("12345678901234567890", "12345678901234567000"),
        ("9223372036854775807", "9223372036854775807"), ("[]", "[]"), ("{}", "{}"), (#"{"a":1,"a":2}"#, #"{"a":2}"#),
        (#""\ud800x""#, "\"\u{FFFD}x\""),
    ])
    func roundTrip(_ input: String, _ output: String) throws {
        #expect(JSON.text(try JSON.parse(Text(input))) == Text(output))
    }

    @Test(arguments: [
        ("", "unexpected end of JSON input", 0), ("{", "unexpected end of JSON input", 1),
        ("{a", "invalid character 'a' looking for beginning of object key string", 1),
        (#"{"a" 1}"#, "invalid character '1' after object key", 5),
        (#"{"a":1 2"#, "invalid character '2' after object key:value pair", 7),
        ("[1 2]", "invalid character '2' after array element", 3),
        ("tru", "invalid character ' ' in literal true (expecting 'e')", 3),
        ("trux", "invalid character 'x' in literal true (expecting 'e')", 3),
        ("01", "invalid character '1' after top-level value", 1),
        ("-x", "invalid character 'x' in numeric literal", 1),
        ("1.x", "invalid character 'x' after decimal point in numeric literal", 2),
        ("1ex", "invalid character 'x' in exponent of numeric literal", 2),
        ("\"\n\"", "invalid character '\\n' in string literal", 1),
        (#""\x""#, "invalid character 'x' in string escape code", 2),
        (#""\u00g0""#, "invalid character 'g' in \\u hexadecimal character escape", 5),
        ("'a'", "invalid character '\\'' looking for beginning of value", 0),
    ])
    func refusal(_ input: String, _ message: String, _ offset: Int) {
        #expect(throws: JSON.Failure(message: message, offset: offset)) { try JSON.parse(Text(input)) }
    }

    @Test func invalidBytesAreRepairedOnReadingAndEscapedOnWriting() throws {
        #expect(try JSON.parse([0x22, 0xC3, 0x28, 0x22]) == .string("\u{FFFD}("))
        #expect(JSON.text(.string(Text(bytes: [0xC3, 0x28]))) == #""\ufffd(""#)
    }

    @Test func duplicatesAreTold() throws {
        let document = try JSON.parseNotingDuplicates(Array(#"{"a":[1,{"x":1,"y":2,"x":3}],"a":2}"#.utf8))
        #expect(document.duplicates == [[.key("a"), .index(1), .key("x")], [.key("a")]])
    }

    @Test func depthIsLimited() throws {
        let deepest = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(JSON.write(try JSON.parse(Text(deepest))).count == 20_000)
        #expect(throws: JSON.Failure(message: "exceeded max depth", offset: 10_000)) {
            try JSON.parse(Text("[" + deepest))
        }
    }

    @Test func indentation() throws {
        let value: Value = ["a": [1, [:]], "b": []]
        #expect(JSON.text(value, .init(indent: "  ")) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}")
    }
}
