import Document

extension Function {
    /// Sprig's functions of lists. Those named `must…` do the same: all of them fail.
    static let lists: [Function] = [
        Function(variadic: "list", .any) { .list($0) },
        Function(variadic: "tuple", .any) { .list($0) },
        Function("first", .any) { arguments throws(CallFailure) in
            try elements(arguments[0], "find first on").first ?? .null
        }.costing(.free),
        Function("last", .any) { arguments throws(CallFailure) in
            try elements(arguments[0], "find last on").last ?? .null
        }.costing(.free),
        Function("rest", .any) { arguments throws(CallFailure) in
            orNil(try elements(arguments[0], "find rest on")) { Array($0.dropFirst()) }
        },
        Function("initial", .any) { arguments throws(CallFailure) in
            orNil(try elements(arguments[0], "find initial on")) { $0.dropLast() }
        },
        Function("append", .any, .any) { arguments throws(CallFailure) in
            .list(GoList(try elements(arguments[0], "push on") + [arguments[1]], .appended))
        },
        Function("prepend", .any, .any) { arguments throws(CallFailure) in
            .list([arguments[1]] + (try elements(arguments[0], "prepend on")))
        },
        Function("reverse", .any) { arguments throws(CallFailure) in
            .list(try elements(arguments[0], "find reverse on").reversed())
        },
        Function("compact", .any) { arguments throws(CallFailure) in
            .list(GoList(try elements(arguments[0], "compact on").filter { !$0.isEmpty }, .grown))
        },
        Function("uniq", .any) { arguments throws(CallFailure) in
            var (result, equality): ([GoValue], DeepEquality) = ([], DeepEquality())
            for item in try elements(arguments[0], "find uniq on") {
                if try !contains(result, item, &equality) { result.append(item) }
            }
            return .list(GoList(result, .grown))
        }.costing(.square),
        Function(variadic: "without", .any, .any) { arguments throws(CallFailure) in
            let omitted = Array(arguments.dropFirst())
            var (result, equality): ([GoValue], DeepEquality) = ([], DeepEquality())
            for item in try elements(arguments[0], "find without on") {
                if try !contains(omitted, item, &equality) { result.append(item) }
            }
            return .list(GoList(result, .grown))
        },
        Function("has", .any, .any) { arguments throws(CallFailure) in
            if arguments[1].isNil { return .bool(false) }
            var equality = DeepEquality()
            return .bool(try contains(try elements(arguments[1], "find has on"), arguments[0], &equality))
        },
        Function(variadic: "slice", .any, .any) { arguments throws(CallFailure) in try slice(arguments) },
        Function(variadic: "concat", .any) { arguments throws(CallFailure) in
            var result: [GoValue] = []
            for list in arguments {
                guard let items = try items(list) else { throw .text("Cannot concat type \(list.kindName) as list") }
                result += items
            }
            return .list(GoList(result, isNil: result.isEmpty, .grown))
        },
        Function("chunk", .int, .any) { arguments throws(CallFailure) in try chunk(arguments) },
        Function("join", .string, .any) { arguments throws(CallFailure) in
            let (parts, separator) = (arguments[1].sprigTexts.map(\.bytes), arguments.bytes(0))
            let total = parts.reduce(separator.count * max(0, parts.count - 1)) { $0 + $1.count }
            if total > mostBytes { throw .limit("join would write \(total) bytes") }
            return .string(bytes: Array(parts.joined(separator: separator)))
        }.costing(.trees()),
        Function("sortAlpha", .any) { arguments in
            switch arguments[0].kindName {
            case "slice": .strings(arguments[0].sprigTexts.sorted())
            default: .strings([arguments[0].sprigText])
            }
        }.costing(.trees()),
        Function("toStrings", .any) { .strings($0[0].sprigTexts) }.costing(.trees()),
        Function("splitList", .string, .string) { arguments throws(CallFailure) in
            .strings(try split(arguments.bytes(1), arguments.bytes(0), nil))
        },
        Function("split", .string, .string) { arguments throws(CallFailure) in
            numbered(try split(arguments.bytes(1), arguments.bytes(0), nil))
        },
        Function("splitn", .string, .int, .string) { arguments throws(CallFailure) in
            numbered(try split(arguments.bytes(2), arguments.bytes(0), arguments.int(1)))
        },
        Function("until", .int) { arguments throws(CallFailure) in
            let count = arguments.int(0)
            return try steps(0, count, count < 0 ? -1 : 1)
        },
        Function("untilStep", .int, .int, .int) { arguments throws(CallFailure) in
            try steps(arguments.int(0), arguments.int(1), arguments.int(2))
        },
        Function(variadic: "seq", .int) { arguments throws(CallFailure) in
            try sequence(arguments.indices.map { arguments.int($0) })
        },
    ]

    /// The functions above under the names that promise an error.
    static let mustLists: [Function] =
        [
            ("first", "mustFirst"), ("last", "mustLast"), ("rest", "mustRest"), ("initial", "mustInitial"),
            ("append", "mustAppend"), ("prepend", "mustPrepend"), ("reverse", "mustReverse"),
            ("compact", "mustCompact"), ("uniq", "mustUniq"), ("without", "mustWithout"), ("has", "mustHas"),
            ("slice", "mustSlice"), ("chunk", "mustChunk"), ("append", "push"), ("append", "mustPush"),
        ].compactMap { name, other in lists.first { $0.name == name }?.named(other) }

    // MARK: - Elements

