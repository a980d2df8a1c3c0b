import API

/// Why an evaluation failed.
public struct CELError: Error, Sendable, Hashable {
    public let message: String

    init(_ message: String) { self.message = message }

    static let noOverload = CELError("no such overload")
    /// The whole object's evaluation has cost too much.
    public static let outOfBudget = CELError("operation cancelled: actual cost limit exceeded")
}

/// A function, or one way to call it: for these types of its target and arguments.
struct Function: Sendable {
    typealias Body = @Sendable (_ values: [CELValue]) throws(CELError) -> CELValue

    let name: String
    /// Nil for a function that is called without a target.
    let target: CELType?
    let parameters: [CELType]
    let result: CELType
    let body: Body

    /// The types of all values that the body gets: the target's first.
    var types: [CELType] { (target.map { [$0] } ?? []) + parameters }

    static func plain(
        _ name: String, _ parameters: [CELType], _ result: CELType, _ body: @escaping Body
    ) -> Function {
        Function(name: name, target: nil, parameters: parameters, result: result, body: body)
    }

    static func member(
        _ target: CELType, _ name: String, _ parameters: [CELType], _ result: CELType, _ body: @escaping Body
    ) -> Function {
        Function(name: name, target: target, parameters: parameters, result: result, body: body)
    }

    /// All functions by name.
    static let all: [String: [Function]] = Dictionary(
        grouping: operators + conversions + strings + collections + lists + times + libraries + addresses + formats
            + versions,
        by: \.name)
}

extension CELType {
    /// Whether a value is of this type.
    func holds(_ value: CELValue) -> Bool {
        switch (self, value) {
        case (.dyn, _), (.parameter, _), (.null, .null), (.bool, .bool), (.int, .int), (.uint, .uint),
            (.double, .double):
            true
        case (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp), (.duration, .duration): true
        // A list is what its first element is.
        case (.list(let element), .list(let list)), (.list(let element), .associated(let list, _)):
            list.first.map { element.holds($0) } ?? true
        case (.map, .map), (.map, .object), (.object, .object), (.optional, .optional): true
        case (.type, .type), (.opaque("kubernetes.Quantity"), .quantity), (.opaque("kubernetes.URL"), .url): true
        case (.opaque("kubernetes.Semver"), .semver): true
        case (.opaque("net.IP"), .network(let address)): address.prefix == nil
        case (.opaque("net.CIDR"), .network(let address)): address.prefix != nil
        case (.opaque("kubernetes.NamedFormat"), .format): true
        default: false
        }
    }
}

// MARK: Operators

extension Function {
    private static func checked(_ pair: (partialValue: Int64, overflow: Bool)) throws(CELError) -> CELValue {
        if pair.overflow { throw CELError("integer overflow") }
        return .int(pair.partialValue)
    }

    private static func checked(_ pair: (partialValue: UInt64, overflow: Bool)) throws(CELError) -> CELValue {
        if pair.overflow { throw CELError("unsigned integer overflow") }
        return .uint(pair.partialValue)
    }

    private static func arithmetic(_ name: String, _ type: CELType) -> Function {
        plain(name, [type, type], type) { values throws(CELError) in
            switch (name, values[0], values[1]) {
            case ("_+_", .int(let a), .int(let b)): return try checked(a.addingReportingOverflow(b))
            case ("_-_", .int(let a), .int(let b)): return try checked(a.subtractingReportingOverflow(b))
            case ("_*_", .int(let a), .int(let b)): return try checked(a.multipliedReportingOverflow(by: b))
            case ("_/_", .int(_), .int(0)), ("_/_", .uint(_), .uint(0)): throw CELError("division by zero")
            case ("_%_", .int(_), .int(0)), ("_%_", .uint(_), .uint(0)): throw CELError("modulus by zero")
            case ("_/_", .int(let a), .int(let b)): return try checked(a.dividedReportingOverflow(by: b))
            case ("_%_", .int(let a), .int(let b)): return try checked(a.remainderReportingOverflow(dividingBy: b))
            case ("_+_", .uint(let a), .uint(let b)): return try checked(a.addingReportingOverflow(b))
            case ("_-_", .uint(let a), .uint(let b)): return try checked(a.subtractingReportingOverflow(b))
            case ("_*_", .uint(let a), .uint(let b)): return try checked(a.multipliedReportingOverflow(by: b))
            case ("_/_", .uint(let a), .uint(let b)): return .uint(a / b)
            case ("_%_", .uint(let a), .uint(let b)): return .uint(a % b)
            case ("_+_", .double(let a), .double(let b)): return .double(a + b)
            case ("_-_", .double(let a), .double(let b)): return .double(a - b)
            case ("_*_", .double(let a), .double(let b)): return .double(a * b)
            case ("_/_", .double(let a), .double(let b)): return .double(a / b)
            default: throw .noOverload
            }
        }
    }

    private static func comparison(_ name: String, _ left: CELType, _ right: CELType) -> Function {
        plain(name, [left, right], .bool) { values throws(CELError) in
            guard let order = values[0].order(values[1]) else { throw .noOverload }
            // Nothing compares with what is not a number.
            guard abs(order) < 2 else { return .bool(false) }
            switch name {
            case "_<_": return .bool(order < 0)
            case "_<=_": return .bool(order <= 0)
            case "_>_": return .bool(order > 0)
            default: return .bool(order >= 0)
            }
        }
    }

