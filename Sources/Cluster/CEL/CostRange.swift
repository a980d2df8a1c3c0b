/// Between what an evaluation may cost, or how many characters, elements or members a value may have, at least and at most.
public struct CostRange: Sendable, Equatable {
    var least: UInt64
    var most: UInt64

    /// What nothing is known of.
    static let unknown = CostRange(least: 0, most: .max)

    init(least: UInt64, most: UInt64) {
        self.least = least
        self.most = most
    }

    init(_ exactly: UInt64) { self.init(least: exactly, most: exactly) }

    static func + (left: CostRange, right: CostRange) -> CostRange {
        CostRange(least: sum(left.least, right.least), most: sum(left.most, right.most))
    }

    static func * (left: CostRange, right: CostRange) -> CostRange {
        CostRange(least: product(left.least, right.least), most: product(left.most, right.most))
    }

    /// Each bound times a factor, rounded up.
    static func * (left: CostRange, factor: Double) -> CostRange {
        CostRange(least: scaled(left.least, factor), most: scaled(left.most, factor))
    }

    /// What holds for either.
    func union(_ other: CostRange) -> CostRange {
        CostRange(least: min(least, other.least), most: max(most, other.most))
    }

    // What does not fit is as much as there can be.

    private static func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? .max : sum
    }

    /// How much two amounts make together; as much as there can be where that does not fit.
    public static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflows) = left.multipliedReportingOverflow(by: right)
        return overflows ? .max : product
    }

    private static func scaled(_ value: UInt64, _ factor: Double) -> UInt64 {
        UInt64(exactly: (Double(value) * factor).rounded(.up)) ?? .max
    }
}
