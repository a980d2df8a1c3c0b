/// A number of a YAML or JSON document, which keeps its literal until someone asks for a reading.
///
/// Helm reads every number of a file as float64; Kubernetes reads a whole literal that fits as int64 and all else as
/// float64 (`k8s.io/apimachinery/pkg/util/json`). Two numbers are equal when their literals are.
public struct Number: Sendable, Hashable {
    @usableFromInline
    enum Storage: Sendable, Hashable {
        /// A literal that is just this integer in decimal.
        case int(Int64)
        /// Any other JSON number literal.
        case literal(Text)
    }

    @usableFromInline let storage: Storage

    /// The number whose literal is this integer.
    @inlinable
    public init(_ value: Int64) { storage = .int(value) }

    /// The number with the literal that Go's encoding/json writes for this float; nil for NaN and infinities, which
    /// JSON does not have.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(literal: Text(GoFloat.json(value)))
    }

    /// The number of a JSON literal, which the caller has checked to be one.
    public init(literal: Text) {
        storage = literal.withBytes(Number.canonicalInt).map(Storage.int) ?? .literal(literal)
    }

    init(literal: UnsafeBufferPointer<UInt8>) {
        storage = Number.canonicalInt(literal).map(Storage.int) ?? .literal(Text(bytes: literal))
    }

    /// The integer that prints as exactly this literal.
    private static func canonicalInt(_ literal: UnsafeBufferPointer<UInt8>) -> Int64? {
        let negative = literal.first == UInt8(ascii: "-")
        let start = negative ? 1 : 0
        guard start < literal.count, literal.count - start <= 19 else { return nil }
        if literal[start] == UInt8(ascii: "0") { return literal.count == 1 ? 0 : nil }
        var value: Int64 = 0
        for index in start..<literal.count {
            let digit = literal[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                negative
                ? tens.subtractingReportingOverflow(Int64(digit)) : tens.addingReportingOverflow(Int64(digit))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// The literal as it stood in the document.
    public var literal: Text {
        switch storage {
        case .int(let value): Text(String(value))
        case .literal(let text): text
        }
    }

    /// Kubernetes' reading as an integer: nil for fractions, exponents and what does not fit 64 bits.
    @inlinable
    public var int64: Int64? {
        switch storage {
        case .int(let value): value
        case .literal(let text): text.isNegativeZero ? 0 : nil
        }
    }

    /// The nearest float64; infinite where the literal is out of range.
    public var double: Double {
        switch storage {
        case .int(let value): Double(value)
        case .literal(let text): Double(text.string) ?? .nan
        }
    }

    /// The number as Kubernetes stores it: whole literals as they are, all else by float64.
    public var kubernetes: Number { int64.map(Number.init) ?? helm }

    /// The number as Helm reads it from a file: float64, written as encoding/json writes it.
    public var helm: Number { Number(double) ?? self }
}

extension Text {
    /// `-0`, which Go's integer parser reads as 0.
    @usableFromInline var isNegativeZero: Bool { self == "-0" }
}
