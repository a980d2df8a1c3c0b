public import Glibc

/// Decoding of UTF-8 as Go's `unicode/utf8` does it.
public enum UTF8Decoding {
    /// The scalar at `index` and its width in bytes; nil and 1 where no valid sequence starts
    /// (Go's `utf8.DecodeRune`, which answers `RuneError, 1`).
    public static func decode(_ bytes: some RandomAccessCollection<UInt8>, at index: Int) -> (Unicode.Scalar?, Int) {
        func byte(_ offset: Int) -> UInt32? {
            let position = index + offset
            guard position < bytes.count else { return nil }
            return UInt32(bytes[bytes.index(bytes.startIndex, offsetBy: position)])
        }
        func continuation(_ offset: Int) -> UInt32? {
            guard let value = byte(offset), value & 0xC0 == 0x80 else { return nil }
            return value & 0x3F
        }
        guard let first = byte(0) else { return (nil, 1) }
        switch first {
        case 0..<0x80:
            return (Unicode.Scalar(first), 1)
        case 0xC2..<0xE0:
            guard let a = continuation(1) else { return (nil, 1) }
            return (Unicode.Scalar((first & 0x1F) << 6 | a), 2)
        case 0xE0..<0xF0:
            guard let a = continuation(1), let b = continuation(2) else { return (nil, 1) }
            let value = (first & 0x0F) << 12 | a << 6 | b
            // Overlong forms and surrogates are invalid; `Unicode.Scalar` refuses the latter.
            guard value >= 0x800, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
            return (scalar, 3)
        case 0xF0..<0xF5:
            guard let a = continuation(1), let b = continuation(2), let c = continuation(3) else { return (nil, 1) }
            let value = (first & 0x07) << 18 | a << 12 | b << 6 | c
            guard value >= 0x10000, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
            return (scalar, 4)
        default:
            return (nil, 1)
        }
    }

    /// Go's `[]rune(s)`: a byte that starts no valid sequence is U+FFFD.
    public static func runes(_ bytes: some RandomAccessCollection<UInt8>) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let (scalar, width) = decode(bytes, at: index)
            result.append(scalar ?? "\u{FFFD}")
            index += width
        }
        return result
    }
}

extension UnsafeBufferPointer<UInt8> {
    @inlinable
    func elementsEqual(bytes other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let a = baseAddress, let b = other.baseAddress, a != b else { return true }
        return memcmp(a, b, count) == 0
    }

    @inlinable
    func compare(bytes other: UnsafeBufferPointer<UInt8>) -> Int {
        if let a = baseAddress, let b = other.baseAddress {
            let order = memcmp(a, b, Swift.min(count, other.count))
            if order != 0 { return Int(order) }
        }
        return count - other.count
    }
}
