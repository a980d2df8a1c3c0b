import Synchronization
import Template

/// Holds values against their schemas while the templates are rendered already, as if nothing were wrong.
///
/// To compile a schema and to validate by it takes as long as a sixth of a rendering. Templates have no effects but what
/// they write, so that a rendering is for nothing at worst, and is called off as soon as that is known.
final class ValuesCheck: Sendable {
    private let checking: WorkAhead.Outcome<ValuesSchemas.Verdict>
    private let refusal = Refusal()

    /// Begins to check; nil where no chart asks anything of its values.
    ///
    /// - Parameters:
    ///   - values: what the templates are going to see, and perhaps to change.
    ///   - ahead: where it is checked, unless somebody asks earlier.
    init?(_ chart: LoadedChart, _ values: GoMap, _ ahead: WorkAhead) {
        let claims = Claims(ValuesSchemas.claims(chart, values))
        if claims.isEmpty { return nil }
        let refusal = refusal
        checking = ahead.add(weight: claims.weight) {
            let verdict = ValuesSchemas.verdict(on: claims.take())
            if verdict.fault != nil { refusal.isKnown.store(true, ordering: .relaxed) }
            return verdict
        }
        ahead.begin()
    }

    /// Whether it is known that the values are wrong; waits for nobody.
    var isRefused: Bool { refusal.isKnown.load(ordering: .relaxed) }

    /// What came of it; waits, or checks by itself.
    func verdict() -> ValuesSchemas.Verdict { checking.get() }

    private final class Refusal: Sendable {
        let isKnown = Atomic(false)
    }
}

/// What is to be checked, for whoever does it.
///
/// Unchecked, for the maps are copies that nobody else has, and an outcome is made once and under a lock: one thread looks
/// at them. There they end, too, on a stack that is deep enough for however deep they are nested.
private final class Claims: @unchecked Sendable {
    private var claims: [ValuesSchemas.Claim]
    /// How much there is to do, in bytes to read.
    let weight: Int

    init(_ claims: [ValuesSchemas.Claim]) {
        self.claims = claims.map(\.own)
        weight = claims.reduce(0) { $0 + $1.weight }
    }

    var isEmpty: Bool { claims.isEmpty }

    func take() -> [ValuesSchemas.Claim] {
        defer { claims = [] }
        return claims
    }
}
