import Document
import TestSupport
import Testing

/// Tables by text, beside what a dictionary does with the same keys.
@Suite struct TextTableTests {
    @Test(arguments: 1...20) func aTableHoldsWhatADictionaryHolds(_ seed: Int) {
        var dice = SeededGenerator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        var table = TextTable<Int>()
        var dictionary: [Text: Int] = [:]
        var order: [Text] = []
        for value in 0..<Int.random(in: 0...400, using: &dice) {
            let key = Text(
                bytes: (0..<Int.random(in: 0...3, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) })
            if dictionary.updateValue(value, forKey: key) == nil { order.append(key) }
            table.set(key, value)
        }
        #expect(table.count == dictionary.count && table.isEmpty == dictionary.isEmpty)
        #expect(table.entries.map(\.key) == order)
        #expect(order.allSatisfy { table[$0] == dictionary[$0] })
        #expect(table["none of these"] == nil)
    }
}
