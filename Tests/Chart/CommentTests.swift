import Document
import TestSupport
import Testing

@testable import Chart

/// Comments are cut before a values file is read; what is read must be what the whole file says.
struct CommentTests {
    /// What a file says, read with its comments or without them; a fault with its place.
    private static func reading(_ text: [UInt8]) -> String {
        do {
            return String(decoding: JSON.write(try YAML.parse(text)), as: UTF8.self)
        } catch {
            return "\(error.message) at \(error.mark.map { "\($0)" } ?? "")"
        }
    }

    @Test(arguments: [
        ("# a\nb: 1\n", "#\nb: 1\n"), ("  # a\nb: 1 # c\n", "  #\nb: 1 # c\n"), ("#\n#a\n", "#\n#\n"),
        ("a: |\n  # b\n# c\nd: 1\n", "a: |\n  # b\n#\nd: 1\n"), ("a:\n- |\n # b\n# c\n", "a:\n- |\n # b\n#\n"),
        ("a:\n- b: >- # x\n    # c\n  # d\n", "a:\n- b: >- # x\n    # c\n  #\n"),
        ("a: |2\n # b\n", "a: |2\n # b\n"), ("a: |#b\n # c\n# d\n", "a: |#b\n # c\n#\n"),
        ("a: \"x\n# b\"\n# c\n", "a: \"x\n# b\"\n# c\n"), ("a: 'x\n# b'\n", "a: 'x\n# b'\n"),
        ("a: [1,\n# b\n2]\n", "a: [1,\n# b\n2]\n"), ("a: don't\n# b\n", "a: don't\n#\n"),
        ("a: [\"b\", 'c']\n# d\n", "a: [\"b\", 'c']\n#\n"), ("? |\n# a\n", "? |\n# a\n"),
        ("a: x\n# b\n y: z\n", "a: x\n#\n y: z\n"), ("# \u{1}\n# b\n", "# \u{1}\n#\n"), ("# é\n", "# é\n"),
        ("- a: |\n    x\n  b: \"y\n# z\"\n", "- a: |\n    x\n  b: \"y\n# z\"\n"),
    ])
    func commentsAreCutToTheirMarks(text: String, cut: String) {
        let found = CommentCutter.cut(Array(text.utf8))
        #expect(String(decoding: found, as: UTF8.self) == cut)
        #expect(Self.reading(found) == Self.reading(Array(text.utf8)))
    }

    /// Lines put together at random: most texts are malformed, and say so at the same place.
    @Test(arguments: 0..<64)
    func whatIsReadStaysTheSame(seed: UInt64) {
        let lines = [
            "# one 'two", "#\"three", "a: 1", "b: |", "c: >-", "- |", "- d: |2", "- e: x", "f: \"g", "h\" # i", "'j",
            "k: 'l' # m", "- 'n", "o: [p,", "q]", "r: {s: 't'}", "u: don't", "v: - 'w", "x: a, 'b", "y:", "-", "...",
            "z: a # |", "aa: b |", "bb: &c |", "? d", ": e", "ff: g > h", "", "- - |", "- ii: >+", "jj: \\\"", "k: |#l",
            "'m': \"n\\\"o\"", "p: ''", "q: 'r''s'", "t: *u", "\tv", "w: x\t# y", "%z", "--a", "[b]: c", "!d e: |",
        ]
        var random = SeededGenerator(state: seed)
        for _ in 0..<400 {
            var text = ""
            for _ in 0..<Int.random(in: 1...9, using: &random) {
                text += String(repeating: " ", count: Int.random(in: 0...5, using: &random))
                text += lines[Int.random(in: 0..<lines.count, using: &random)] + "\n"
            }
            let bytes = Array(text.utf8)
            let (whole, cut) = (Self.reading(bytes), Self.reading(CommentCutter.cut(bytes)))
            #expect(whole == cut, "\(text)")
            if whole != cut { return }
        }
    }

    @Test(.needsShared)
    func publicChartsSayTheSame() throws {
        guard let shared = Machine.shared else { return }
        var saved = 0
        for path in try Command("find", ["\(shared)/helm/charts", "-name", "*.tgz"]).run().output.split(separator: "\n")
        {
            let chart = try ChartLoader.load(String(path))
            for file in chart.raw where file.name.hasSuffix("values.yaml") {
                let cut = CommentCutter.cut(file.bytes)
                saved += file.bytes.count - cut.count
                #expect(Self.reading(cut) == Self.reading(file.bytes), "\(path) \(file.name)")
            }
        }
        #expect(saved > 1 << 20, "comments are most of the files")
    }
}
