import Document

/// Numbers as Go's package strconv reads them, and says that it cannot.
enum GoNumber {
    /// Digits with Go's prefixes of a base (`0x`, `0o`, `0b`, `0`) and single `_` between them, as base 0 takes them.
    static func magnitude(
        _ digits: Substring.UTF8View, _ whole: String, _ function: String
    ) throws(InvalidFlagValue) -> UInt64 {
        var rest = digits
        let base = base(&rest)
        if digits.isEmpty { throw fault(function, whole) }
        var result: UInt64 = 0
        var wasDigit = rest.startIndex != digits.startIndex
        for byte in rest {
            if byte == UInt8(ascii: "_"), wasDigit {
                wasDigit = false
                continue
            }
            guard let digit = digit(byte), digit < base else { throw fault(function, whole) }
            wasDigit = true
            let (product, isTooLarge) = result.multipliedReportingOverflow(by: base)
            let (sum, isStillTooLarge) = product.addingReportingOverflow(digit)
            if isTooLarge || isStillTooLarge { throw fault(function, whole, "value out of range") }
            result = sum
        }
        if !wasDigit { throw fault(function, whole) }
        return result
    }

    private static func base(_ rest: inout Substring.UTF8View) -> UInt64 {
        guard rest.first == UInt8(ascii: "0") else { return 10 }
        let bases: [(UInt8, UInt64)] = [(UInt8(ascii: "x"), 16), (UInt8(ascii: "o"), 8), (UInt8(ascii: "b"), 2)]
        let letter = rest.dropFirst().first.map { $0 | 0x20 }
        if rest.count >= 3, let (_, base) = bases.first(where: { $0.0 == letter }) {
            rest = rest.dropFirst(2)
            return base
        }
        rest = rest.dropFirst()
        return 8
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// What strconv says of a word that it cannot read.
    static func fault(_ function: String, _ text: String, _ why: String = "invalid syntax") -> InvalidFlagValue {
        InvalidFlagValue("strconv.\(function): parsing \(quoted(text)): \(why)")
    }

    /// The text as Go's `%q` prints it.
    static func quoted(_ text: String) -> String { GoQuote.quote(Text(text)).string }
}
