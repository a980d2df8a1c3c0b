/// bcrypt (Provos and Mazières, 1999): Blowfish with a key schedule that is slow on purpose.
struct Bcrypt {
    private var subkeys: [UInt32]
    private var boxes: [UInt32]

    private static let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The hash of a password of at most 72 bytes, as `$2a$10$` with salt and digest.
    static func hash(_ password: [UInt8], salt: [UInt8], cost: Int = 10) -> String {
        let key = password + [0]
        var cipher = Bcrypt()
        cipher.expand(key, salt)
        for _ in 0..<(1 << cost) {
            cipher.expand(key, [])
            cipher.expand(salt, [])
        }
        var words = stride(from: 0, to: 24, by: 4).map { start in
            Array("OrpheanBeholderScryDoubt".utf8)[start..<(start + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for pair in stride(from: 0, to: 6, by: 2) {
            for _ in 0..<64 { (words[pair], words[pair + 1]) = cipher.encrypt(words[pair], words[pair + 1]) }
        }
        let digest = words.flatMap { [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
        let number = cost < 10 ? "0\(cost)" : String(cost)
        return "$2a$\(number)$" + text(salt) + text(Array(digest.prefix(23)))
    }

    /// bcrypt's own base64: another alphabet, no padding.
    private static func text(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var (group, bits): (UInt32, Int) = (0, 0)
        for byte in bytes {
            group = (group << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                out.append(alphabet[Int(group >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { out.append(alphabet[Int(group << UInt32(6 - bits) & 63)]) }
        return String(decoding: out, as: UTF8.self)
    }

    private init() {
        subkeys = Array(PiDigits.words.prefix(18))
        boxes = Array(PiDigits.words.dropFirst(18))
    }

    /// The key schedule: the key goes into the subkeys, then all tables are encrypted, with the salt mixed in.
    private mutating func expand(_ key: [UInt8], _ salt: [UInt8]) {
        var place = 0
        for index in subkeys.indices { subkeys[index] ^= Bcrypt.word(key, &place) }
        place = 0
        var (left, right): (UInt32, UInt32) = (0, 0)
        let salted = !salt.isEmpty
        for index in stride(from: 0, to: 18, by: 2) {
            if salted { (left, right) = (left ^ Bcrypt.word(salt, &place), right ^ Bcrypt.word(salt, &place)) }
            (left, right) = encrypt(left, right)
            (subkeys[index], subkeys[index + 1]) = (left, right)
        }
        for index in stride(from: 0, to: 1024, by: 2) {
            if salted { (left, right) = (left ^ Bcrypt.word(salt, &place), right ^ Bcrypt.word(salt, &place)) }
            (left, right) = encrypt(left, right)
            (boxes[index], boxes[index + 1]) = (left, right)
        }
    }

    /// The next four bytes, from the start again after the end.
    private static func word(_ bytes: [UInt8], _ place: inout Int) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            value = value << 8 | UInt32(bytes[place])
            place = place + 1 == bytes.count ? 0 : place + 1
        }
        return value
    }

    private func encrypt(_ left: UInt32, _ right: UInt32) -> (UInt32, UInt32) {
        subkeys.withUnsafeBufferPointer { subkeys in
            boxes.withUnsafeBufferPointer { boxes in
                var (l, r) = (left ^ subkeys[0], right)
                for round in stride(from: 1, to: 17, by: 2) {
                    r ^= Bcrypt.mix(l, boxes) ^ subkeys[round]
                    l ^= Bcrypt.mix(r, boxes) ^ subkeys[round + 1]
                }
                return (r ^ subkeys[17], l)
            }
        }
    }

    @inline(__always)
    private static func mix(_ x: UInt32, _ boxes: UnsafeBufferPointer<UInt32>) -> UInt32 {
        let sum = boxes[Int(x >> 24)] &+ boxes[256 + Int(x >> 16 & 255)]
        return (sum ^ boxes[512 + Int(x >> 8 & 255)]) &+ boxes[768 + Int(x & 255)]
    }
}
