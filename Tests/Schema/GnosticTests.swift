import Document
import Testing

@testable import Schema

/// Documents as gnostic's messages: the bytes are those that google/gnostic-models makes of the same documents.
@Suite struct GnosticTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let version: String
        let message: GnosticMessage
        let document: String
        let hexadecimal: String

        var testDescription: String { version }
    }

    @Test(arguments: [
        Case(version: "v2", message: GnosticDocument.v2, document: document2, hexadecimal: bytes2),
        Case(version: "v3", message: GnosticDocument.v3, document: document3, hexadecimal: bytes3),
    ]) func writesWhatGnosticWrites(_ row: Case) throws {
        let bytes = row.message.bytes(try JSON.parse(Array(row.document.utf8)))
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(digits == row.hexadecimal.filter { !$0.isWhitespace })
    }

    private static let document2 = """
        {"swagger":"2.0","info":{"title":"t","version":"1"},"paths":{"/a/{n}":{"get":{"tags":["x"],
        "operationId":"o","produces":["p"],"parameters":[{"name":"b","in":"body","required":true,
        "schema":{"$ref":"#/definitions/d"}},{"name":"q","in":"query","type":"string","uniqueItems":true},
        {"$ref":"#/parameters/p"}],"responses":{"200":{"description":"OK","schema":{"type":"string"}}},
        "x-verb":"get"},"parameters":[{"name":"n","in":"path","required":true,"type":"string"}]}},
        "definitions":{"d":{"type":"object","required":["a"],"properties":{"a":{"type":"array",
        "items":{"type":"integer","format":"int32","minimum":-1,"maximum":0,"default":0}},
        "b":{"additionalProperties":false},"c":{"additionalProperties":{"type":"string","enum":["x"],
        "maxLength":3}}}}},"parameters":{"p":{"name":"p","in":"query","type":"string"}},
        "security":[{"B":[]}],"securityDefinitions":{"B":{"type":"apiKey","name":"authorization",
        "in":"header","description":"d"}}}
        """

    private static let bytes2 = """
        0a03322e3012060a017412013142bc0112b9010a062f612f7b6e7d12ae011290010a01782a016f32017042220a200a1e1201621a
        04626f647920012a110a0f232f646566696e6974696f6e732f64421b0a1912171a15120571756572792201713206737472696e67
        a00101421212100a0e232f706172616d65746572732f704a1e0a1c0a0332303012150a130a024f4b120d0a0bb201080a06737472
        696e676a100a06782d76657262120612046765740a4a190a1712152213080112047061746822016e2a06737472696e674a7d0a7b
        0a016412769a010161b201080a066f626a656374ca01640a360a01611231b201070a056172726179ba01240a221205696e743332
        2a041202300a49000000000000f0bfb201090a07696e74656765720a0a0a01621205aa010210000a1e0a01631219aa01160a1458
        03a201041202780ab201080a06737472696e67521d0a1b0a0170121612141a12120571756572792201703206737472696e676207
        0a050a014212006a2b0a290a0142122412220a066170694b6579120d617574686f72697a6174696f6e1a06686561646572220164
        """

    private static let document3 = """
        {"openapi":"3.0.0","info":{"title":"t","version":"1"},"paths":{"/a/{n}":{"parameters":[{"name":"n",
        "in":"path","required":true,"schema":{"type":"string","uniqueItems":true}}],"put":{"tags":["x"],
        "operationId":"o","requestBody":{"content":{"*/*":{"schema":{"$ref":"#/components/schemas/d"}}},
        "required":true},"responses":{"200":{"description":"OK",
        "content":{"application/json":{"schema":{"$ref":"#/components/schemas/d"}}}}},"x-verb":"put"}}},
        "components":{"schemas":{"d":{"type":"object","properties":{"a":{"default":{},
        "allOf":[{"$ref":"#/components/schemas/e"}]},"b":{"default":false,"type":"boolean"},
        "c":{"default":0,"type":"integer"},"d":{"default":"","type":"string"},
        "e":{"additionalProperties":false,"nullable":true},"f":{"items":{"oneOf":[{"type":"integer"},
        {"not":{"type":"string"}}]},"type":"array","maxItems":2}},"x-kind":"k"}},
        "securitySchemes":{"B":{"type":"apiKey","name":"authorization","in":"header"}}}}
        """

    private static let bytes3 = """
        0a05332e302e3012060a017432013122ba010ab7010a062f612f7b6e7d12ac012a8a010a01782a016f3a2b0a2912250a230a032a
        2f2a121c0a1a12180a16232f636f6d706f6e656e74732f736368656d61732f641801424312410a03323030123a0a380a024f4b1a
        320a300a106170706c69636174696f6e2f6a736f6e121c0a1a12180a16232f636f6d706f6e656e74732f736368656d61732f646a
        100a06782d76657262120612047075740a6a1d0a1b0a016e1204706174682001520e0a0ca00101ca0106737472696e672a99020a
        ec010ae9010a016412e3010ae001ca01066f626a656374fa01c2010a270a016112220a20d2011a12180a16232f636f6d706f6e65
        6e74732f736368656d61732f658a02000a160a016212110a0fca0107626f6f6c65616e8a020210000a1d0a016312180a16ca0107
        696e74656765728a02090900000000000000000a150a016412100a0eca0106737472696e678a02021a000a0e0a016512090a0708
        0182020210000a390a016612340a32900102ca01056172726179f201240a220a20da010c0a0aca0107696e7465676572da010e0a
        0cea0109ca0106737472696e67a2020e0a06782d6b696e64120412026b0a3a280a260a014212210a1f0a066170694b65791a0d61
        7574686f72697a6174696f6e2206686561646572
        """
}
