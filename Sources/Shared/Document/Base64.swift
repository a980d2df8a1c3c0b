/// Base64 of RFC 4648, as Go's encoding/base64 reads and writes it.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()

    /// The text of the bytes, padded with `=`.
    @inlinable
    public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] { text(of: Array(bytes)) }

    // Of bytes at one place: what is generic would be looked up at run time.
    @usableFromInline
    static func text(of bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var held = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            guard held == 3 else { continue }
            for shift in [18, 12, 6, 0] { result.append(alphabet[Int(group >> UInt32(shift) & 63)]) }
            group = 0
            held = 0
        }
        guard held > 0 else { return result }
        group <<= UInt32(8 * (3 - held))
        for shift in [18, 12, 6].prefix(held + 1) { result.append(alphabet[Int(group >> UInt32(shift) & 63)]) }
        for _ in held..<3 { result.append(UInt8(ascii: "=")) }
        return result
    }

    /// Where a text stops being base64 (`base64.CorruptInputError`).
    public struct Corruption: Error {
        /// In bytes from the start.
        public let offset: Int
    }

    /// The bytes of a padded text; nil for what is none.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { try? read(Array(text)) }

    /// The bytes of a padded text; Go skips `\r` and `\n` wherever they stand.
    public static func read(_ text: [UInt8]) throws(Corruption) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var held = 0
        var index = 0
        while let byte = next(text, &index) {
            if byte == UInt8(ascii: "=") {
                try checkPadding(text, index, held)
                let rest = held == 2 ? [group >> 4] : [group >> 10, group >> 2]
                return result + rest.map { UInt8($0 & 255) }
            }
            let value = values[Int(byte)]
            guard value < 64 else { throw Corruption(offset: index - 1) }
            group = group << 6 | UInt32(value)
            held += 1
            guard held == 4 else { continue }
            result.append(UInt8(group >> 16 & 255))
            result.append(UInt8(group >> 8 & 255))
            result.append(UInt8(group & 255))
            (group, held) = (0, 0)
        }
        if held > 0 { throw Corruption(offset: index - held) }
        return result
    }

    /// The byte at a place or after the line breaks that stand there; the place is then the one after it.
    private static func next(_ text: [UInt8], _ index: inout Int) -> UInt8? {
        while index < text.count, text[index] == 0x0A || text[index] == 0x0D { index += 1 }
        guard index < text.count else { return nil }
        index += 1
        return text[index - 1]
    }

    /// What follows the first `=` of a text, behind `held` characters of the last group.
    private static func checkPadding(_ text: [UInt8], _ start: Int, _ held: Int) throws(Corruption) {
        if held < 2 { throw Corruption(offset: start - 1) }
        var index = start
        if held == 2 {
            guard let second = next(text, &index) else { throw Corruption(offset: text.count) }
            guard second == UInt8(ascii: "=") else { throw Corruption(offset: index - 2) }
        }
        if next(text, &index) != nil { throw Corruption(offset: index - 1) }
    }
}
