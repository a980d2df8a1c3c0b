import API
import Calendar
import Document

// MARK: Conversions

extension Function {
    static func text(_ value: CELValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): String(int)
        case .uint(let uint): String(uint)
        case .double(let double): double == double.rounded() && abs(double) < 1e15 ? String(Int64(double)) : "\(double)"
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        case .duration(let nanos): CELTime.text(nanos)
        case .timestamp(let seconds, _): Time(seconds: seconds).description
        case .quantity(let quantity): quantity.description
        default: nil
        }
    }

    private static func int(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .int: return value
        case .uint(let uint):
            guard let int = Int64(exactly: uint) else { throw CELError("integer overflow") }
            return .int(int)
        case .double(let double):
            guard let int = Int64(exactly: double.rounded(.towardZero)) else { throw CELError("integer overflow") }
            return .int(int)
        case .string(let text):
            guard let int = Int64(text) else { throw CELError("strconv.ParseInt: parsing \"\(text)\": invalid syntax") }
            return .int(int)
        case .timestamp(let seconds, _): return .int(seconds)
        default: throw .noOverload
        }
    }

    private static func uint(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .uint: return value
        case .string(let text):
            guard let uint = UInt64(text) else {
                throw CELError("strconv.ParseUint: parsing \"\(text)\": invalid syntax")
            }
            return .uint(uint)
        default:
            guard case .int(let int) = try Self.int(value), let uint = UInt64(exactly: int) else {
                throw CELError("unsigned integer overflow")
            }
            return .uint(uint)
        }
    }

    private static func double(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .double: return value
        case .int(let int): return .double(Double(int))
        case .uint(let uint): return .double(Double(uint))
        case .string(let text):
            guard let double = Double(text) else {
                throw CELError("strconv.ParseFloat: parsing \"\(text)\": invalid syntax")
            }
            return .double(double)
        default: throw .noOverload
        }
    }

    private static func conversion(
        _ name: String, _ from: [CELType], _ result: CELType, _ body: @escaping Body
    ) -> [Function] {
        from.map { plain(name, [$0], result, body) }
    }

    static let conversions: [Function] = scalarConversions + textConversions

    private static let scalarConversions: [Function] =
        conversion("int", [.int, .uint, .double, .string, .timestamp], .int) { values throws(CELError) in
            try int(values[0])
        }
        + conversion("uint", [.int, .uint, .double, .string], .uint) { values throws(CELError) in try uint(values[0]) }
        + conversion("double", [.int, .uint, .double, .string], .double) { values throws(CELError) in
            try double(values[0])
        }
        + conversion("string", [.string, .bool, .int, .uint, .double, .bytes, .duration, .timestamp], .string) {
            values throws(CELError) in
            guard let text = text(values[0]) else { throw CELError("invalid UTF-8 in bytes, cannot convert to string") }
            return .string(text)
        }
        + conversion("bool", [.bool, .string], .bool) { values throws(CELError) in
            switch values[0] {
            case .bool, .string("true"), .string("True"), .string("TRUE"), .string("t"), .string("1"):
                return values[0] == .bool(false) ? .bool(false) : .bool(true)
            case .string("false"), .string("False"), .string("FALSE"), .string("f"), .string("0"): return .bool(false)
            default: throw CELError("type conversion error")
            }
        }

    private static let textConversions: [Function] = [
        plain("bytes", [.string], .bytes) { values throws(CELError) in
            guard case .string(let text) = values[0] else { throw .noOverload }
            return .bytes(Array(text.utf8))
        },
        plain("bytes", [.bytes], .bytes) { values throws(CELError) in values[0] },
        plain("dyn", [.dyn], .dyn) { values throws(CELError) in values[0] },
        plain("type", [.dyn], .type) { values throws(CELError) in .type(values[0].typeName) },
        plain("duration", [.string], .duration) { values throws(CELError) in
            guard case .string(let text) = values[0], let nanos = CELTime.duration(text) else {
                throw CELError("time: invalid duration")
            }
            return .duration(nanos)
        },
        plain("duration", [.duration], .duration) { values throws(CELError) in values[0] },
        plain("timestamp", [.string], .timestamp) { values throws(CELError) in
            guard case .string(let text) = values[0], let time = CELTime.timestamp(text) else {
                throw CELError("cannot parse the timestamp")
            }
            return time
        },
        plain("timestamp", [.int], .timestamp) { values throws(CELError) in
            guard case .int(let seconds) = values[0] else { throw .noOverload }
            // From year 1 to 9999.
            guard (-62_135_596_800...253_402_300_799).contains(seconds) else { throw CELError("timestamp overflow") }
            return .timestamp(seconds: seconds, nanos: 0)
        },
        plain("timestamp", [.timestamp], .timestamp) { values throws(CELError) in values[0] },
    ]
}

