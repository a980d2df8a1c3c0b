import Document
import TestSupport
import Testing

struct Base64Tests {
    @Test(arguments: 1...50) func whatIsWrittenIsRead(_ seed: Int) {
        var dice = SeededGenerator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        let bytes = (0..<seed).map { _ in UInt8.random(in: 0...255, using: &dice) }
        var text = Base64.encode(bytes)
        #expect(Base64.decode(text) == bytes)
        for _ in 0..<3 { text.insert(0x0A, at: Int.random(in: 0...text.count, using: &dice)) }
        #expect(Base64.decode(text) == bytes)
    }

    @Test(arguments: [
        ("QQ", 0), ("QUJ", 0), ("QUJDR", 4), ("QQ=", 3), ("=", 0), ("Q===", 1), ("QQ==Q", 4), ("QQ=Q", 2), ("Q*==", 1),
        ("QUI==", 4),
    ])
    func corruptions(_ text: String, _ offset: Int) {
        #expect { try Base64.read(Array(text.utf8)) } throws: { ($0 as? Base64.Corruption)?.offset == offset }
    }
}
