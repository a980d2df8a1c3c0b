import Document
import PKI

extension Function {
    /// Sprig's digests.
    static let digests: [Function] = [
        Function("sha1sum", .string) { .string(hexadecimal(Digest.sha1($0.bytes(0)))) },
        Function("sha256sum", .string) { .string(hexadecimal(Digest.sha256($0.bytes(0)))) }.preparing {
            _ = Digest.sha256([])
        },
        Function("sha512sum", .string) { .string(hexadecimal(Digest.sha512($0.bytes(0)))) },
    ]

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Sprig's random texts and numbers.
    static let randoms: [Function] = [
        drawing("randAlphaNum", Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)),
        drawing("randAlpha", Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)),
        drawing("randNumeric", Array("0123456789".utf8)),
        drawing("randAscii", Array(0x20...0x7E)),
        Function(engine: "randBytes", .int) { evaluator, arguments throws(CallFailure) in
            let count = arguments.int(0)
            if count < 0 { throw .text("runtime error: makeslice: len out of range") }
            if count > mostBytes { throw .limit("randBytes would make \(count) bytes") }
            return .string(bytes: Base64.encode(evaluator.host.random(count)))
        },
        Function(engine: "randInt", .int, .int) { evaluator, arguments throws(CallFailure) in
            let (low, high) = (arguments.int(0), arguments.int(1))
            if high <= low { throw .text("invalid argument to Intn") }
            return .int(low + evaluator.random(below: high - low))
        },
        Function(engine: "shuffle", .string) { evaluator, arguments in
            var runes = UTF8Decoding.runes(arguments.bytes(0))
            for index in runes.indices.dropFirst().reversed() {
                runes.swapAt(index, evaluator.random(below: index + 1))
            }
            return .string(bytes: LatinText.bytes(runes))
        }.costing(.steps { 8 &* $0.text(0).count }),
        Function(engine: "uuidv4") { evaluator, _ in
            var bytes = evaluator.host.random(16)
            bytes[6] = bytes[6] & 0x0F | 0x40
            bytes[8] = bytes[8] & 0x3F | 0x80
            let text = hexadecimal(bytes)
            var parts: [Substring] = []
            var rest = Substring(text)
            for count in [8, 4, 4, 4, 12] {
                parts.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            return .string(parts.joined(separator: "-"))
        },
    ]

    private static func drawing(_ name: String, _ alphabet: [UInt8]) -> Function {
        Function(engine: name, .int) { evaluator, arguments throws(CallFailure) in
            let count = arguments.int(0)
            if count > mostBytes { throw .limit("\(name) would make \(count) bytes") }
            // goutils answers an error for negative counts, which Sprig drops.
            return .string(bytes: (0..<max(0, count)).map { _ in alphabet[evaluator.random(below: alphabet.count)] })
        }.costing(.steps { 8 &* max(0, $0.int(0)) })
    }
}

extension Evaluator {
    /// A number from 0 on, each as likely as the others.
    func random(below limit: Int) -> Int {
        let bound = UInt64(limit)
        let most = UInt64.max - UInt64.max % bound
        while true {
            let value = host.random(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if value < most { return Int(value % bound) }
        }
    }
}