// MARK: Lists and maps

extension Function {
    private static let size: Body = { values throws(CELError) in
        switch values[0] {
        case .string(let text): return .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        default:
            guard let elements = values[0].elements else { throw .noOverload }
            return .int(Int64(elements.count))
        }
    }

    private static func best(_ values: [CELValue], _ wanted: Int) throws(CELError) -> CELValue {
        guard var best = values.first else { throw CELError("min/max called on empty list") }
        for value in values.dropFirst() {
            guard let order = value.order(best) else { throw .noOverload }
            if order == wanted { best = value }
        }
        return best
    }

    private static func list(_ value: CELValue) throws(CELError) -> [CELValue] {
        guard case .list(let list) = value else { throw .noOverload }
        return list
    }

    /// What optional values of a list are there.
    private static let unwrapped: Body = { values throws(CELError) in
        var kept: [CELValue] = []
        for value in try list(values[0]) {
            guard case .optional(let inner) = value else { throw .noOverload }
            if let inner { kept.append(inner) }
        }
        return .list(kept)
    }

    static let collections: [Function] = {
        let sized: [CELType] = [.string, .bytes, .list(.dyn), .map(.dyn, .dyn)]
        var all = sized.map { plain("size", [$0], .int, size) } + sized.map { member($0, "size", [], .int, size) }
        all += [
            member(.list(.dyn), "isSorted", [], .bool) { values throws(CELError) in
                let list = try list(values[0])
                for (left, right) in zip(list, list.dropFirst()) {
                    guard let order = left.order(right) else { throw .noOverload }
                    if order > 0 { return .bool(false) }
                }
                return .bool(true)
            },
            member(.list(.dyn), "sum", [], .dyn) { values throws(CELError) in
                let list = try list(values[0])
                guard var sum = list.first else { return .int(0) }
                for value in list.dropFirst() { sum = try apply("_+_", [sum, value]) }
                return sum
            },
            member(.list(.dyn), "min", [], .dyn) { values throws(CELError) in try best(try list(values[0]), -1) },
            member(.list(.dyn), "max", [], .dyn) { values throws(CELError) in try best(try list(values[0]), 1) },
            member(.list(.dyn), "indexOf", [.dyn], .int) { values throws(CELError) in
                .int(Int64(try list(values[0]).firstIndex(of: values[1]) ?? -1))
            },
            member(.list(.dyn), "lastIndexOf", [.dyn], .int) { values throws(CELError) in
                .int(Int64(try list(values[0]).lastIndex(of: values[1]) ?? -1))
            },
            plain("sets.contains", [.list(.dyn), .list(.dyn)], .bool) { values throws(CELError) in
                let list = try list(values[0])
                return .bool(try Self.list(values[1]).allSatisfy(list.contains))
            },
            plain("sets.intersects", [.list(.dyn), .list(.dyn)], .bool) { values throws(CELError) in
                let list = try list(values[0])
                return .bool(try Self.list(values[1]).contains(where: list.contains))
            },
            plain("sets.equivalent", [.list(.dyn), .list(.dyn)], .bool) { values throws(CELError) in
                let (left, right) = (try list(values[0]), try Self.list(values[1]))
                return .bool(left.allSatisfy(right.contains) && right.allSatisfy(left.contains))
            },
            plain("optional.of", [.dyn], .optional(.dyn)) { values throws(CELError) in .optional(values[0]) },
            plain("optional.ofNonZeroValue", [.dyn], .optional(.dyn)) { values throws(CELError) in
                .optional(values[0].isZero ? nil : values[0])
            },
            plain("optional.none", [], .optional(.dyn)) { _ throws(CELError) in .optional(nil) },
            plain("optional.unwrap", [.list(.dyn)], .list(.dyn), unwrapped),
            member(.list(.dyn), "unwrapOpt", [], .list(.dyn), unwrapped),
            member(.optional(.dyn), "hasValue", [], .bool) { values throws(CELError) in
                guard case .optional(let value) = values[0] else { throw .noOverload }
                return .bool(value != nil)
            },
            member(.optional(.dyn), "value", [], .dyn) { values throws(CELError) in
                guard case .optional(let value?) = values[0] else { throw CELError("optional.none() dereference") }
                return value
            },
            member(.optional(.dyn), "orValue", [.dyn], .dyn) { values throws(CELError) in
                guard case .optional(let value) = values[0] else { throw .noOverload }
                return value ?? values[1]
            },
            member(.optional(.dyn), "or", [.optional(.dyn)], .optional(.dyn)) { values throws(CELError) in
                guard case .optional(let value) = values[0] else { throw .noOverload }
                return value == nil ? values[1] : values[0]
            },
        ]
        return all
    }()

