/// Arithmetic by an odd number in Montgomery's form (Modular Multiplication Without Trial Division, 1985): a number a
/// stands as a · 2^(64 · limbs), so that a product is reduced by shifts.
struct Modulus {
    /// A number in that form, with as many limbs as the modulus has.
    typealias Residue = [UInt64]

    private let limbs: [UInt64]
    /// The lowest limb's inverse by 2^64, negated.
    private let inverse: UInt64
    let one: Residue
    private let square: Residue

    /// - Parameter number: odd, and more than 1.
    init(_ number: Natural) {
        limbs = number.limbs
        var inverse: UInt64 = 1
        // Each step doubles the bits that hold (Newton).
        for _ in 0..<6 { inverse = inverse &* (2 &- number.limbs[0] &* inverse) }
        self.inverse = 0 &- inverse
        var power: Residue = [1] + [UInt64](repeating: 0, count: limbs.count - 1)
        for _ in 0..<64 * limbs.count { Modulus.double(&power, number.limbs) }
        one = power
        for _ in 0..<64 * limbs.count { Modulus.double(&power, number.limbs) }
        square = power
    }

    /// The residue of a number that has no more limbs than the modulus.
    func residue(_ number: Natural) -> Residue {
        product(number.limbs + [UInt64](repeating: 0, count: limbs.count - number.limbs.count), square)
    }

    func number(_ residue: Residue) -> Natural {
        Natural(limbs: product(residue, [1] + [UInt64](repeating: 0, count: limbs.count - 1)))
    }

    /// The residue that, with `residue`, makes zero.
    func negated(_ residue: Residue) -> Residue {
        var result = limbs
        Modulus.subtract(residue, from: &result)
        return result
    }

    func power(_ base: Residue, _ exponent: Natural) -> Residue {
        var result = one
        for bit in (0..<exponent.bitWidth).reversed() {
            result = product(result, result)
            if exponent.hasBit(bit) { result = product(result, base) }
        }
        return result
    }

    func product(_ a: Residue, _ b: Residue) -> Residue {
        let count = limbs.count
        var sum = [UInt64](repeating: 0, count: count + 2)
        for factor in b {
            Modulus.add(a, times: factor, to: &sum)
            // What this adds makes the lowest limb zero.
            Modulus.add(limbs, times: sum[0] &* inverse, to: &sum)
            for index in 0...count { sum[index] = sum[index + 1] }
            sum[count + 1] = 0
        }
        var result = Array(sum[..<count])
        if sum[count] > 0 || !Modulus.isLess(result, limbs) { Modulus.subtract(limbs, from: &result) }
        return result
    }

    private static func add(_ a: [UInt64], times factor: UInt64, to sum: inout [UInt64]) {
        var carry: UInt64 = 0
        sum.withUnsafeMutableBufferPointer { sum in
            a.withUnsafeBufferPointer { a in
                for index in a.indices { carry = Natural.add(a[index], factor, carry, to: &sum[index]) }
            }
        }
        let (limb, isOver) = sum[a.count].addingReportingOverflow(carry)
        sum[a.count] = limb
        if isOver { sum[a.count + 1] += 1 }
    }

    private static func double(_ number: inout [UInt64], _ modulus: [UInt64]) {
        var carry: UInt64 = 0
        for index in number.indices {
            let next = number[index] >> 63
            number[index] = number[index] << 1 | carry
            carry = next
        }
        if carry > 0 || !isLess(number, modulus) { subtract(modulus, from: &number) }
    }

    private static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
        a.reversed().lexicographicallyPrecedes(b.reversed())
    }

    private static func subtract(_ a: [UInt64], from b: inout [UInt64]) {
        var borrow: UInt64 = 0
        for index in a.indices {
            let (first, isUnder) = b[index].subtractingReportingOverflow(a[index])
            let (second, isUnderToo) = first.subtractingReportingOverflow(borrow)
            b[index] = second
            borrow = isUnder || isUnderToo ? 1 : 0
        }
    }
}
