// MARK: Lists (cel-go's ext/lists, version 3)

extension Function {
    private static func elements(_ value: CELValue) throws(CELError) -> [CELValue] {
        guard let elements = value.elements else { throw .noOverload }
        return elements
    }

    /// The second of each pair in the order of the first.
    static func sorted(_ pairs: [(CELValue, CELValue)]) throws(CELError) -> [CELValue] {
        guard let first = pairs.first else { return [] }
        for pair in pairs where pair.0.typeName != first.0.typeName {
            throw CELError("list elements must have the same type")
        }
        guard first.0.order(first.0) != nil else { throw CELError("list elements must be comparable") }
        return pairs.enumerated().sorted { left, right in
            let order = left.element.0.order(right.element.0) ?? 0
            return order == 0 ? left.offset < right.offset : order == -1
        }.map(\.element.1)
    }

    private static func slice(_ values: [CELValue]) throws(CELError) -> CELValue {
        let list = try elements(values[0])
        guard case .int(let start) = values[1], case .int(let end) = values[2] else { throw .noOverload }
        let call = "cannot slice(\(start), \(end)), "
        if start < 0 || end < 0 { throw CELError("\(call)negative indexes not supported") }
        if start > end { throw CELError("\(call)start index must be less than or equal to end index") }
        if end > list.count { throw CELError("\(call)list is length \(list.count)") }
        return .list(Array(list[Int(start)..<Int(end)]))
    }

    private static func flat(_ list: [CELValue], _ depth: Int64) throws(CELError) -> [CELValue] {
        if depth < 0 { throw CELError("level must be non-negative") }
        var flat: [CELValue] = []
        for element in list {
            switch element {
            case .list(let inner) where depth > 0, .associated(let inner, _) where depth > 0:
                flat += try Self.flat(inner, depth - 1)
            default: flat.append(element)
            }
        }
        return flat
    }

    private static func distinct(_ list: [CELValue]) -> [CELValue] {
        var kept: [CELValue] = []
        for element in list where !kept.contains(element) { kept.append(element) }
        return kept
    }

    /// How long a list may be made.
    private static let longest = 1_000_000

    static let lists: [Function] =
        CELType.comparable.map { type in
            member(.list(type), "sort", [], .list(type)) { values throws(CELError) in
                .list(try sorted(try elements(values[0]).map { ($0, $0) }))
            }
        } + listing

    private static let listing: [Function] = [
        member(.list(.a), "slice", [.int, .int], .list(.a), slice),
        member(.list(.list(.a)), "flatten", [], .list(.a)) { values throws(CELError) in
            .list(try flat(try elements(values[0]), 1))
        },
        member(.list(.dyn), "flatten", [.int], .list(.dyn)) { values throws(CELError) in
            guard case .int(let depth) = values[1] else { throw .noOverload }
            return .list(try flat(try elements(values[0]), depth))
        },
        member(.list(.a), "distinct", [], .list(.a)) { values throws(CELError) in
            .list(distinct(try elements(values[0])))
        },
        member(.list(.a), "reverse", [], .list(.a)) { values throws(CELError) in
            .list(try elements(values[0]).reversed())
        },
        member(.list(.a), "first", [], .optional(.a)) { values throws(CELError) in
            .optional(try elements(values[0]).first)
        },
        member(.list(.a), "last", [], .optional(.a)) { values throws(CELError) in
            .optional(try elements(values[0]).last)
        },
        plain("lists.range", [.int], .list(.int)) { values throws(CELError) in
            guard case .int(let count) = values[0] else { throw .noOverload }
            guard count >= 0 else { throw CELError("lists.range: size must be non-negative, got \(count)") }
            guard count <= longest else { throw .outOfBudget }
            return .list((0..<count).map { .int($0) })
        },
    ]
}

extension CELValue {
    /// Whether it is what Go has where nothing was set.
    var isZero: Bool {
        switch self {
        case .null, .bool(false), .int(0), .uint(0), .string(""), .duration(0), .optional(nil): true
        case .double(let number): number == 0
        case .bytes(let bytes): bytes.isEmpty
        case .timestamp(let seconds, let nanos): seconds == -62_135_596_800 && nanos == 0
        default: elements?.isEmpty ?? false
        }
    }
}
