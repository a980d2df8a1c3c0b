import Document
import Testing

struct ValueTests {
    @Test func textIsBytes() {
        #expect(Text("é") != Text("e\u{301}"))
        #expect(Text("\r\n").count == 2)
        #expect(Text(bytes: [0xFF]).count == 1)
        #expect(Text(bytes: [0xFF]).string == "\u{FFFD}")
        #expect(Text("Z") < Text("a"))
        #expect(Text("é") > Text("z"))
        #expect(Text("ab").hasPrefix("a") && Text("ab").hasSuffix("b") && !Text("ab").hasPrefix("abc"))
    }

    @Test func pathsMakeAndRemove() {
        var value: Value = [:]
        value["a", "b", "c"] = 1
        #expect(value == ["a": ["b": ["c": 1]]])
        #expect(value["a", "b", "c"]?.int == 1)
        value["a", "b", "c"] = nil
        #expect(value == ["a": ["b": [:]]])
        value["x", "y"] = nil
        #expect(value["x"] == nil)
    }

    @Test func objectsSortAndKeepTheLastOfEqualKeys() {
        let object = Object([("b", 1), ("a", 2), ("b", 3), ("a", 4), ("c", 5)])
        #expect(object.map(\.key) == ["a", "b", "c"])
        #expect(object.map(\.value) == [4, 3, 5])
    }

    @Test(arguments: [
        (1.0, "1", "1"), (1e20, "1e+20", "100000000000000000000"), (1e21, "1e+21", "1e+21"),
        (0.000001, "1e-06", "0.000001"), (0.0000001, "1e-07", "1e-7"),
        (123456789.125, "1.23456789125e+08", "123456789.125"),
        (-0.0, "-0", "-0"), (Double.leastNonzeroMagnitude, "5e-324", "5e-324"), (1234567.0, "1.234567e+06", "1234567"),
    ])
    func goFloats(_ value: Double, _ general: String, _ json: String) {
        #expect(GoFloat.general(value) == general)
        #expect(GoFloat.json(value) == json)
    }
}
