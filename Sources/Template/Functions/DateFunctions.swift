import Calendar
import Document

extension Function {
    /// Sprig's functions of dates and durations.
    static let dates: [Function] = [
        Function(engine: "now") { evaluator, _ in .object(TimeObject(evaluator.now, isReading: true)) },
        Function(engine: "date", .string, .any) { evaluator, arguments in
            formatted(evaluator, arguments.text(0), arguments[1], "Local")
        },
        Function(engine: "dateInZone", .string, .any, .string) { evaluator, arguments in
            formatted(evaluator, arguments.text(0), arguments[1], arguments.text(2).string)
        },
        Function(engine: "date_in_zone", .string, .any, .string) { evaluator, arguments in
            formatted(evaluator, arguments.text(0), arguments[1], arguments.text(2).string)
        },
        Function(engine: "htmlDate", .any) { evaluator, arguments in
            formatted(evaluator, "2006-01-02", arguments[0], "Local")
        },
        Function(engine: "htmlDateInZone", .any, .string) { evaluator, arguments in
            formatted(evaluator, "2006-01-02", arguments[0], arguments.text(1).string)
        },
        Function("dateModify", .string, .time) { (try? modified($0)) ?? $0[1] },
        Function("date_modify", .string, .time) { (try? modified($0)) ?? $0[1] },
        Function("mustDateModify", .string, .time) { arguments throws(CallFailure) in try modified(arguments) },
        Function("must_date_modify", .string, .time) { arguments throws(CallFailure) in try modified(arguments) },
        Function("toDate", .string, .string) { (try? parsed($0)) ?? .object(TimeObject(.zero)) },
        Function("mustToDate", .string, .string) { arguments throws(CallFailure) in try parsed(arguments) },
        Function("unixEpoch", .time) { .string(String(TimeObject.of($0[0])?.seconds ?? 0)) },
        Function("duration", .any) { arguments in
            let seconds: Int64 =
                switch arguments[0] {
                case .int64(let int): int
                case .string(let text): parsedInteger(text.string)
                default: 0
                }
            return .string(GoDuration.text(seconds &* 1_000_000_000))
        },
        Function(engine: "durationRound", .any) { evaluator, arguments in
            .string(rounded(evaluator, arguments[0]))
        },
        Function(engine: "ago", .any) { evaluator, arguments in
            let passed = elapsed(evaluator, since: time(evaluator, arguments[0]))
            let seconds = (Double(passed) / 1_000_000_000).rounded(.toNearestOrAwayFromZero)
            return .string(GoDuration.text(Int64(seconds) &* 1_000_000_000))
        },
    ]

    /// strconv.ParseInt without a look at its error: what does not fit is the number next to it.
    private static func parsedInteger(_ text: String) -> Int64 {
        if let value = GoNumber.decimal(text) { return value }
        let digits = text.drop { $0 == "-" || $0 == "+" }
        guard !digits.isEmpty, text.utf8.count - digits.utf8.count < 2,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return 0 }
        return text.hasPrefix("-") ? .min : .max
    }

    /// The time that a value stands for: a time, or seconds since 1970; anything else is now.
    private static func time(_ evaluator: Evaluator, _ value: GoValue) -> GoTime {
        switch value {
        case .int(let seconds): GoTime(seconds: Int64(seconds), nanoseconds: 0, zone: .local)
        case .int64(let seconds): GoTime(seconds: seconds, nanoseconds: 0, zone: .local)
        default: TimeObject.of(value) ?? evaluator.now
        }
    }

    private static func formatted(
        _ evaluator: Evaluator, _ layout: Text, _ value: GoValue, _ zone: String
    ) -> GoValue {
        var time = time(evaluator, value)
        time.zone = Zone.named(zone) ?? .utc
        return .string(time.format(layout.string))
    }

    private static func modified(_ arguments: [GoValue]) throws(CallFailure) -> GoValue {
        do throws(GoDuration.Malformed) {
            let duration = try GoDuration.parse(arguments.text(0).string)
            return TimeObject.of(arguments[1]).map { .object(TimeObject($0.adding(duration))) } ?? .null
        } catch {
            throw .text(error.message)
        }
    }

    private static func parsed(_ arguments: [GoValue]) throws(CallFailure) -> GoValue {
        do throws(TimeParser.Malformed) {
            let time = try TimeParser.parse(arguments.text(0).string, arguments.text(1).string, in: .local)
            return .object(TimeObject(time))
        } catch {
            throw .text(error.message)
        }
    }

    private static func elapsed(_ evaluator: Evaluator, since time: GoTime) -> Int64 {
        evaluator.now.since(time)
    }

    private static func rounded(_ evaluator: Evaluator, _ value: GoValue) -> String {
        let nanoseconds: Int64 =
            switch value {
            case .string(let text): (try? GoDuration.parse(text.string)) ?? 0
            case .int64(let int): int
            default: TimeObject.of(value).map { elapsed(evaluator, since: $0) } ?? 0
            }
        let hour: UInt64 = 3_600_000_000_000
        let units: [(String, UInt64)] = [
            ("y", hour * 24 * 365), ("mo", hour * 24 * 30), ("d", hour * 24), ("h", hour), ("m", hour / 60),
            ("s", hour / 3600),
        ]
        let magnitude = nanoseconds.magnitude
        for (name, unit) in units where magnitude > unit { return "\(magnitude / unit)\(name)" }
        return "0s"
    }
}

extension Evaluator {
    /// The time now on the clock of this machine.
    var now: GoTime {
        let now = host.now()
        return GoTime(seconds: now / 1_000_000_000, nanoseconds: Int(now % 1_000_000_000), zone: .local)
    }
}
