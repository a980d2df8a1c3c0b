import API
import Document

/// Names and identifiers that the server gives.
enum Naming {
    /// The letters of generated suffixes: no vowels and no look-alikes (apimachinery's util/rand).
    private static let letters = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
    /// A generated name is cut to 63 bytes, five of them the suffix.
    private static let longestBase = 58

    /// `generateName` with five random letters.
    static func generated(_ base: String) -> String {
        var bytes = Array(base.utf8.prefix(longestBase))
        for _ in 0..<5 { bytes.append(letters[Int.random(in: 0..<letters.count)]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A random UUID (RFC 9562, version 4).
    static func uid() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        // Every answer has one: it is written where it stays.
        return String(unsafeUninitializedCapacity: 36) { text in
            var place = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    text[place] = UInt8(ascii: "-")
                    place += 1
                }
                let word = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit & 15))) & 15
                text[place] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
                place += 1
            }
            return place
        }
    }
}
