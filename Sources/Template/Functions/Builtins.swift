import Document

extension Function {
    /// What text/template itself brings, but for comparisons and printing. (`slice` is Sprig's in Helm.)
    static let builtins: [Function] = [
        Function("and", [.reflected, .reflected], isVariadic: true, .and),
        Function("or", [.reflected, .reflected], isVariadic: true, .or),
        Function("call", [.reflected, .reflected], isVariadic: true, .call),
        Function("not", .reflected) { arguments in .bool(!arguments[0].isTrue) }.costing(.free),
        Function("len", .reflected) { arguments throws(CallFailure) in .int(try length(arguments[0])) }.costing(.free),
        Function(variadic: "index", .reflected, .reflected) { arguments throws(CallFailure) in
            var item = arguments[0]
            if item.isNil { throw .text("index of untyped nil") }
            for index in arguments.dropFirst() { item = try element(of: item, at: index) }
            return item
        }.costing(.free),
    ]

    private static func length(_ value: GoValue) throws(CallFailure) -> Int {
        switch value {
        case .string(let text), .bytes(let text): return text.count
        case .list(let list): return list.elements.count
        case .map(let map): return map.count
        case .object(let object):
            guard let underlying = object.underlying else { break }
            return try length(underlying)
        case .null: throw .text("len of nil pointer")
        case .invalid: throw .text("reflect: call of reflect.Value.Type on zero Value")
        default: break
        }
        throw .text("len of type \(value.pointedTypeName)")
    }

    private static func element(of item: GoValue, at index: GoValue) throws(CallFailure) -> GoValue {
        switch item {
        case .invalid, .null: throw .text("index of nil pointer")
        case .string(let text), .bytes(let text):
            return .uint8(text.bytes[try position(index, text.count, "string")])
        case .list(let list): return list.elements[try position(index, list.elements.count)]
        case .map(let map):
            guard let key = index.text else {
                if index.isNil { throw .text("value is nil; should be of type string") }
                throw .text("value has type \(index.typeName); should be string")
            }
            return map[key] ?? (map.kind == .string ? .string(Text("")) : .null)
        case .object(let object):
            guard let underlying = object.underlying else { break }
            let found = try element(of: underlying, at: index)
            // The values of `.Files` are bytes, also where there are none.
            return found.isNil && object is FilesObject ? .bytes("") : found
        default: break
        }
        throw .text("can't index item of type \(item.pointedTypeName)")
    }

    private static func position(
        _ index: GoValue, _ count: Int, _ kind: String = "slice"
    ) throws(CallFailure) -> Int {
        if index.isNil { throw .text("cannot index slice/array with nil") }
        guard let position = index.integer else {
            throw .text("cannot index slice/array with type \(index.typeName)")
        }
        guard position >= 0, position <= count else { throw .text("index out of range: \(position)") }
        guard position < count else { throw .text("reflect: \(kind) index out of range") }
        return Int(position)
    }
}

extension GoValue {
    /// The type behind a pointer, which builtins look through.
    var pointedTypeName: String { typeName.hasPrefix("*") ? String(typeName.dropFirst()) : typeName }
}
