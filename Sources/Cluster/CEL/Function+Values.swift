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
        case .double(let double): GoFloat.general(double)
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        case .duration(let nanos): CELTime.text(nanos)
        case .timestamp(let seconds, let nanos): Time(seconds: seconds, nanoseconds: Int32(nanos)).nano
        case .quantity(let quantity): quantity.description
        default: nil
        }
    }

    private static func unreadable(_ from: String = "string", as type: String) -> CELError {
        CELError("type conversion error from '\(from)' to '\(type)'")
    }

    private static func int(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .uint(let uint):
            guard let int = Int64(exactly: uint) else { throw CELError("integer overflow") }
            return .int(int)
        case .double(let double):
            // The least int is none that a double may become, as it stands for what is less too.
            guard abs(double) < 0x1p63 else { throw CELError("integer overflow") }
            return .int(Int64(double))
        case .string(let text):
            guard let int = Int64(text) else { throw unreadable(as: "int") }
            return .int(int)
        case .timestamp(let seconds, _): return .int(seconds)
        case .duration(let nanos): return .int(nanos)
        default: return value
        }
    }

    private static func uint(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .string(let text):
            guard let uint = text.hasPrefix("+") ? nil : UInt64(text) else { throw unreadable(as: "uint") }
            return .uint(uint)
        case .int(let int):
            guard let uint = UInt64(exactly: int) else { throw CELError("unsigned integer overflow") }
            return .uint(uint)
        case .double(let double):
            guard double >= 0, double < 0x1p64 else { throw CELError("unsigned integer overflow") }
            return .uint(UInt64(double))
        default: return value
        }
    }

    private static func double(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .int(let int): return .double(Double(int))
        case .uint(let uint): return .double(Double(uint))
        case .string(let text):
            // What is too big for a number is none.
            guard let double = Double(text), double.isFinite || !text.contains(where: \.isNumber) else {
                throw unreadable(as: "double")
            }
            return .double(double)
        default: return value
        }
    }

    private static func bool(_ value: CELValue) throws(CELError) -> CELValue {
        guard case .string(let text) = value else { return value }
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": return .bool(true)
        case "0", "f", "F", "FALSE", "false", "False": return .bool(false)
        default: throw unreadable(as: "bool")
        }
    }

    private static func conversion(
        _ name: String, _ from: [CELType], _ result: CELType, _ body: @escaping Body
    ) -> [Function] {
        from.map { plain(name, [$0], result, body) }
    }

    static let conversions: [Function] = scalarConversions + textConversions

    private static let scalarConversions: [Function] =
        conversion("int", [.int, .uint, .double, .string, .timestamp, .duration], .int) { values throws(CELError) in
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
            try bool(values[0])
        }

    private static let textConversions: [Function] = [
        plain("bytes", [.string], .bytes) { values throws(CELError) in
            guard case .string(let text) = values[0] else { throw .noOverload }
            return .bytes(Array(text.utf8))
        },
        plain("bytes", [.bytes], .bytes) { values throws(CELError) in values[0] },
        plain("dyn", [.a], .dyn) { values throws(CELError) in values[0] },
        plain("type", [.a], .type(.a)) { values throws(CELError) in .type(values[0].typeName) },
        plain("duration", [.string], .duration) { values throws(CELError) in
            guard case .string(let text) = values[0], let nanos = CELTime.duration(text) else {
                throw unreadable(as: "google.protobuf.Duration")
            }
            return .duration(nanos)
        },
        plain("duration", [.duration], .duration) { values throws(CELError) in values[0] },
        plain("timestamp", [.string], .timestamp) { values throws(CELError) in
            guard case .string(let text) = values[0] else { throw .noOverload }
            guard let time = CELTime.timestamp(text) else {
                throw CELError("invalid RFC 3339 timestamp \(GoQuote.quote(Text(text)).string)")
            }
            return time
        },
        plain("timestamp", [.int], .timestamp) { values throws(CELError) in
            guard case .int(let seconds) = values[0] else { throw .noOverload }
            guard CELTime.range.contains(seconds) else { throw CELError("timestamp overflow") }
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
        guard var best = values.first else {
            throw CELError("\(wanted < 0 ? "min" : "max") called on empty list")
        }
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

    private static func ordered(_ type: CELType) -> [Function] {
        [
            member(.list(type), "isSorted", [], .bool) { values throws(CELError) in
                let list = try list(values[0])
                for (left, right) in zip(list, list.dropFirst()) {
                    guard let order = left.order(right) else { throw .noOverload }
                    if order > 0 { return .bool(false) }
                }
                return .bool(true)
            },
            member(.list(type), "min", [], type) { values throws(CELError) in try best(try list(values[0]), -1) },
            member(.list(type), "max", [], type) { values throws(CELError) in try best(try list(values[0]), 1) },
        ]
    }

    private static func summed(_ type: CELType, _ nothing: CELValue) -> Function {
        member(.list(type), "sum", [], type) { values throws(CELError) in
            let list = try list(values[0])
            guard var sum = list.first else { return nothing }
            for value in list.dropFirst() { sum = try apply("_+_", [sum, value]) }
            return sum
        }
    }

    static let collections: [Function] = {
        let sized: [CELType] = [.string, .bytes, .list(.a), .map(.a, .b)]
        var all = sized.map { plain("size", [$0], .int, size) } + sized.map { member($0, "size", [], .int, size) }
        all += CELType.comparable.flatMap(ordered)
        all += [(CELType.int, CELValue.int(0)), (.uint, .uint(0)), (.double, .double(0)), (.duration, .duration(0))]
            .map(summed)
        all += [
            member(.list(.a), "indexOf", [.a], .int) { values throws(CELError) in
                .int(Int64(try list(values[0]).firstIndex(of: values[1]) ?? -1))
            },
            member(.list(.a), "lastIndexOf", [.a], .int) { values throws(CELError) in
                .int(Int64(try list(values[0]).lastIndex(of: values[1]) ?? -1))
            },
            plain("sets.contains", [.list(.a), .list(.a)], .bool) { values throws(CELError) in
                let list = try list(values[0])
                return .bool(try Self.list(values[1]).allSatisfy(list.contains))
            },
            plain("sets.intersects", [.list(.a), .list(.a)], .bool) { values throws(CELError) in
                let list = try list(values[0])
                return .bool(try Self.list(values[1]).contains(where: list.contains))
            },
            plain("sets.equivalent", [.list(.a), .list(.a)], .bool) { values throws(CELError) in
                let (left, right) = (try list(values[0]), try Self.list(values[1]))
                return .bool(left.allSatisfy(right.contains) && right.allSatisfy(left.contains))
            },
            plain("optional.of", [.a], .optional(.a)) { values throws(CELError) in .optional(values[0]) },
            plain("optional.ofNonZeroValue", [.a], .optional(.a)) { values throws(CELError) in
                .optional(values[0].isZero ? nil : values[0])
            },
            plain("optional.none", [], .optional(.a)) { _ throws(CELError) in .optional(nil) },
            plain("optional.unwrap", [.list(.optional(.a))], .list(.a), unwrapped),
            member(.list(.optional(.a)), "unwrapOpt", [], .list(.a), unwrapped),
            member(.optional(.a), "hasValue", [], .bool) { values throws(CELError) in
                guard case .optional(let value) = values[0] else { throw .noOverload }
                return .bool(value != nil)
            },
            member(.optional(.a), "value", [], .a) { values throws(CELError) in
                guard case .optional(let value?) = values[0] else { throw CELError("optional.none() dereference") }
                return value
            },
            member(.optional(.a), "orValue", [.a], .a) { values throws(CELError) in
                guard case .optional(let value) = values[0] else { throw .noOverload }
                return value ?? values[1]
            },
            member(.optional(.a), "or", [.optional(.a)], .optional(.a)) { values throws(CELError) in
                guard case .optional(let value) = values[0] else { throw .noOverload }
                return value == nil ? values[1] : values[0]
            },
        ]
        return all
    }()

    /// Calls whichever way of the function fits the values.
    static func apply(_ name: String, _ values: [CELValue], hasTarget: Bool = false) throws(CELError) -> CELValue {
        // Equality is the evaluator's; of the functions, only concatenation looks at how a list's elements belong together.
        let values = name == "_+_" || name == "dyn" ? values : values.map(\.ordered)
        for function in all[name] ?? [] where (function.target != nil) == hasTarget {
            let types = function.types
            guard types.count == values.count, zip(types, values).allSatisfy({ $0.holds($1) }) else { continue }
            do throws(CELError) { return try function.body(values) } catch {
                // The elements of a list may not fit though the list does.
                throw error == .noOverload && hasTarget && name == "join" ? unfitting(name, values) : error
            }
        }
        throw unfitting(name, values)
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
            return .int(nanos / unit)
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

    /// Nil for what has a part that is no whole one.
    private static func whole(_ quantity: Quantity) -> Int64? {
        let (whole, rest) = quantity.nanos.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest == 0 ? Int64(exactly: whole) : nil
    }

    /// What apimachinery says of a text that is no quantity.
    private static func unreadableQuantity(_ text: String) -> String {
        let body = text.utf8.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        let suffix = body.drop { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        let letters = suffix.drop { "eEinumkKMGTP".utf8.contains($0) }
        let power = letters.dropFirst(letters.first.map { $0 == 43 || $0 == 45 } == true ? 1 : 0)
        if !text.isEmpty, suffix.count < body.count, power.allSatisfy({ (48...57).contains($0) }) {
            return "unable to parse quantity's suffix"
        }
        return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
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
                guard case .string(let text) = values[0] else { throw .noOverload }
                do throws(WebAddress.Malformed) { return .url(try WebAddress(text)) } catch {
                    let shown = GoQuote.quote(Text(text)).string
                    throw CELError("URL parse error during conversion from string: parse \(shown): \(error.message)")
                }
            },
            plain("isURL", [.string], .bool) { values throws(CELError) in
                guard case .string(let text) = values[0] else { throw .noOverload }
                return .bool((try? WebAddress(text)) != nil)
            },
            urlPart("getScheme", \.scheme), urlPart("getHost", \.host), urlPart("getHostname", \.hostname),
            urlPart("getPort", \.port), urlPart("getEscapedPath", \.path),
            member(url, "getQuery", [], .map(.string, .list(.string))) { values throws(CELError) in
                guard case .url(let url) = values[0] else { throw .noOverload }
                return .map(url.parameters.map { (.string($0.name), .list($0.values.map { .string($0) })) })
            },
            plain("quantity", [.string], quantity) { values throws(CELError) in
                guard case .string(let text) = values[0] else { throw .noOverload }
                guard let quantity = Quantity(text) else { throw CELError(unreadableQuantity(text)) }
                return .quantity(quantity)
            },
            plain("isQuantity", [.string], .bool) { values throws(CELError) in
                guard case .string(let text) = values[0] else { throw .noOverload }
                return .bool(Quantity(text) != nil)
            },
            member(quantity, "asInteger", [], .int) { values throws(CELError) in
                guard let whole = whole(try quantities(values).0) else {
                    throw CELError("cannot convert value to integer")
                }
                return .int(whole)
            },
            member(quantity, "isInteger", [], .bool) { values throws(CELError) in
                .bool(whole(try quantities(values).0) != nil)
            },
            member(quantity, "asApproximateFloat", [], .double) { values throws(CELError) in
                .double(Double(try quantities(values).0.nanos) / 1e9)
            },
            // Upstream declares it without a target.
            plain("sign", [quantity], .int) { values throws(CELError) in
                .int(Int64(try quantities(values).0.nanos.signum()))
            },
        ]
        + ofQuantities("add", [quantity, .int], quantity) { .quantity($0 + $1) }
        + ofQuantities("sub", [quantity, .int], quantity) { .quantity($0 - $1) }
        + ofQuantities("isLessThan", [quantity], .bool) { .bool($0 < $1) }
        + ofQuantities("isGreaterThan", [quantity], .bool) { .bool($1 < $0) }
        + ofQuantities("compareTo", [quantity], .int) { .int($0 < $1 ? -1 : $1 < $0 ? 1 : 0) }
}
