import Document

extension Function {
    /// Sprig's functions of maps.
    static let dicts: [Function] = [
        Function(variadic: "dict", .any) { arguments throws(CallFailure) in
            let map = GoMap()
            for index in stride(from: 0, to: arguments.count, by: 2) {
                try checkKey(arguments[index])
                let value = index + 1 < arguments.count ? arguments[index + 1] : .string(Text(""))
                map[arguments[index].sprigText] = value
            }
            return .map(map)
        },
        Function("get", .map, .string) { $0.map(0)[$0.text(1)] ?? .string(Text("")) }.costing(.free),
        Function("set", .map, .string, .any) { arguments throws(CallFailure) in
            if arguments.map(0).isNil { throw .text("assignment to entry in nil map") }
            arguments.map(0)[arguments.text(1)] = arguments[2]
            return arguments[0]
        }.costing(.inserting),
        Function("unset", .map, .string) { arguments in
            arguments.map(0)[arguments.text(1)] = nil
            return arguments[0]
        }.costing(.inserting),
        Function("hasKey", .map, .string) { .bool($0.map(0)[$0.text(1)] != nil) },
        Function(variadic: "pluck", .string, .map) { arguments in
            .list(GoList(arguments.dropFirst().compactMap { $0.map?[arguments.text(0)] }, .grown))
        },
        // Go's order is random here; ours is by key.
        Function(variadic: "keys", .map) { arguments in
            let keys = arguments.flatMap { $0.map?.entries.map { GoValue.string($0.key) } ?? [] }
            return .list(GoList(keys, type: .string, .grown))
        },
        Function("values", .map) { .list(GoList($0.map(0).entries.map(\.value), .grown)) },
        Function(variadic: "pick", .map, .string) { arguments in
            let map = GoMap()
            for key in arguments.texts(from: 1) { if let value = arguments.map(0)[key] { map[key] = value } }
            return .map(map)
        },
        Function(variadic: "omit", .map, .string) { arguments in
            let map = arguments.map(0).copy(kind: .any)
            for key in arguments.texts(from: 1) { map[key] = nil }
            return .map(map)
        },
        Function(variadic: "dig", .any) { arguments throws(CallFailure) in try dig(arguments) }.costing(.free),
        merging("merge", overwrites: false),
        merging("mustMerge", overwrites: false),
        merging("mergeOverwrite", overwrites: true),
        merging("mustMergeOverwrite", overwrites: true),
        Function("deepCopy", .any) { arguments throws(CallFailure) in try copied(arguments[0]) }.costing(
            .copies(from: 0)),
        Function("mustDeepCopy", .any) { arguments throws(CallFailure) in try copied(arguments[0]) }.costing(
            .copies(from: 0)),
        Function("deepEqual", .any, .any) { arguments throws(CallFailure) in
            var equality = DeepEquality()
            return .bool(try equality.areEqual(arguments[0], arguments[1]))
        },
    ]

    private static func copied(_ value: GoValue) throws(CallFailure) -> GoValue {
        if value.isNil { throw .text("reflect: call of reflect.Value.Type on zero Value") }
        return value.deepCopy()
    }

    /// A key that is no string is printed.
    private static func checkKey(_ key: GoValue) throws(CallFailure) {
        if case .string = key { return }
        var extent = Extent(most: mostBytes)
        try extent.add(key)
    }

    private static func dig(_ arguments: [GoValue]) throws(CallFailure) -> GoValue {
        guard arguments.count >= 3 else { throw .text("dig needs at least three arguments") }
        var map = try asserted(arguments[arguments.count - 1])
        var keys: [Text] = []
        for key in arguments.dropLast(2) {
            guard let text = key.text else { throw conversion(key, "string") }
            keys.append(text)
        }
        for (index, key) in keys.enumerated() {
            guard let step = map[key] else { return arguments[arguments.count - 2] }
            if index == keys.count - 1 { return step }
            map = try asserted(step)
        }
        return .null
    }

    /// Go's type assertion to `map[string]interface{}`, which named map types do not pass.
    private static func asserted(_ value: GoValue) throws(CallFailure) -> GoMap {
        guard let map = value.map, map.kind == .any else { throw conversion(value, "map[string]interface {}") }
        return map
    }

    private static func conversion(_ value: GoValue, _ type: String) -> CallFailure {
        let found = value.isNil ? "nil" : value.typeName
        return .text("interface conversion: interface {} is \(found), not \(type)")
    }

    // MARK: - Merging

    private static func merging(_ name: String, overwrites: Bool) -> Function {
        Function(variadic: name, .map, .map) { arguments throws(CallFailure) in
            for source in arguments.dropFirst() {
                guard let source = source.map else { continue }
                if try merge(arguments.map(0), source, overwrites, 0) { continue }
                // Sprig returns nothing where mergo refuses, and its other form the error.
                if !name.hasPrefix("must") { return .string("") }
                throw .text("src and dst must be of same type")
            }
            return arguments[0]
        }.costing(.copies(from: 1))
    }

    /// mergo: what is there and not empty stays unless overwritten; maps are merged; values are shared, not copied.
    ///
    /// - Returns: whether mergo does; it stops at a pointer under a map or a struct.
    private static func merge(
        _ target: GoMap, _ source: GoMap, _ overwrites: Bool, _ depth: Int
    ) throws(CallFailure) -> Bool {
        if target === source || depth > 1000 { return true }
        for entry in source.entries {
            let old = target[entry.key]
            if entry.value.isNil {
                if overwrites { target[entry.key] = .null }
                continue
            }
            if case .map(let inner)? = old, case .map(let new) = entry.value, inner.count > 0 {
                guard try merge(inner, new, overwrites, depth + 1) else { return false }
                continue
            }
            if case .object(let object)? = old, let kind = structured(entry.value), object.kindName != "map" {
                if object.kindName == "ptr", kind != "ptr", !overwrites { return false }
                if object.hasPublicFields, kind != "struct" {
                    throw .text("reflect: call of reflect.Value.Field on \(kind) Value")
                }
            }
            if overwrites || old?.isEmpty ?? true { target[entry.key] = entry.value }
        }
        return true
    }

    /// Go's kind of a value whose parts mergo looks at.
    private static func structured(_ value: GoValue) -> String? {
        switch value {
        case .map: "map"
        case .object(let object) where object.kindName == "struct" || object.kindName == "ptr": object.kindName
        default: nil
        }
    }
}

extension GoObject {
    /// Whether it is a struct with fields that other packages see.
    fileprivate var hasPublicFields: Bool {
        kindName == "struct" && printedFields?.contains { $0.name.first?.isUppercase ?? false } ?? false
    }
}
