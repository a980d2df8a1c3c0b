import Glibc

/// What go-yaml v2 reads otherwise than libyaml 0.2.5, made alike before libyaml sees it: a character that only libyaml
/// takes for more than text is replaced by one of the private use area, and put back in what was read.
///
/// These are a colon before `,?[]{}` within plain text (`[a:]`, which libyaml refuses), a byte order mark after the
/// start (which libyaml skips where a line begins), and the slash of `\/` (an escape that go-yaml does not know).
struct YAMLStandIns {
    private enum Different: Int, CaseIterable {
        case colon, byteOrderMark, slash

        var bytes: [UInt8] {
            switch self {
            case .colon: [UInt8(ascii: ":")]
            case .byteOrderMark: [0xEF, 0xBB, 0xBF]
            case .slash: [UInt8(ascii: "/")]
            }
        }
    }

    /// U+E000 and those that follow, as far as the text does not hold them: all are `EE 80` and a third byte.
    private let thirds: [UInt8]
    private static let firsts: [UInt8] = [0xEE, 0x80]

    /// Nil for a text that both read alike.
    init?(for bytes: [UInt8]) {
        let isUTF16 = bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
        guard !isUTF16, bytes.withUnsafeBufferPointer(YAMLStandIns.anyIsDifferent) else { return nil }
        var isFree = [Bool](repeating: true, count: 64)
        for index in bytes.indices.dropLast(2) where bytes[index] == 0xEE && bytes[index + 1] == 0x80 {
            if bytes[index + 2] & 0xC0 == 0x80 { isFree[Int(bytes[index + 2] & 0x3F)] = false }
        }
        let free = (UInt8(0x80)...0xBF).filter { isFree[Int($0 & 0x3F)] }
        guard free.count >= Different.allCases.count else { return nil }
        thirds = free
    }

    /// Looks only where one of the characters stands, for every YAML text passes here.
    private static func anyIsDifferent(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        for first in [UInt8(ascii: ":"), 0xEF, UInt8(ascii: "/")] {
            var index = 0
            while let found = memchr(base + index, CInt(first), bytes.count - index) {
                index = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                if different(bytes, at: index) != nil { return true }
                index += 1
            }
        }
        return false
    }

    private static func different(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Different? {
        switch bytes[index] {
        case UInt8(ascii: ":"):
            guard index > 0, index + 1 < bytes.count, isFlow(bytes[index + 1]), !endsToken(bytes[index - 1]) else {
                return nil
            }
            return .colon
        case 0xEF: return index > 0 && bytes[index...].starts(with: [0xEF, 0xBB, 0xBF]) ? .byteOrderMark : nil
        case UInt8(ascii: "/"):
            var escapes = 0
            while escapes < index, bytes[index - escapes - 1] == UInt8(ascii: "\\") { escapes += 1 }
            return escapes % 2 == 1 ? .slash : nil
        default: return nil
        }
    }

    private static func isFlow(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"):
            true
        default: false
        }
    }

    /// Whether a colon after this byte stands by itself, as after a quoted key.
    private static func endsToken(_ byte: UInt8) -> Bool {
        isFlow(byte) || byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            || byte == UInt8(ascii: ":")
    }

    /// The text for libyaml.
    func prepared(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        var index = 0
        while index < bytes.count {
            if let different = YAMLStandIns.different(bytes, at: index) {
                result += YAMLStandIns.firsts + [thirds[different.rawValue]]
                index += different.bytes.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// What libyaml read, with all that was replaced.
    func restored(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: YAMLStandIns.firsts), index + 2 < bytes.count,
                let number = thirds.prefix(Different.allCases.count).firstIndex(of: bytes[index + 2]),
                let different = Different(rawValue: number)
            {
                result += different.bytes
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// The line, from 0, of a `%YAML` that is not 1.1, which go-yaml refuses; nil where the first document has none.
    static func incompatibleVersion(_ bytes: [UInt8]) -> Int? {
        var rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var line = 0
        while let first = rest.first {
            let text = rest[..<(rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex)]
            switch first {
            case UInt8(ascii: "%"):
                let words = text.dropLast(text.last == UInt8(ascii: "\r") ? 1 : 0)
                    .split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
                guard words.first == "%YAML" else { break }
                let numbers = words.dropFirst().first?.split(separator: ".").map { Int($0) } ?? []
                return numbers.count == 2 && !numbers.contains(nil) && numbers != [1, 1] ? line : nil
            case UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
            default: return nil
            }
            rest = rest.dropFirst(text.count + 1)
            line += 1
        }
        return nil
    }
}
