import Calendar
import Document

/// A `time.Time` as templates see it.
final class TimeObject: GoObject {
    let time: GoTime
    /// Whether this came from the clock just now; Go then shows the reading of the monotonic clock too.
    let isReading: Bool

    init(_ time: GoTime, isReading: Bool = false) {
        self.time = time
        self.isReading = isReading
    }

    var typeName: String { "time.Time" }
    var text: Text {
        let text = time.format("2006-01-02 15:04:05.999999999 -0700 MST")
        return Text(isReading ? text + " m=+0.010203040" : text)
    }
    var json: Value { .string(time.format("2006-01-02T15:04:05.999999999Z07:00")) }

    /// What `%#v` prints.
    var goSyntax: Text? {
        let civil = time.civil
        let month = CivilTime.monthNames[civil.month - 1]
        let zone =
            switch time.zone.name {
            case _ where time.zone === Zone.local: "time.Local"
            case "UTC": "time.UTC"
            case "Local", "": "time.Local"
            case let name: "time.Location(\(Quoting.string(Text(name))))"
            }
        let clock = "\(civil.hour), \(civil.minute), \(civil.second), \(time.nanoseconds)"
        return Text("time.Date(\(civil.year), time.\(month), \(civil.day), \(clock), \(zone))")
    }

    func method(_ name: Text) -> Function? { TimeObject.methods.function(named: name) }

    /// Methods that Go's templates refuse, for they answer two things.
    func refusal(of name: Text) -> String? {
        if let count = ["Clock": 3, "Date": 3][name.string] {
            return "function \(name.string) has \(count) return values; should be 1 or 2"
        }
        let second = ["ISOWeek": "int", "Zone": "int", "ZoneBounds": "time.Time"][name.string]
        return second.map {
            "invalid function signature for \(name.string): second return value should be error; is \($0)"
        }
    }

    static func of(_ value: GoValue) -> GoTime? {
        guard case .object(let object) = value else { return nil }
        return (object as? TimeObject)?.time
    }

    private static func reading(_ name: String, _ read: @escaping @Sendable (GoTime) -> GoValue) -> Function {
        Function(method: name) { receiver, _ in of(receiver).map(read) ?? .null }
    }

    private static func comparing(
        _ name: String, _ compare: @escaping @Sendable (GoTime, GoTime) -> GoValue
    ) -> Function {
        Function(method: name, .time) { receiver, arguments in
            guard let left = of(receiver), let right = of(arguments[0]) else { return .null }
            return compare(left, right)
        }
    }

    private static func nanoseconds(_ time: GoTime) -> Int64 {
        time.seconds &* 1_000_000_000 &+ Int64(time.nanoseconds)
    }

