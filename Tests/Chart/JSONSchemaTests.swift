import Chart
import Document
import Template
import Testing

/// What a schema says of values, in the words that real Helm printed for the same pair.
struct JSONSchemaTests {
    /// A schema, a value, and the report below its heading; nothing where the value fits.
    struct Row: Sendable, CustomTestStringConvertible {
        let schema: String
        let value: String
        let report: String?

        init(_ schema: String, _ value: String, _ report: String? = nil) {
            (self.schema, self.value, self.report) = (schema, value, report)
        }

        var testDescription: String { "\(schema) \(value)" }
    }

    static func report(_ schema: String, _ value: String, limits: JSONSchema.Limits = .init()) throws -> String? {
        let report = try JSONSchema(Array(schema.utf8), limits: limits).report(on: GoValue(try JSON.parse(Text(value))))
        return report.map { $0.split(separator: "\n", maxSplits: 1).dropFirst().joined() }
    }

    /// The words of the failure to compile or to check.
    static func failure(_ schema: String, _ value: String = "{}", limits: JSONSchema.Limits = .init()) -> String {
        do {
            return "no failure: \(try report(schema, value, limits: limits) ?? "the value fits")"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: general + numbers + strings + arrays + objects + conditions + references + formats)
    func valuesAreReportedAsHelmReportsThem(row: Row) throws {
        #expect(try Self.report(row.schema, row.value) == row.report)
    }

    static let general: [Row] = [
        Row("true", "1"), Row("{}", "null"), Row("false", "1", "- at '': false schema"),
        Row(##"{"type":"string"}"##, "1", "- at '': got number, want string"),
        Row(##"{"type":["string","null"]}"##, "[]", "- at '': got array, want null or string"),
        Row(##"{"type":["object","boolean","array"]}"##, "1", "- at '': got number, want boolean or array or object"),
        Row(##"{"type":"integer"}"##, "1.0"), Row(##"{"type":"integer"}"##, "1.5", "- at '': got number, want integer"),
        Row(##"{"type":"string","minLength":5,"enum":["b"]}"##, "1", "- at '': got number, want string"),
        Row(##"{"const":5.0}"##, "5"), Row(##"{"const":5.0}"##, "6", "- at '': value must be 5.0"),
        Row(##"{"const":null}"##, "6", "- at '': value must be <nil>"),
        Row(##"{"const":[1]}"##, "1", "- at '': 'const' failed"),
        Row(##"{"enum":["a'b","c"]}"##, "1", ##"- at '': value must be one of 'a\'b', 'c'"##),
        Row(##"{"enum":["a"]}"##, "1", "- at '': value must be 'a'"),
        Row(##"{"enum":[{"a":[1.0]}]}"##, ##"{"a":[1]}"##), Row(##"{"enum":[{}]}"##, "1", "- at '': 'enum' failed"),
        Row(##"{"properties":{"a/b":{"type":"null"}}}"##, ##"{"a/b":1}"##, "- at '/a~1b': got number, want null"),
    ]

    static let numbers: [Row] = [
        Row(##"{"minimum":70000}"##, "5", "- at '': minimum: got 5, want 70,000"),
        Row(##"{"maximum":0.5}"##, "12345.678", "- at '': maximum: got 12,345.678, want 0.5"),
        Row(##"{"exclusiveMinimum":1e20}"##, "-1", "- at '': exclusiveMinimum: got -1, want 1×10²⁰"),
        Row(##"{"exclusiveMaximum":3}"##, "1234567", "- at '': exclusiveMaximum: got 1.234567×10⁰⁶, want 3"),
        Row(##"{"minimum":1e400}"##, "1", "- at '': minimum: got 1, want ∞"),
        Row(##"{"multipleOf":0.1}"##, "0.3"),
        Row(##"{"multipleOf":7}"##, "0.00001", "- at '': multipleOf: got 1×10⁻⁰⁵, want 7"),
        Row(##"{"multipleOf":1e-300}"##, "1e300"),
        Row(##"{"multipleOf":3}"##, "1e20", "- at '': multipleOf: got 1×10²⁰, want 3"),
        Row(##"{"minimum":0.30000000000000001}"##, "0.3", "- at '': minimum: got 0.3, want 0.3"),
        Row(
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","minimum":3,"exclusiveMinimum":true}"##, "3",
            "- at '': exclusiveMinimum: got 3, want 3"),
    ]

    static let strings: [Row] = [
        Row(##"{"minLength":1500}"##, ##""日本""##, "- at '': minLength: got 2, want 1,500"),
        Row(##"{"maxLength":1}"##, ##""日本""##, "- at '': maxLength: got 2, want 1"),
        Row(##"{"pattern":"^a\"$"}"##, ##""b\\""##, ##"- at '': 'b\' does not match pattern '^a"$'"##),
        Row(##"{"contentEncoding":"base64","contentMediaType":"application/json"}"##, ##""%""##),
    ]

    static let arrays: [Row] = [
        Row(##"{"minItems":2,"uniqueItems":true}"##, "[1]", "- at '': minItems: got 1, want 2"),
        Row(##"{"uniqueItems":true}"##, ##"[1,{"a":2},{"a":2.0}]"##, "- at '': items at 1 and 2 are equal"),
        Row(
            ##"{"uniqueItems":true}"##, "[\((0..<30).map(String.init).joined(separator: ",")),7]",
            "- at '': items at 7 and 30 are equal"),
        Row(##"{"prefixItems":[true],"items":{"type":"null"}}"##, "[1,2]", "- at '/0': got number, want null"),
        Row(
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","items":[true],"additionalItems":false}"##,
            "[1,2,3]",
            "- at '': last 2 additionalItem(s) not allowed"),
        Row(
            ##"{"contains":{"const":1}}"##, "[2]",
            "- at '': no items match contains schema\n  - at '/0': value must be 1"),
        Row(
            ##"{"contains":{"const":1},"minContains":2}"##, "[1]",
            "- at '': min 2 items required to match contains schema, but matched 1 items at 0"),
        Row(
            ##"{"contains":{"const":1},"minContains":0,"maxContains":1}"##, "[1,1]",
            "- at '': max 1 items required to match contains schema, but matched 2 items at 0 1"),
        Row(##"{"prefixItems":[true],"unevaluatedItems":false}"##, "[1,2]", "- at '/1': false schema"),
        Row(##"{"contains":{"const":2},"unevaluatedItems":false}"##, "[2]"),
    ]

    static let objects: [Row] = [
        Row(##"{"required":["a"]}"##, "{}", "- at '': missing property 'a'"),
        Row(##"{"required":["b","a"]}"##, "{}", "- at '': missing properties 'b', 'a'"),
        Row(##"{"maxProperties":0}"##, ##"{"a":1}"##, "- at '': maxProperties: got 1, want 0"),
        Row(
            ##"{"additionalProperties":false,"patternProperties":{"^x":true}}"##, ##"{"xa":1,"b":1}"##,
            "- at '': additional properties 'b' not allowed"),
        Row(
            ##"{"propertyNames":{"maxLength":1}}"##, ##"{"ab":1}"##,
            "- at '': invalid propertyName 'ab'\n  - at '': maxLength: got 2, want 1"),
        Row(
            ##"{"dependencies":{"a":["b","c"]}}"##, ##"{"a":1}"##,
            "- at '': properties 'b', 'c' required, if 'a' exists"),
        Row(##"{"dependentSchemas":{"a":{"required":["b"]}}}"##, ##"{"a":1}"##, "- at '': missing property 'b'"),
        Row(##"{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}"##, ##"{"a":1}"##),
        Row(
            ##"{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}"##, ##"{"b":1}"##,
            "- at '/b': false schema"),
        Row(
            ##"{"required":["a"],"properties":{"b":{"type":"null"}}}"##, ##"{"b":1}"##,
            "- at '': missing property 'a'\n- at '/b': got number, want null"),
        Row(
            ##"{"properties":{"o":{"required":["a"],"minProperties":1}}}"##, ##"{"o":{}}"##,
            "- at '/o': minProperties: got 0, want 1\n- at '/o': missing property 'a'"
        ),
    ]

    static let conditions: [Row] = [
        Row(##"{"not":{"type":"null"}}"##, "null", "- at '': 'not' failed"),
        Row(##"{"allOf":[{"const":1},{"const":2}]}"##, "1", "- at '': 'allOf' failed\n  - at '': value must be 2"),
        Row(
            ##"{"anyOf":[{"const":1},{"const":2}]}"##, "3",
            "- at '': 'anyOf' failed\n  - at '': value must be 1\n  - at '': value must be 2"),
        Row(##"{"oneOf":[true,{},{"const":1}]}"##, "1", "- at '': 'oneOf' failed, subschemas 0, 1 matched"),
        Row(##"{"oneOf":[false]}"##, "1", "- at '': 'oneOf' failed, none matched\n  - at '': false schema"),
        Row(##"{"if":{"type":"null"},"then":false,"else":{"const":1}}"##, "2", "- at '': value must be 1"),
        Row(##"{"$schema":"http://json-schema.org/draft-06/schema#","if":true,"then":false}"##, "1"),
    ]

    static let references: [Row] = [
        Row(##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}}}"##, "1", "- at '': got number, want null"),
        Row(##"{"$ref":"#x","$defs":{"a":{"$anchor":"x","type":"null"}}}"##, "1", "- at '': got number, want null"),
        Row(
            ##"{"$ref":"http://x.y/z#/$defs/b","$defs":{"a":{"$id":"http://x.y/z","$defs":{"b":false}}}}"##, "1",
            "- at '': false schema"),
        Row(
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"$ref":"#/definitions/a","##
                + ##""type":"null"}},"definitions":{"a":{}}}"##,
            ##"{"a":1}"##),
        Row(
            ##"{"properties":{"a":{"$ref":"#"}},"additionalProperties":false}"##, ##"{"a":{"b":1}}"##,
            "- at '/a': additional properties 'b' not allowed"),
        Row(
            ##"{"$ref":"http://json-schema.org/draft-07/schema#"}"##, ##"{"type":5}"##,
            "- at '/type': 'anyOf' failed\n  - at '/type': value must be one of 'array', 'boolean', 'integer', 'null', "
                + "'number', 'object', 'string'\n  - at '/type': got number, want array"
        ),
        Row(
            ##"{"$id":"http://x.y/t","$dynamicAnchor":"n","properties":{"c":{"$dynamicRef":"#n"}},"##
                + ##""additionalProperties":false}"##,
            ##"{"c":{"d":1}}"##, "- at '/c': additional properties 'd' not allowed"),
        Row(
            ##"{"properties":{"x":{"$ref":"#/properties/x"}}}"##, ##"{"x":1}"##,
            "- at '/x': both /properties/x/$ref and /properties/x resolve to "
                + "\"file:///values.schema.json#/properties/x\" causing reference cycle"
        ),
        Row(##"{"$ref":"urn:x:y"}"##, "1"),
    ]

    private static func format(_ name: String, _ text: String, _ words: String?) -> Row {
        let schema = ##"{"$schema":"http://json-schema.org/draft-07/schema#","format":"\##(name)"}"##
        return Row(schema, "\"\(text)\"", words.map { "- at '': '\(text)' is not valid \(name): \($0)" })
    }

    static let formats: [Row] = [
        format("date", "2024-02-30", ##"parsing time "2024-02-30": day out of range"##),
        format("date", "2024-02-29", nil),
        format("date-time", "2024-01-01T23:59:60Z", nil), format("time", "12:00:60Z", "invalid leap second"),
        format("duration", "P1H", "invalid unit 'H'"), format("duration", "P1DT2H", nil),
        format("period", "P1D", "missing slash"), format("ipv4", "01.2.3.4", "leading zeros"),
        format("ipv4", "a.2.3.4", ##"strconv.Atoi: parsing "a": invalid syntax"##),
        format("ipv6", "12345::", ##"ParseAddr("12345::"): each group must have 4 or fewer digits (at "12345::")"##),
        format("ipv6", "::ffff:1.2.3.4", nil), format("ipv6", "::1%e", "zone id is not a part of ipv6 address"),
        format("hostname", "a_b", "invalid character '_'"), format("email", "a..b@c", "consecutive dots"),
        format("uri", "x", "relative url"), format("uri-reference", "%zz", ##"parse "%zz": invalid URL escape "%zz""##),
        format("uri-template", "/{a{b}}", "nested curly braces"), format("uuid", "1", "must have 5 elements"),
        format("semver", "1.0.0-01", "pre-release numeric identifier starts with zero"),
        format("json-pointer", "/a~2", "~ must be followed by 0 or 1"), format("relative-json-pointer", "0#", nil),
        format("regex", "[", "error parsing regexp: missing closing ]: `[`"), format("unheard-of", "x", nil),
        Row(##"{"format":"ipv4"}"##, ##""x""##),
    ]
}

/// Schemas that cannot be used.
struct JSONSchemaFailureTests {
    private static let meta =
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with "

    @Test(arguments: [
        ("", "EOF"), ("{", "unexpected EOF"), ("{}x", "invalid character after top-level value"),
        ("nil", "invalid character 'i' in literal null (expecting 'u')"),
        (##"{"$ref":"#/a"}"##, ##"json-pointer in "file:///values.schema.json#/a" not found"##),
        (
            ##"{"$ref":"#a"}"##,
            ##"anchor in "file:///values.schema.json#a" not found in schema "file:///values.schema.json""##
        ),
        (
            ##"{"$ref":"/nope.json"}"##,
            ##"failing loading "file:///nope.json": open /nope.json: no such file or directory"##
        ),
        (##"{"$schema":"nope"}"##, ##"failing loading "nope": no URLLoader registered for "nope""##),
        (
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","patternProperties":{"[":{}}}"##,
            "invalid regex \"[\" at \"file:///values.schema.json#/patternProperties\": error parsing regexp: "
                + "missing closing ]: `[`"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-06/schema#","patternProperties":{"(?!x)":{}}}"##,
            "invalid regex \"(?!x)\" at \"file:///values.schema.json#/patternProperties\": error parsing regexp: "
                + "invalid or unsupported Perl syntax: `(?!`"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","enum":[{"a":1},2,{"a":1.0}]}"##,
            meta + "'http://json-schema.org/draft-07/schema#'\n- at '/enum': items at 0 and 2 are equal"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-06/schema#","enum":[]}"##,
            meta + "'http://json-schema.org/draft-06/schema#'\n- at '/enum': minItems: got 0, want 1"
        ),
        (
            ##"{"properties":{"x":{"maxLength":-1}}}"##,
            meta
                + "'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n"
                + "  - at '/properties/x': 'allOf' failed\n"
                + "    - at '/properties/x/maxLength': minimum: got -1, want 0"
        ),
    ])
    func badSchemasAreRefusedInHelmsWords(schema: String, words: String) {
        #expect(JSONSchemaTests.failure(schema) == words)
    }

    /// Each keyword that a plain schema may have, with a value that the metaschema refuses.
    @Test(arguments: [
        ##"{"$schema":null}"##, ##"{"type":"text"}"##, ##"{"type":[]}"##, ##"{"type":["null","null"]}"##,
        ##"{"type":["a"]}"##, ##"{"title":1}"##, ##"{"description":null}"##, ##"{"$comment":1}"##, ##"{"format":1}"##,
        ##"{"properties":[]}"##, ##"{"properties":{"a":1}}"##, ##"{"properties":{"a":{"type":1}}}"##,
        ##"{"definitions":1}"##, ##"{"$defs":1}"##, ##"{"items":1}"##, ##"{"items":{"type":1}}"##, ##"{"not":1}"##,
        ##"{"if":1}"##, ##"{"additionalProperties":1}"##, ##"{"anyOf":[]}"##, ##"{"allOf":{}}"##, ##"{"oneOf":[1]}"##,
        ##"{"required":"a"}"##, ##"{"required":["a","a"]}"##, ##"{"required":[1]}"##, ##"{"enum":1}"##,
        ##"{"minimum":"1"}"##, ##"{"maximum":null}"##, ##"{"maxItems":-1}"##, ##"{"minLength":0.5}"##,
        ##"{"minProperties":"1"}"##, ##"{"uniqueItems":1}"##, ##"{"readOnly":1}"##, ##"{"examples":1}"##,
        ##"{"$ref":1}"##,
    ])
    func whatIsNotPlainIsLeftToTheMetaschema(schema: String) {
        #expect(JSONSchemaTests.failure(schema).hasPrefix(Self.meta))
    }

    @Test func nothingIsFetched() {
        let words = JSONSchemaTests.failure(##"{"$ref":"https://example.invalid/x.json"}"##)
        #expect(words.hasPrefix(##"failing loading "https://example.invalid/x.json": schemas are not fetched"##))
    }

    @Test func schemasThatGrowWithoutEndAreStopped() {
        let chain = (0..<40).map {
            ##""d\##($0)":{"allOf":[{"$ref":"#/$defs/d\##($0 + 1)"},{"$ref":"#/$defs/d\##($0 + 1)"}]}"##
        }
        let schema = ##"{"$ref":"#/$defs/d0","$defs":{\##(chain.joined(separator: ",")),"d40":{"type":"null"}}}"##
        var limits = JSONSchema.Limits()
        limits.checks = 10_000
        #expect(JSONSchemaTests.failure(schema, limits: limits).hasPrefix("the schema takes more than"))
        limits = JSONSchema.Limits()
        limits.faults = 100
        #expect(JSONSchemaTests.failure(schema, limits: limits).hasPrefix("more than 100 values"))
    }

    @Test func deepSchemasAndValuesAreStopped() {
        let schema = String(repeating: ##"{"items":"##, count: 3000) + "{}" + String(repeating: "}", count: 3000)
        #expect(JSONSchemaTests.failure(schema).hasPrefix("schemas are nested deeper than"))
        let value = String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)
        #expect(JSONSchemaTests.failure(##"{"items":{"$ref":"#"}}"##, value).hasPrefix("checks are nested deeper than"))
    }
}
