/// The order in which go-yaml writes keys: letters after other characters, runs of digits by their value.
enum YAMLKeyOrder {
    static func sorted(_ object: Object) -> [Object.Member] {
        // Objects are sorted by byte, which is the wanted order for most; a look is cheaper than a sort.
        let isSorted = object.indices.dropFirst().allSatisfy { !isBefore(object[$0].key, object[$0 - 1].key) }
        return isSorted ? Array(object) : object.sorted { isBefore($0.key, $1.key) }
    }

    private static func isBefore(_ left: Text, _ right: Text) -> Bool {
        left.withBytes { a in
            right.withBytes { b in
                let shortest = min(a.count, b.count)
                var shared = 0
                while shared < shortest, a[shared] == b[shared] { shared += 1 }
                if shared < shortest, isASCIILetter(a[shared]), isASCIILetter(b[shared]) {
                    return a[shared] < b[shared]
                }
                // Scalars are compared; step back to where the first differing one begins.
                var start = shared
                while start > 0, start < a.count, a[start] & 0xC0 == 0x80 { start -= 1 }
                return isBefore(a, b, from: start)
            }
        }
    }

    private static func isBefore(
        _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Bool {
        guard start < a.count, start < b.count else { return a.count < b.count }
        let left = scalar(a, start)
        let right = scalar(b, start)
        let leftIsLetter = left.properties.isAlphabetic
        let rightIsLetter = right.properties.isAlphabetic
        if leftIsLetter, rightIsLetter { return left < right }
        if leftIsLetter || rightIsLetter {
            let followsDigit = start > 0 && isDigit(a[start - 1])
            return followsDigit ? leftIsLetter : rightIsLetter
        }
        return isNumberBefore(a, b, from: start) ?? (left < right)
    }

    /// Compares the runs of digits that begin at `start`; nil where they are of equal value and length.
    private static func isNumberBefore(
        _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Bool? {
        var seed: Int64 = 0
        if a[start] == UInt8(ascii: "0") || b[start] == UInt8(ascii: "0") {
            // Digits before the difference are equal; one that is not 0 makes the zeros count.
            let before = a[..<start].reversed().prefix(while: isDigit)
            if before.contains(where: { $0 != UInt8(ascii: "0") }) { seed = 1 }
        }
        let (left, leftCount) = number(a, start, seed)
        let (right, rightCount) = number(b, start, seed)
        if left != right { return left < right }
        return leftCount != rightCount ? leftCount < rightCount : nil
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ seed: Int64) -> (Int64, Int) {
        let digits = bytes[start...].prefix(while: isDigit)
        return (digits.reduce(seed) { $0 &* 10 &+ Int64($1 - UInt8(ascii: "0")) }, digits.count)
    }

    private static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Unicode.Scalar {
        UTF8Decoding.decode(bytes, at: index).0 ?? "\u{FFFD}"
    }
}