    /// Calls whichever way of the function fits the values.
    static func apply(_ name: String, _ values: [CELValue], hasTarget: Bool = false) throws(CELError) -> CELValue {
        // Equality is the evaluator's; of the functions, only concatenation looks at how a list's elements belong together.
        let values = name == "_+_" ? values : values.map(\.ordered)
        for function in all[name] ?? [] where (function.target != nil) == hasTarget {
            let types = function.types
            guard types.count == values.count, zip(types, values).allSatisfy({ $0.holds($1) }) else { continue }
            return try function.body(values)
        }
        throw .noOverload
    }
}

// MARK: Times

extension Function {
    private static func part(
        _ name: String, _ body: @escaping @Sendable (_ civil: CivilTime, _ nanos: Int64) -> Int
    ) -> [Function] {
        [[], [CELType.string]].map { zone in
            member(.timestamp, name, zone, .int) { values throws(CELError) in
                guard case .timestamp(let seconds, let nanos) = values[0] else { throw .noOverload }
                guard case .string(let zone) = values.count == 2 ? values[1] : .string("UTC") else { throw .noOverload }
                let offset = try CELTime.zone(zone).offset(at: seconds).seconds
                return .int(Int64(body(CivilTime(seconds: seconds &+ Int64(offset)), nanos)))
            }
        }
    }

    private static func span(_ name: String, _ unit: Int64) -> Function {
        member(.duration, name, [], .int) { values throws(CELError) in
            guard case .duration(let nanos) = values[0] else { throw .noOverload }
            return .int(name == "getMilliseconds" ? nanos / unit % 1000 : nanos / unit)
        }
    }

    private static let parts: [[Function]] = [
        part("getFullYear") { civil, _ in civil.year }, part("getMonth") { civil, _ in civil.month - 1 },
        part("getDate") { civil, _ in civil.day }, part("getDayOfMonth") { civil, _ in civil.day - 1 },
        part("getDayOfYear") { civil, _ in civil.yearDay - 1 }, part("getDayOfWeek") { civil, _ in civil.weekday },
        part("getHours") { civil, _ in civil.hour }, part("getMinutes") { civil, _ in civil.minute },
        part("getSeconds") { civil, _ in civil.second },
        part("getMilliseconds") { _, nanos in Int(nanos) / 1_000_000 },
    ]

