import Document

extension Function {
    /// Sprig's functions for defaults and for looking at types.
    static let flow: [Function] = [
        Function(variadic: "default", .any, .any) { arguments in
            arguments.count < 2 || arguments[1].isEmpty ? arguments[0] : arguments[1]
        }.costing(.free),
        Function("empty", .any) { .bool($0[0].isEmpty) }.costing(.free),
        Function(variadic: "coalesce", .any) { arguments in arguments.first { !$0.isEmpty } ?? .null }.costing(.free),
        Function(variadic: "all", .any) { arguments in .bool(!arguments.contains { $0.isEmpty }) },
        Function(variadic: "any", .any) { arguments in .bool(arguments.contains { !$0.isEmpty }) },
        Function("ternary", .any, .any, .bool) { $0[2].isTrue ? $0[0] : $0[1] }.costing(.free),
        Function("typeOf", .any) { .string($0[0].typeName) },
        Function("typeIs", .string, .any) { .bool($0.text(0) == Text($0[1].typeName)) },
        Function("typeIsLike", .string, .any) { arguments in
            let name = arguments[1].typeName
            return .bool(arguments.text(0) == Text(name) || "*" + arguments.text(0) == Text(name))
        },
        Function("kindOf", .any) { .string($0[0].kindName) },
        Function("kindIs", .string, .any) { .bool($0.text(0) == Text($0[1].kindName)) },
    ]
}
