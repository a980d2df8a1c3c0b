import Testing

@testable import PKI

/// Keys of DSA, and the arithmetic of large numbers below them.
struct DSAKeyTests {
    /// SplitMix64, for the same numbers in each run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func parametersBelongTogether(seed: UInt64) {
        var numbers = Numbers(state: seed)
        let key = DSAKey(bits: 320, orderBits: 96, using: &numbers)
        #expect((key.p.bitWidth, key.q.bitWidth) == (320, 96))
        let modulus = Modulus(key.p)
        let generator = modulus.residue(key.g)
        #expect(generator != modulus.one)
        #expect(modulus.power(generator, key.q) == modulus.one)
        #expect(modulus.number(modulus.power(generator, key.x)) == key.y)
        #expect(key.x < key.q)
        #expect(Primality.isPrime(key.p, using: &numbers) && Primality.isPrime(key.q, using: &numbers))
    }

    @Test func pemHoldsFiveNumbers() throws {
        var numbers = Numbers(state: 4)
        let lines = try DSAKey(bits: 320, orderBits: 96, using: &numbers).pem().split(separator: "\n")
        #expect(lines.first == "-----BEGIN DSA PRIVATE KEY-----")
        #expect(lines.last == "-----END DSA PRIVATE KEY-----")
    }

    /// Carmichael numbers, strong pseudoprimes to small bases, a Mersenne prime, and its neighbour of the same length.
    @Test(arguments: [
        (Natural(7), true), (Natural(561), false), (Natural(3_215_031_751), false),
        (Natural(3_825_123_056_546_413_051), false), (Natural(18_446_744_073_709_551_557), true),
        (Natural(limbs: [.max, .max >> 1]), true), (Natural(limbs: [.max - 2, .max >> 1]), false),
    ])
    func primality(number: Natural, isPrime: Bool) {
        var numbers = Numbers(state: 5)
        #expect(Primality.isPrime(number, using: &numbers) == isPrime)
    }

    /// Fermat's theorem for the prime 2^127 - 1, and Euler's for products of two.
    @Test func powersComeBack() {
        let prime = Natural(limbs: [.max, .max >> 1])
        let modulus = Modulus(prime)
        var numbers = Numbers(state: 6)
        for _ in 0..<20 {
            let base = modulus.residue(Natural.random(bits: 120, using: &numbers))
            #expect(modulus.power(base, prime) == base)
            #expect(modulus.product(modulus.negated(base), modulus.negated(base)) == modulus.product(base, base))
        }
    }
}