    /// The elements of a slice; nil for any other kind. Go's reflection panics on nil.
    private static func items(_ value: GoValue) throws(CallFailure) -> [GoValue]? {
        switch value {
        case .invalid, .null:
            throw .text("runtime error: invalid memory address or nil pointer dereference")
        case .list(let list): return list.elements
        case .bytes(let text): return text.bytes.map(GoValue.uint8)
        case .object(let object):
            guard object.kindName == "slice", let underlying = object.underlying else { return nil }
            return try items(underlying)
        default: return nil
        }
    }

    private static func elements(_ value: GoValue, _ verb: String) throws(CallFailure) -> [GoValue] {
        guard let items = try items(value) else { throw .text("Cannot \(verb) type \(value.kindName)") }
        return items
    }

    private static func orNil(_ list: [GoValue], _ part: ([GoValue]) -> [GoValue]) -> GoValue {
        list.isEmpty ? .list(GoList([], isNil: true)) : .list(part(list))
    }

    private static func contains(
        _ list: [GoValue], _ item: GoValue, _ equality: inout DeepEquality
    ) throws(CallFailure) -> Bool {
        for element in list { if try equality.areEqual(element, item) { return true } }
        return false
    }

    // MARK: - Parts

    private static func slice(_ arguments: [GoValue]) throws(CallFailure) -> GoValue {
        let list = arguments[0]
        guard let items = try items(list) else {
            throw .text("list should be type of slice or array but \(list.kindName)")
        }
        if items.isEmpty { return .null }
        let start = arguments.count > 1 ? Int(Cast.int64(arguments[1])) : 0
        let end = arguments.count > 2 ? Int(Cast.int64(arguments[2])) : items.count
        var room = items
        if case .list(let whole) = list, end > items.count, end <= whole.capacity {
            room += [GoValue](repeating: whole.type.zero, count: whole.capacity - items.count)
        }
        guard start >= 0, start <= end, end <= room.count else {
            throw .text("reflect.Value.Slice: slice index out of bounds")
        }
        let part = Array(room[start..<end])
        switch list {
        case .list(let whole): return .list(GoList(part, type: whole.type))
        case .bytes(let text): return .bytes(Text(bytes: text.bytes[start..<end]))
        case .object(let object): return object.part(part)
        default: return .null
        }
    }

    private static func chunk(_ arguments: [GoValue]) throws(CallFailure) -> GoValue {
        let size = arguments.int(0)
        guard let items = try items(arguments[1]) else {
            throw .text("Cannot chunk type \(arguments[1].kindName)")
        }
        if size == 0 { throw .text("runtime error: makeslice: len out of range") }
        if size < 0 { throw .text("runtime error: makeslice: len out of range") }
        var result: [GoValue] = []
        var start = 0
        while start < items.count {
            result.append(.list(Array(items[start..<min(start + size, items.count)])))
            start += size
        }
        return .list(GoList(result, type: .list))
    }

    // MARK: - Texts

    private static func split(
        _ bytes: [UInt8], _ separator: [UInt8], _ limit: Int?
    ) throws(CallFailure) -> [Text] {
        if limit == 0 { return [] }
        let most = min(limit.map { $0 < 0 ? .max : $0 } ?? .max, mostElements + 1)
        let pieces = split(bytes, separator, most: most)
        if pieces.count > mostElements { throw .limit("split makes more than \(mostElements) pieces") }
        return pieces
    }

    private static func split(_ bytes: [UInt8], _ separator: [UInt8], most: Int) -> [Text] {
        guard separator.isEmpty else {
            return GoStrings.split(bytes, separator, limit: most).map { Text(bytes: $0) }
        }
        // An empty separator splits after each rune.
        var result: [Text] = []
        var index = 0
        while index < bytes.count {
            let width = UTF8Decoding.decode(bytes, at: index).1
            let end = result.count + 1 == most ? bytes.count : index + width
            result.append(Text(bytes: bytes[index..<end]))
            index = end
        }
        return result
    }

    private static func numbered(_ parts: [Text]) -> GoValue {
        let entries = parts.enumerated().map { GoMap.Entry(key: Text("_\($0)"), value: .string($1)) }
        return .map(GoMap(sorted: entries.sorted { $0.key < $1.key }, kind: .string))
    }

    // MARK: - Numbers

    private static func steps(_ start: Int, _ stop: Int, _ step: Int) throws(CallFailure) -> GoValue {
        .list(GoList(try range(start, stop, step).map(GoValue.int), type: .int, .grown))
    }

    private static func range(_ start: Int, _ stop: Int, _ step: Int) throws(CallFailure) -> [Int] {
        if stop < start ? step >= 0 : step <= 0 { return [] }
        let span = UInt(bitPattern: stop < start ? start &- stop : stop &- start)
        let count = span / step.magnitude
        if count > mostElements { throw .limit("a list of \(count) numbers is longer than \(mostElements)") }
        var result: [Int] = []
        var number = start
        // Go's sum goes over from the greatest number to the least.
        while stop < start ? number > stop : number < stop {
            if result.count > mostElements { throw .limit("a list of numbers is longer than \(mostElements)") }
            result.append(number)
            number &+= step
        }
        return result
    }

    private static func sequence(_ numbers: [Int]) throws(CallFailure) -> GoValue {
        let result: [Int]
        switch numbers.count {
        case 1:
            let direction = numbers[0] < 1 ? -1 : 1
            result = try range(1, numbers[0] &+ direction, direction)
        case 2:
            let direction = numbers[1] < numbers[0] ? -1 : 1
            result = try range(numbers[0], numbers[1] &+ direction, direction)
        case 3:
            let (start, step, end) = (numbers[0], numbers[1], numbers[2])
            if end < start, step > 0 { return .string(Text("")) }
            result = try range(start, end &+ (end < start ? -1 : 1), step)
        default: result = []
        }
        return .string(result.map(String.init).joined(separator: " "))
    }
}
