/// Standard base64 with padding, as Go's encoding/base64 reads and writes it.
enum Base64 {
    /// Where a text stops being base64.
    struct Failure: Error {
        let offset: Int
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 256)
        for (index, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(index) }
        return table
    }()

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = UInt32(0)
            for index in 0..<3 { group = group << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
            for index in 0..<4 {
                let digit = Int(group >> UInt32(18 - 6 * index) & 63)
                text.append(index <= count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return text
    }

    /// The bytes; Go skips `\r` and `\n` wherever they stand.
    static func decode(_ text: [UInt8]) -> Result<[UInt8], Failure> {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for (offset, byte) in text.enumerated() where byte != 13 && byte != 10 {
            if byte == UInt8(ascii: "="), digits >= 2 {
                padding += 1
                if digits + padding > 4 { return .failure(Failure(offset: offset)) }
                continue
            }
            guard padding == 0, let value = values[Int(byte)] else { return .failure(Failure(offset: offset)) }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 {
                bytes += [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
                (group, digits) = (0, 0)
            }
        }
        guard digits == 0 ? padding == 0 : digits + padding == 4 else { return .failure(Failure(offset: text.count)) }
        if digits == 2 { bytes.append(UInt8(group >> 4 & 255)) }
        if digits == 3 { bytes += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)] }
        return .success(bytes)
    }
}