    private static func add(_ seconds: Int64, _ nanos: Int64, _ duration: Int128) throws(CELError) -> CELValue {
        let total = Int128(seconds) * 1_000_000_000 + Int128(nanos) + duration
        let whole = total.quotientAndRemainder(dividingBy: 1_000_000_000)
        let isBefore = whole.remainder < 0
        let moved = Int64(whole.quotient) - (isBefore ? 1 : 0)
        guard CELTime.range.contains(moved) else { throw CELError("timestamp overflow") }
        return .timestamp(seconds: moved, nanos: Int64(whole.remainder) + (isBefore ? 1_000_000_000 : 0))
    }

    /// A span of so many nanoseconds, if that fits.
    private static func span(_ nanos: Int128) throws(CELError) -> CELValue {
        guard let nanos = Int64(exactly: nanos) else { throw CELError("integer overflow") }
        return .duration(nanos)
    }

    static let operators: [Function] = {
        var all: [Function] = []
        for name in ["_+_", "_-_", "_*_", "_/_", "_%_"] {
            all += [arithmetic(name, .int), arithmetic(name, .uint)]
            if name != "_%_" { all.append(arithmetic(name, .double)) }
        }
        let ordered: [CELType] = [.bool, .string, .bytes, .timestamp, .duration]
        let numbers: [CELType] = [.int, .uint, .double]
        for name in ["_<_", "_<=_", "_>_", "_>=_"] {
            all += ordered.map { comparison(name, $0, $0) }
            for left in numbers { all += numbers.map { comparison(name, left, $0) } }
        }
        all += [
            plain("_+_", [.string, .string], .string) { values throws(CELError) in
                guard case .string(let a) = values[0], case .string(let b) = values[1] else { throw .noOverload }
                return .string(a + b)
            },
            plain("_+_", [.bytes, .bytes], .bytes) { values throws(CELError) in
                guard case .bytes(let a) = values[0], case .bytes(let b) = values[1] else { throw .noOverload }
                return .bytes(a + b)
            },
            plain("_+_", [.list(.a), .list(.a)], .list(.a)) { values throws(CELError) in
                guard let a = values[0].elements, let b = values[1].elements else { throw .noOverload }
                guard case .associated(_, let association) = values[0] else { return .list(a + b) }
                return .associated(association.join(a, b), association)
            },
            plain("_+_", [.timestamp, .duration], .timestamp) { values throws(CELError) in
                guard case .timestamp(let a, let b) = values[0], case .duration(let c) = values[1] else {
                    throw .noOverload
                }
                return try add(a, b, Int128(c))
            },
            plain("_+_", [.duration, .timestamp], .timestamp) { values throws(CELError) in
                guard case .timestamp(let a, let b) = values[1], case .duration(let c) = values[0] else {
                    throw .noOverload
                }
                return try add(a, b, Int128(c))
            },
            plain("_+_", [.duration, .duration], .duration) { values throws(CELError) in
                guard case .duration(let a) = values[0], case .duration(let b) = values[1] else { throw .noOverload }
                return try span(Int128(a) + Int128(b))
            },
            plain("_-_", [.timestamp, .duration], .timestamp) { values throws(CELError) in
                guard case .timestamp(let a, let b) = values[0], case .duration(let c) = values[1] else {
                    throw .noOverload
                }
                return try add(a, b, -Int128(c))
            },
            plain("_-_", [.timestamp, .timestamp], .duration) { values throws(CELError) in
                guard case .timestamp(let a, let b) = values[0], case .timestamp(let c, let d) = values[1] else {
                    throw .noOverload
                }
                return try span((Int128(a) - Int128(c)) * 1_000_000_000 + Int128(b) - Int128(d))
            },
            plain("_-_", [.duration, .duration], .duration) { values throws(CELError) in
                guard case .duration(let a) = values[0], case .duration(let b) = values[1] else { throw .noOverload }
                return try span(Int128(a) - Int128(b))
            },
            plain("-_", [.int], .int) { values throws(CELError) in
                guard case .int(let a) = values[0] else { throw .noOverload }
                return try checked(Int64(0).subtractingReportingOverflow(a))
            },
            plain("-_", [.double], .double) { values throws(CELError) in
                guard case .double(let a) = values[0] else { throw .noOverload }
                return .double(-a)
            },
            plain("!_", [.bool], .bool) { values throws(CELError) in
                guard case .bool(let a) = values[0] else { throw .noOverload }
                return .bool(!a)
            },
            plain("@in", [.a, .list(.a)], .bool) { values throws(CELError) in
                guard case .list(let list) = values[1] else { throw .noOverload }
                return .bool(list.contains(values[0]))
            },
            plain("@in", [.a, .map(.a, .b)], .bool) { values throws(CELError) in
                guard let members = values[1].members else { throw .noOverload }
                return .bool(members.contains { $0.key == values[0] })
            },
        ]
        return all
    }()
}
