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

    /// The bytes of a padded text; nil for any other character, length or padding.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var held = 0
        var padding = 0
        for byte in text {
            if byte == UInt8(ascii: "=") {
                padding += 1
            } else {
                let value = values[Int(byte)]
                guard value < 64, padding == 0 else { return nil }
                group = group << 6 | UInt32(value)
                held += 1
                if held % 4 == 0 {
                    result.append(UInt8(group >> 16 & 255))
                    result.append(UInt8(group >> 8 & 255))
                    result.append(UInt8(group & 255))
                    group = 0
                }
            }
        }
        switch (held % 4, padding) {
        case (0, 0): break
        case (2, 2): result.append(UInt8(group >> 4 & 255))
        case (3, 1): result += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
        default: return nil
        }
        return result
    }
}
