import API
import Document
import Testing

@testable import Schema

/// Which schemas of a CRD are refused, and in which words (apiextensions-apiserver's structural schema validation).
@Suite struct StructuralRulesTests {
    struct Row: CustomTestStringConvertible {
        let schema: Value
        let faults: [String]

        var testDescription: String { String(decoding: JSON.write(schema), as: UTF8.self) }
    }

    static let rows = [
        Row(schema: ["type": "object"], faults: []),
        Row(schema: [:], faults: ["s.type: Required value: must not be empty at the root"]),
        Row(schema: ["type": "string"], faults: ["s.type: Invalid value: \"string\": must be object at the root"]),
        Row(
            schema: ["type": "object", "properties": ["a": [:]]],
            faults: ["s.properties[a].type: Required value: must not be empty for specified object fields"]),
        Row(
            schema: ["type": "object", "properties": ["a": ["type": "array"]]],
            faults: ["s.properties[a].items: Required value: must be specified"]),
        Row(
            schema: ["type": "object", "properties": ["a": ["type": "string", "pattern": "^(a"]]],
            faults: [
                "s.properties[a].pattern: Invalid value: \"^(a\": must be a valid regular expression, but isn't: "
                    + "error parsing regexp: missing closing ): `^(a`"
            ]),
        Row(schema: ["type": "object", "properties": ["a": ["type": "string", "pattern": "^a+$"]]], faults: []),
        Row(
            schema: ["type": "object", "anyOf": [["type": "object"]]],
            faults: ["s.anyOf[0].type: Forbidden: must be empty to be structural"]),
    ]

    @Test(arguments: rows) func refuses(_ row: Row) {
        var rules = StructuralRules(preserves: false)
        rules.checkRoot(row.schema, "s")
        #expect(rules.faults.errors.map(\.description) == row.faults)
    }
}