    static let times: [Function] =
        parts.flatMap { $0 } + [
            span("getHours", 3_600_000_000_000), span("getMinutes", 60_000_000_000), span("getSeconds", 1_000_000_000),
            span("getMilliseconds", 1_000_000),
        ]
}

// MARK: Kubernetes' libraries (Kubernetes documentation, "CEL in Kubernetes")

extension Function {
    private static let url = CELType.opaque("kubernetes.URL")
    private static let quantity = CELType.opaque("kubernetes.Quantity")

    private static func urlPart(_ name: String, _ body: @escaping @Sendable (WebAddress) -> String) -> Function {
        member(url, name, [], .string) { values throws(CELError) in
            guard case .url(let url) = values[0] else { throw .noOverload }
            return .string(body(url))
        }
    }

    private static func quantities(_ values: [CELValue]) throws(CELError) -> (Quantity, Quantity) {
        guard case .quantity(let left) = values[0] else { throw .noOverload }
        switch values.count > 1 ? values[1] : .quantity(left) {
        case .quantity(let right): return (left, right)
        case .int(let right): return (left, Quantity(right))
        default: throw .noOverload
        }
    }

    private static func ofQuantities(
        _ name: String, _ right: [CELType], _ result: CELType,
        _ body: @escaping @Sendable (Quantity, Quantity) -> CELValue
    ) -> [Function] {
        right.map { type in
            member(quantity, name, [type], result) { values throws(CELError) in
                let (left, right) = try quantities(values)
                return body(left, right)
            }
        }
    }

    static let libraries: [Function] =
        [
            plain("url", [.string], url) { values throws(CELError) in
                guard case .string(let text) = values[0], let address = WebAddress(text) else {
                    throw CELError("URL parse error during conversion from string")
                }
                return .url(address)
            },
            plain("isURL", [.string], .bool) { values throws(CELError) in
                guard case .string(let text) = values[0] else { throw .noOverload }
                return .bool(WebAddress(text) != nil)
            },
            urlPart("getScheme", \.scheme), urlPart("getHost", \.host), urlPart("getHostname", \.hostname),
            urlPart("getPort", \.port), urlPart("getEscapedPath", \.path),
            member(url, "getQuery", [], .map(.string, .list(.string))) { values throws(CELError) in
                guard case .url(let url) = values[0] else { throw .noOverload }
                return .map(url.parameters.map { (.string($0.name), .list($0.values.map { .string($0) })) })
            },
            plain("quantity", [.string], quantity) { values throws(CELError) in
                guard case .string(let text) = values[0], let quantity = Quantity(text) else {
                    throw CELError("quantity parse error")
                }
                return .quantity(quantity)
            },
            plain("isQuantity", [.string], .bool) { values throws(CELError) in
                guard case .string(let text) = values[0] else { throw .noOverload }
                return .bool(Quantity(text) != nil)
            },
            member(quantity, "asInteger", [], .int) { values throws(CELError) in .int(try quantities(values).0.value) },
            member(quantity, "isInteger", [], .bool) { values throws(CELError) in
                .bool(try quantities(values).0.nanos % 1_000_000_000 == 0)
            },
            member(quantity, "asApproximateFloat", [], .double) { values throws(CELError) in
                .double(Double(try quantities(values).0.nanos) / 1e9)
            },
            member(quantity, "sign", [], .int) { values throws(CELError) in
                .int(Int64(try quantities(values).0.nanos.signum()))
            },
        ]
        + ofQuantities("add", [quantity, .int], quantity) { .quantity($0 + $1) }
        + ofQuantities("sub", [quantity, .int], quantity) { .quantity($0 - $1) }
        + ofQuantities("isLessThan", [quantity], .bool) { .bool($0 < $1) }
        + ofQuantities("isGreaterThan", [quantity], .bool) { .bool($1 < $0) }
        + ofQuantities("compareTo", [quantity], .int) { .int($0 < $1 ? -1 : $1 < $0 ? 1 : 0) }
}
