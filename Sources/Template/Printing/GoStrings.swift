import Document
import Glibc

/// Pieces of Go's packages strings, unicode/utf8 and strconv over bytes.
enum GoStrings {
    /// `utf8.RuneCount`: each byte that starts no valid sequence counts as one.
    static func runeCount(_ bytes: [UInt8]) -> Int {
        var count = 0
        var index = 0
        while index < bytes.count {
            index += bytes[index] < 0x80 ? 1 : UTF8Decoding.decode(bytes, at: index).1
            count += 1
        }
        return count
    }

    /// `strings.TrimSpace`
    static func trimSpace(_ string: String) -> String {
        var scalars = Substring(string).unicodeScalars
        while let first = scalars.first, GoUnicode.isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, GoUnicode.isSpace(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// `strings.ReplaceAll` for an old text that is not empty.
    static func replace(_ bytes: [UInt8], _ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
        guard let first = old.first, bytes.count >= old.count else { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == first, bytes.count - index >= old.count,
                bytes[index..<(index + old.count)].elementsEqual(old)
            {
                out += new
                index += old.count
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    /// Where `part` first stands in `bytes` from an index on.
    static func find(_ part: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
        guard let first = part.first else { return start <= bytes.count ? start : nil }
        return bytes.withUnsafeBytes { bytes in
            var index = start
            while index + part.count <= bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + index, CInt(first), bytes.count - part.count - index + 1)
            {
                index = UnsafeRawPointer(found) - base
                if memcmp(base + index, part, part.count) == 0 { return index }
                index += 1
            }
            return nil
        }
    }

    /// `strconv.CanBackquote`
    static func canBackquote(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            let (scalar, width) = UTF8Decoding.decode(bytes, at: index)
            guard let scalar, scalar != "\u{FEFF}" else { return false }
            if scalar.value < 0x20 && scalar != "\t" || scalar == "`" || scalar.value == 0x7F { return false }
            index += width
        }
        return true
    }
}

extension GoStrings {
    /// `strings.Split` for a separator that is not empty.
    static func split(_ string: String, _ separator: String) -> [String] {
        split(Array(string.utf8), Array(separator.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `strings.SplitN` over bytes, for a separator that is not empty.
    static func split(_ bytes: [UInt8], _ separator: [UInt8], limit: Int = .max) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while pieces.count < limit - 1, let next = find(separator, in: bytes, from: start) {
            pieces.append(Array(bytes[start..<next]))
            start = next + separator.count
        }
        return pieces + [Array(bytes[start...])]
    }
}

extension GoStrings {
    /// `strings.Map`
    static func map(_ bytes: [UInt8], _ transform: (Unicode.Scalar) -> Unicode.Scalar) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for scalar in UTF8Decoding.runes(bytes) { append(transform(scalar), to: &out) }
        return out
    }

    static func append(_ scalar: Unicode.Scalar, to out: inout [UInt8]) {
        if scalar.isASCII { out.append(UInt8(scalar.value)) } else { out += UTF8.encode(scalar).map(Array.init) ?? [] }
    }

    /// `strings.TrimFunc`
    static func trim(_ bytes: [UInt8], _ isCut: (Unicode.Scalar) -> Bool) -> ArraySlice<UInt8> {
        var start = 0
        while start < bytes.count {
            let (scalar, width) = UTF8Decoding.decode(bytes, at: start)
            guard isCut(scalar ?? "\u{FFFD}") else { break }
            start += width
        }
        var end = bytes.count
        while end > start {
            let (scalar, width) = lastRune(bytes, before: end, from: start)
            guard isCut(scalar) else { break }
            end -= width
        }
        return bytes[start..<end]
    }

    /// `utf8.DecodeLastRune`
    private static func lastRune(_ bytes: [UInt8], before end: Int, from start: Int) -> (Unicode.Scalar, Int) {
        for width in 1...4 where end - width >= start {
            let (scalar, length) = UTF8Decoding.decode(bytes[(end - width)..<end], at: 0)
            if let scalar, length == width { return (scalar, width) }
        }
        return ("\u{FFFD}", 1)
    }

    /// `strings.TrimSpace`
    static func trimSpace(_ bytes: [UInt8]) -> ArraySlice<UInt8> { trim(bytes, GoUnicode.isSpace) }

    /// `strings.Title`: the first letter of each word; what is no letter, digit, underscore or ASCII is no separator.
    static func title(_ bytes: [UInt8]) -> [UInt8] {
        var previous: Unicode.Scalar = " "
        return map(bytes) { scalar in
            defer { previous = scalar }
            return isSeparator(previous) ? GoUnicode.toTitle(scalar) : scalar
        }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            let byte = UInt8(scalar.value)
            return
                !((0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || scalar == "_")
        }
        if GoUnicode.isLetter(scalar) || GoUnicode.isDigit(scalar) { return false }
        return GoUnicode.isSpace(scalar)
    }

    /// `strings.ReplaceAll` with an empty old text: the new one stands around every rune.
    static func interleave(_ bytes: [UInt8], _ new: [UInt8]) -> [UInt8] {
        var out = new
        var index = 0
        while index < bytes.count {
            let width = UTF8Decoding.decode(bytes, at: index).1
            out += bytes[index..<(index + width)]
            out += new
            index += width
        }
        return out
    }
}
