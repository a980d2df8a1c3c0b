/// A way to call a function, as the checker sees it (cel-go calls it an overload).
struct Signature: Sendable {
    let isMember: Bool
    /// Of the target and the arguments.
    let types: [CELType]
    let result: CELType

    init(_ types: [CELType], _ result: CELType, isMember: Bool = false) {
        self.isMember = isMember
        self.types = types
        self.result = result
    }

    /// All of a function, by its name.
    static let all: [String: [Signature]] = {
        var all = Function.all.mapValues { functions in
            functions.map { Signature($0.types, $0.result, isMember: $0.target != nil) }
        }
        all.merge(builtIn) { $0 + $1 }
        all.merge(authorization) { $0 + $1 }
        return all
    }()

    /// What the evaluator does by itself.
    private static let builtIn: [String: [Signature]] = [
        "_==_": [Signature([.a, .a], .bool)], "_!=_": [Signature([.a, .a], .bool)],
        "_&&_": [Signature([.bool, .bool], .bool)], "_||_": [Signature([.bool, .bool], .bool)],
        "_?_:_": [Signature([.bool, .a, .a], .a)],
        "_[_]": [
            Signature([.list(.a), .int], .a), Signature([.map(.a, .b), .a], .b),
            Signature([.optional(.list(.a)), .int], .optional(.a)),
            Signature([.optional(.map(.a, .b)), .a], .optional(.b)),
        ],
        "_[?_]": [
            Signature([.list(.a), .int], .optional(.a)), Signature([.optional(.list(.a)), .int], .optional(.a)),
            Signature([.map(.a, .b), .a], .optional(.b)), Signature([.optional(.map(.a, .b)), .a], .optional(.b)),
        ],
        "cel.@mapInsert": [
            Signature([.map(.a, .b), .map(.a, .b)], .map(.a, .b)), Signature([.map(.a, .b), .a, .b], .map(.a, .b)),
        ],
        "@sortByAssociatedKeys": CELType.comparable.map {
            Signature([.list(.a), .list($0)], .list(.a), isMember: true)
        },
    ]

    /// The same with parameters of its own.
    func instance(_ mapping: inout TypeMapping) -> (types: [CELType], result: CELType) {
        var own: [String: CELType] = [:]
        func renamed(_ type: CELType) -> CELType {
            guard case .parameter(let name) = type else {
                // Most types have no parts, and so no parameters.
                return type.parts.isEmpty ? type : type.mapped { renamed($0) }
            }
            if let known = own[name] { return known }
            let fresh = mapping.fresh()
            own[name] = fresh
            return fresh
        }
        return (types.map { renamed($0) }, renamed(result))
    }
}

extension CELType {
    /// What a function's types have in common, whatever it is.
    static let a = CELType.parameter("A")
    static let b = CELType.parameter("B")

    /// Those whose values are more or less than each other.
    static let comparable: [CELType] = [.int, .uint, .double, .bool, .duration, .timestamp, .string, .bytes]
}
