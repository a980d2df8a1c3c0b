import Document

extension Function {
    /// Sprig's encodings of bytes. What cannot be decoded answers the error's text.
    static let codecs: [Function] = [
        Function("b64enc", .string) { .string(bytes: Base64.encode($0.bytes(0))) },
        Function("b64dec", .string) { arguments in
            do throws(Base64.Corruption) {
                return .string(bytes: try Base64.read(arguments.bytes(0)))
            } catch {
                return .string("illegal base64 data at input byte \(error.offset)")
            }
        },
        Function("b32enc", .string) { .string(bytes: Base32.encode($0.bytes(0))) },
        Function("b32dec", .string) { arguments in
            switch Base32.decode(arguments.bytes(0)) {
            case .success(let bytes): .string(bytes: bytes)
            case .failure(let error): .string("illegal base32 data at input byte \(error.offset)")
            }
        },
        Function("adler32sum", .string) { arguments in
            var (a, b): (UInt32, UInt32) = (1, 0)
            for byte in arguments.bytes(0) {
                a = (a + UInt32(byte)) % 65521
                b = (b + a) % 65521
            }
            return .string(String(b << 16 | a))
        },
    ]
}

/// Where an encoded text is malformed.
struct CorruptInput: Error {
    let offset: Int
}

/// Base32 of RFC 4648 as Go's encoding/base32 reads and writes it.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var (group, bits): (UInt32, Int) = (0, 0)
        for byte in bytes {
            group = (group << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                out.append(alphabet[Int(group >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { out.append(alphabet[Int(group << UInt32(5 - bits) & 31)]) }
        while out.count % 8 != 0 { out.append(UInt8(ascii: "=")) }
        return out
    }

    static func decode(_ bytes: [UInt8]) -> Result<[UInt8], CorruptInput> {
        let text = bytes.filter { $0 != 0x0A && $0 != 0x0D }
        var out: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 8) {
            var (group, bits): (UInt32, Int) = (0, 0)
            for index in start..<(start + 8) {
                // Go places a text that ends too early at the start of its last eight.
                if index == text.count { return .failure(CorruptInput(offset: start)) }
                let byte = text[index]
                if byte == UInt8(ascii: "="), index - start >= 2, text.count - index <= 8 {
                    let fault = padding(text, from: index, in: start)
                    return fault.map { .failure(CorruptInput(offset: $0)) } ?? .success(out)
                }
                guard let value = alphabet.firstIndex(of: byte) else { return .failure(CorruptInput(offset: index)) }
                group = (group << 5 | UInt32(value)) & 0xFFFF
                bits += 5
                if bits >= 8 {
                    bits -= 8
                    out.append(UInt8(group >> UInt32(bits) & 255))
                }
            }
        }
        return .success(out)
    }

    /// The offset that Go names for padding that is too short, interrupted, or of a length that cannot be; nil for none.
    private static func padding(_ text: [UInt8], from index: Int, in start: Int) -> Int? {
        let (place, rest) = (index - start, text[(index + 1)...])
        if rest.count + place < 7 { return text.count }
        if let other = rest.prefix(7 - place).firstIndex(where: { $0 != UInt8(ascii: "=") }) { return other - 1 }
        return [1, 3, 6].contains(place) ? index : nil
    }
}
