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
                if a.allSatisfy({ $0 < 0x80 }), b.allSatisfy({ $0 < 0x80 }) {
                    return isBefore(ASCIIScalars(bytes: a), ASCIIScalars(bytes: b), from: shared)
                }
                let (left, right) = (UTF8Decoding.runes(a), UTF8Decoding.runes(b))
                return isBefore(left, right, from: zip(left, right).prefix { $0 == $1 }.count)
            }
        }
    }

    private static func isBefore<Row: ScalarRow>(_ a: Row, _ b: Row, from start: Int) -> Bool {
        guard start < a.count, start < b.count else { return a.count < b.count }
        let (left, right) = (a[start], b[start])
        let leftIsLetter = isLetter(left)
        let rightIsLetter = isLetter(right)
        if leftIsLetter, rightIsLetter { return left < right }
        if leftIsLetter || rightIsLetter {
            let followsDigit = start > 0 && isDigit(a[start - 1])
            return followsDigit ? leftIsLetter : rightIsLetter
        }
        return isNumberBefore(a, b, from: start) ?? (left < right)
    }

    /// Compares the runs of digits that begin at `start`; nil where they are of equal value and length.
    private static func isNumberBefore<Row: ScalarRow>(_ a: Row, _ b: Row, from start: Int) -> Bool? {
        var seed: Int64 = 0
        if a[start] == "0" || b[start] == "0" {
            // Digits before the difference are equal; one that is not 0 makes the zeros count.
            let before = a[..<start].reversed().prefix(while: isDigit)
            if before.contains(where: { $0 != "0" }) { seed = 1 }
        }
        let (left, leftCount) = number(a, start, seed)
        let (right, rightCount) = number(b, start, seed)
        if left != right { return left < right }
        return leftCount != rightCount ? leftCount < rightCount : nil
    }

    /// The value of the digits there; go-yaml counts those of other scripts by their distance from 0 too.
    private static func number(_ scalars: some ScalarRow, _ start: Int, _ seed: Int64) -> (Int64, Int) {
        let digits = scalars[start...].prefix(while: isDigit)
        return (digits.reduce(seed) { $0 &* 10 &+ (Int64($1.value) - 0x30) }, digits.count)
    }

    private static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    /// unicode.IsDigit
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? (0x30...0x39).contains(scalar.value) : scalar.properties.generalCategory == .decimalNumber
    }

    /// unicode.IsLetter
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}

/// The scalars of a text by their number.
private protocol ScalarRow: RandomAccessCollection<Unicode.Scalar> where Index == Int {}

extension [Unicode.Scalar]: ScalarRow {}

/// ASCII as scalars, without a copy.
private struct ASCIIScalars: ScalarRow {
    let bytes: UnsafeBufferPointer<UInt8>
    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }
    subscript(index: Int) -> Unicode.Scalar { Unicode.Scalar(bytes[index]) }
}
