import SwiftASN1

/// A key of the Digital Signature Algorithm (FIPS 186-4) with parameters of its own, as Go's crypto/dsa makes it. No
/// library here has it any more, and nobody should want it; charts may still ask for one.
struct DSAKey {
    let p, q, g, y, x: Natural

    /// Finds primes, which takes from a third of a second to several for the sizes that Sprig asks for.
    ///
    /// - Parameters:
    ///   - bits: the length of p.
    ///   - orderBits: the length of q.
    init(bits: Int = 2048, orderBits: Int = 256, using generator: inout some RandomNumberGenerator) {
        var order: Natural
        repeat {
            order = Natural.random(bits: orderBits, using: &generator).setting(bit: orderBits - 1).setting(bit: 0)
        } while !Primality.isPrime(order, using: &generator)
        var prime, half: Natural
        repeat {
            half = Natural.random(bits: bits - orderBits - 1, using: &generator).setting(bit: bits - orderBits - 2)
            prime = (order * half * Natural(2)).setting(bit: 0)
        } while prime.bitWidth != bits || !Primality.isPrime(prime, using: &generator)
        let modulus = Modulus(prime)
        var (base, generated): (UInt64, Modulus.Residue) = (2, modulus.one)
        while generated == modulus.one {
            generated = modulus.power(modulus.residue(Natural(base)), half * Natural(2))
            base += 1
        }
        var secret: Natural
        repeat {
            secret = Natural.random(bits: orderBits, using: &generator)
        } while secret == Natural(0) || !(secret < order)
        (p, q, g, x) = (prime, order, modulus.number(generated), secret)
        y = modulus.number(modulus.power(generated, secret))
    }

    /// The form of OpenSSL: version 0, then p, q, g, y and x.
    func pem() throws -> String {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { body in
            try body.serialize(0)
            for number in [p, q, g, y, x] { try body.serialize(number.bytes[...]) }
        }
        return PEMDocument(type: "DSA PRIVATE KEY", derBytes: serializer.serializedBytes).pemString + "\n"
    }
}

/// Whether numbers are prime.
enum Primality {
    private static let small: [UInt64] = (2..<2000).filter { number in
        !(2..<number).contains { $0 * $0 <= number && number.isMultiple(of: $0) }
    }

    /// Divides by small primes, then asks forty witnesses (Miller and Rabin: each errs for at most a quarter of the
    /// composite numbers).
    ///
    /// - Parameter number: odd.
    static func isPrime(_ number: Natural, using generator: inout some RandomNumberGenerator) -> Bool {
        for prime in small {
            if number == Natural(prime) { return true }
            if number % prime == 0 { return false }
        }
        let modulus = Modulus(number)
        var (odd, twos) = (number.halved, 1)
        while !odd.hasBit(0) { (odd, twos) = (odd.halved, twos + 1) }
        for _ in 0..<40 {
            let witness = Natural.random(bits: number.bitWidth - 1, using: &generator)
            if witness.bitWidth > 1, !passes(modulus.residue(witness), modulus, odd, twos) { return false }
        }
        return true
    }

    private static func passes(_ witness: Modulus.Residue, _ modulus: Modulus, _ odd: Natural, _ twos: Int) -> Bool {
        let minusOne = modulus.negated(modulus.one)
        var power = modulus.power(witness, odd)
        if power == modulus.one || power == minusOne { return true }
        for _ in 1..<max(twos, 1) {
            power = modulus.product(power, power)
            if power == minusOne { return true }
        }
        return false
    }
}
