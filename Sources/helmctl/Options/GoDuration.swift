import ArgumentParser

/// A duration in Go's words, such as `5m0s` or `1.5h`.
struct GoDuration: ExpressibleByArgument {
    let duration: Duration

    init(seconds: Int) { duration = .seconds(seconds) }

    init?(argument: String) {
        var rest = Substring(argument)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" {
            duration = .zero
            return
        }
        guard !rest.isEmpty else { return nil }
        var nanoseconds = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !$0.isNumber && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let scale = Self.units[String(unit)] else { return nil }
            nanoseconds += value * scale
        }
        guard nanoseconds < 9.2e18 else { return nil }
        duration = .nanoseconds(Int64(isNegative ? -nanoseconds : nanoseconds))
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]

    /// The standard one, as Helm's help shows it.
    var defaultValueDescription: String { "5m0s" }
}