    private static let methods = FunctionTable([
        [
            reading("Year") { .int($0.civil.year) },
            reading("Month") {
                .object(NamedNumber("time.Month", $0.civil.month, CivilTime.monthNames[$0.civil.month - 1]))
            },
            reading("Weekday") {
                .object(NamedNumber("time.Weekday", $0.civil.weekday, CivilTime.dayNames[$0.civil.weekday]))
            },
            reading("Day") { .int($0.civil.day) },
            reading("YearDay") { .int($0.civil.yearDay) },
            reading("Hour") { .int($0.civil.hour) },
            reading("Minute") { .int($0.civil.minute) },
            reading("Second") { .int($0.civil.second) },
            reading("Nanosecond") { .int($0.nanoseconds) },
            reading("Unix") { .int64($0.seconds) },
            reading("UnixMilli") { .int64($0.seconds &* 1000 &+ Int64($0.nanoseconds / 1_000_000)) },
            reading("UnixMicro") { .int64($0.seconds &* 1_000_000 &+ Int64($0.nanoseconds / 1000)) },
            reading("UnixNano") { .int64(nanoseconds($0)) },
            reading("IsZero") { .bool($0.seconds == GoTime.zero.seconds && $0.nanoseconds == 0) },
            reading("UTC") {
                .object(TimeObject(GoTime(seconds: $0.seconds, nanoseconds: $0.nanoseconds, zone: .utc)))
            },
            reading("Local") {
                .object(TimeObject(GoTime(seconds: $0.seconds, nanoseconds: $0.nanoseconds, zone: .local)))
            },
            reading("String") { .string(TimeObject($0).text) },
            comparing("Equal") { .bool(($0.seconds, $0.nanoseconds) == ($1.seconds, $1.nanoseconds)) },
            comparing("Before") { .bool(($0.seconds, $0.nanoseconds) < ($1.seconds, $1.nanoseconds)) },
            comparing("After") { .bool(($0.seconds, $0.nanoseconds) > ($1.seconds, $1.nanoseconds)) },
            comparing("Compare") {
                let (left, right) = (($0.seconds, $0.nanoseconds), ($1.seconds, $1.nanoseconds))
                return .int(left < right ? -1 : left > right ? 1 : 0)
            },
            comparing("Sub") { .object(DurationObject($0.since($1))) },
            Function(method: "Format", .string) { receiver, arguments in
                .string(of(receiver)?.format(arguments.text(0).string) ?? "")
            },
            Function(method: "Add", .duration) { receiver, arguments in
                guard let time = of(receiver) else { return .null }
                return .object(TimeObject(time.adding(DurationObject.of(arguments[0]))))
            },
            Function(method: "Truncate", .duration) { receiver, arguments in
                guard let time = of(receiver) else { return .null }
                return .object(TimeObject(time.adding(-time.rest(DurationObject.of(arguments[0])))))
            },
            Function(method: "Round", .duration) { receiver, arguments in
                guard let time = of(receiver) else { return .null }
                let step = DurationObject.of(arguments[0])
                let rest = time.rest(step)
                return .object(TimeObject(time.adding(rest < step - rest || step <= 0 ? -rest : step - rest)))
            },
            Function(method: "AddDate", .int, .int, .int) { receiver, arguments in
                guard let time = of(receiver) else { return .null }
                var civil = time.civil
                civil.year &+= arguments.int(0)
                civil.month &+= arguments.int(1)
                civil.day &+= arguments.int(2)
                return .object(TimeObject(GoTime(civil, nanoseconds: time.nanoseconds, zone: time.zone)))
            },
        ]
    ])
}

/// A number with a name, as `time.Month`.
final class NamedNumber: GoObject {
    let typeName: String
    let kindName = "int"
    let text: Text
    let number: GoValue?
    let json: Value

    init(_ typeName: String, _ number: Int, _ name: String) {
        self.typeName = typeName
        text = Text(name)
        self.number = .int(number)
        json = .int(number)
    }

    func method(_ name: Text) -> Function? { name == "String" ? NamedNumber.string : nil }

    private static let string = Function(method: "String") { receiver, _ in
        if case .object(let object) = receiver { return .string(object.text) }
        return .null
    }
}

/// A `time.Duration` as templates see it.
final class DurationObject: GoObject {
    let nanoseconds: Int64
    init(_ nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    var typeName: String { "time.Duration" }
    var kindName: String { "int64" }
    var text: Text { Text(GoDuration.text(nanoseconds)) }
    var number: GoValue? { .int64(nanoseconds) }
    var json: Value { .number(Number(nanoseconds)) }

    func method(_ name: Text) -> Function? { DurationObject.methods.function(named: name) }

    static func of(_ value: GoValue) -> Int64 {
        guard case .object(let object) = value else { return value.integer ?? 0 }
        return (object as? DurationObject)?.nanoseconds ?? 0
    }

    private static let methods = FunctionTable([
        [
            Function(method: "Hours") { receiver, _ in .float(Double(of(receiver)) / 3_600_000_000_000) },
            Function(method: "Minutes") { receiver, _ in .float(Double(of(receiver)) / 60_000_000_000) },
            Function(method: "Seconds") { receiver, _ in .float(Double(of(receiver)) / 1_000_000_000) },
            Function(method: "Milliseconds") { receiver, _ in .int64(of(receiver) / 1_000_000) },
            Function(method: "Nanoseconds") { receiver, _ in .int64(of(receiver)) },
            Function(method: "String") { receiver, _ in .string(GoDuration.text(of(receiver))) },
        ]
    ])
}
