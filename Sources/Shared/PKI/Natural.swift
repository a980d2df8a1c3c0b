/// A natural number of any size: what finding primes for keys takes. It is not for secrets on machines shared with an
/// attacker, for how long it takes tells something of the number.
struct Natural: Equatable {
    /// From the lowest on; the highest is not zero.
    private(set) var limbs: [UInt64]

    init(limbs: [UInt64]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    init(_ number: UInt64) { self.init(limbs: [number]) }

    /// A random number with `bits` bits at most.
    static func random(bits: Int, using generator: inout some RandomNumberGenerator) -> Natural {
        var limbs = (0..<(bits + 63) / 64).map { _ in generator.next() as UInt64 }
        if bits % 64 > 0 { limbs[limbs.count - 1] &= 1 << UInt64(bits % 64) - 1 }
        return Natural(limbs: limbs)
    }

    var bitWidth: Int { limbs.count * 64 - (limbs.last?.leadingZeroBitCount ?? 0) }

    /// The number with one of its bits set, counted from the lowest.
    func setting(bit: Int) -> Natural {
        var limbs = limbs + [UInt64](repeating: 0, count: max(0, bit / 64 + 1 - limbs.count))
        limbs[bit / 64] |= 1 << UInt64(bit % 64)
        return Natural(limbs: limbs)
    }

    func hasBit(_ bit: Int) -> Bool { bit / 64 < limbs.count && limbs[bit / 64] >> UInt64(bit % 64) & 1 == 1 }

    /// The number by two, rounded down.
    var halved: Natural {
        Natural(limbs: limbs.indices.map { limbs[$0] >> 1 | ($0 + 1 < limbs.count ? limbs[$0 + 1] << 63 : 0) })
    }

    /// The bytes from the highest on, without zeros before them.
    var bytes: [UInt8] {
        let all = limbs.reversed().flatMap { limb in
            (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(56 - 8 * $0)) }
        }
        return Array(all.drop { $0 == 0 })
    }

    static func < (a: Natural, b: Natural) -> Bool {
        if a.limbs.count != b.limbs.count { return a.limbs.count < b.limbs.count }
        return a.limbs.reversed().lexicographicallyPrecedes(b.limbs.reversed())
    }

    static func * (a: Natural, b: Natural) -> Natural {
        var result = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
        for (place, factor) in b.limbs.enumerated() {
            var carry: UInt64 = 0
            for (index, limb) in a.limbs.enumerated() {
                carry = Natural.add(limb, factor, carry, to: &result[place + index])
            }
            result[place + a.limbs.count] = carry
        }
        return Natural(limbs: result)
    }

    /// `limb` becomes its own low half plus a · b + carry; what is over is returned.
    @inline(__always)
    static func add(_ a: UInt64, _ b: UInt64, _ carry: UInt64, to limb: inout UInt64) -> UInt64 {
        // Even the largest factors leave room for both terms.
        let sum = UInt128(a) &* UInt128(b) &+ UInt128(limb) &+ UInt128(carry)
        limb = UInt64(truncatingIfNeeded: sum)
        return UInt64(truncatingIfNeeded: sum >> 64)
    }

    static func % (a: Natural, b: UInt64) -> UInt64 {
        a.limbs.reversed().reduce(0) { rest, limb in b.dividingFullWidth((rest, limb)).remainder }
    }
}
