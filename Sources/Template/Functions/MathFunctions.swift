import Document
import Glibc

extension Function {
    /// Sprig's arithmetic: on int64, on float64, and in decimal for those that end with `f`.
    static let math: [Function] = [
        Function("int", .any) { .int(Int(Cast.int64($0[0]))) },
        Function("int64", .any) { .int64(Cast.int64($0[0])) },
        Function("float64", .any) { .float(Cast.double($0[0])) },
        Function("atoi", .string) { .int(GoNumber.clamped($0.text(0).string)) },
        Function("toDecimal", .any) { arguments in
            .int64(octal(GoFormat.text(arguments[0]).string))
        },
        Function("add1", .any) { .int64(Cast.int64($0[0]) &+ 1) },
        Function(variadic: "add", .any) { .int64($0.reduce(0) { $0 &+ Cast.int64($1) }) },
        Function("sub", .any, .any) { .int64(Cast.int64($0[0]) &- Cast.int64($0[1])) },
        Function("div", .any, .any) { arguments throws(CallFailure) in
            let (dividend, divisor) = try operands(arguments)
            return .int64(dividend.dividedReportingOverflow(by: divisor).partialValue)
        },
        Function("mod", .any, .any) { arguments throws(CallFailure) in
            let (dividend, divisor) = try operands(arguments)
            return .int64(dividend.remainderReportingOverflow(dividingBy: divisor).partialValue)
        },
        Function(variadic: "mul", .any, .any) { .int64($0.reduce(1) { $0 &* Cast.int64($1) }) },
        Function(variadic: "max", .any, .any) { .int64($0.map(Cast.int64).max() ?? 0) },
        Function(variadic: "biggest", .any, .any) { .int64($0.map(Cast.int64).max() ?? 0) },
        Function(variadic: "min", .any, .any) { .int64($0.map(Cast.int64).min() ?? 0) },
        Function(variadic: "maxf", .any, .any) { .float($0.map(Cast.double).reduce(-.infinity, larger)) },
        Function(variadic: "minf", .any, .any) { .float($0.map(Cast.double).reduce(.infinity, smaller)) },
        Function("floor", .any) { .float(Cast.double($0[0]).rounded(.down)) },
        Function("ceil", .any) { .float(Cast.double($0[0]).rounded(.up)) },
        Function(variadic: "round", .any, .int, .float64) { round($0) },
        Function("add1f", .any) { arguments throws(CallFailure) in
            try decimal(arguments + [.int(1)]) { (a, b) throws(CallFailure) in a + b }
        },
        Function(variadic: "addf", .any) { arguments throws(CallFailure) in
            try decimal([.int(0)] + arguments) { (a, b) throws(CallFailure) in a + b }
        },
        Function(variadic: "subf", .any, .any) { arguments throws(CallFailure) in
            try decimal(arguments) { (a, b) throws(CallFailure) in a - b }
        },
        Function(variadic: "mulf", .any, .any) { arguments throws(CallFailure) in
            try decimal(arguments) { (a, b) throws(CallFailure) in a * b }
        }.costing(.steps { 4 &* $0.count &* $0.count }),
        Function(variadic: "divf", .any, .any) { arguments throws(CallFailure) in
            try decimal(arguments) { (a, b) throws(CallFailure) in
                guard let quotient = a.divided(by: b) else { throw .text("decimal division by 0") }
                return quotient
            }
        },
    ]

    private static func octal(_ text: String) -> Int64 {
        text.utf8.allSatisfy { (0x30...0x37).contains($0) || $0 == 0x2D || $0 == 0x2B } ? Int64(text, radix: 8) ?? 0 : 0
    }

    private static func operands(_ arguments: [GoValue]) throws(CallFailure) -> (Int64, Int64) {
        let divisor = Cast.int64(arguments[1])
        if divisor == 0 { throw .text("runtime error: integer divide by zero") }
        return (Cast.int64(arguments[0]), divisor)
    }

    private static func larger(_ a: Double, _ b: Double) -> Double {
        if a.isNaN || b.isNaN { return a == .infinity || b == .infinity ? .infinity : .nan }
        if a == 0, b == 0 { return a.sign == .minus ? b : a }
        return Double.maximum(a, b)
    }

    private static func smaller(_ a: Double, _ b: Double) -> Double {
        if a.isNaN || b.isNaN { return a == -.infinity || b == -.infinity ? -.infinity : .nan }
        if a == 0, b == 0 { return a.sign == .minus ? a : b }
        return Double.minimum(a, b)
    }

    /// Sprig rounds the scaled value by its fraction, so that negative ones go down.
    private static func round(_ arguments: [GoValue]) -> GoValue {
        var limit = 0.5
        if arguments.count > 2, case .float(let given) = arguments[2] { limit = given }
        let power = pow(10, Double(arguments.int(1)))
        let scaled = power * Cast.double(arguments[0])
        let fraction = scaled - scaled.rounded(.towardZero)
        return .float(scaled.rounded(fraction >= limit ? .up : .down) / power)
    }

    private static func decimal(
        _ values: [GoValue], _ operation: (DecimalNumber, DecimalNumber) throws(CallFailure) -> DecimalNumber
    ) throws(CallFailure) -> GoValue {
        var result: DecimalNumber?
        for value in values {
            let double = Cast.double(value)
            guard let number = DecimalNumber(double) else {
                throw .text("Cannot create a Decimal from \(GoNumber.general(double))")
            }
            result = try result.map { (first) throws(CallFailure) in try operation(first, number) } ?? number
        }
        return .float(result?.double ?? 0)
    }
}
