import Document

/// A function that templates can call, with the types that Go's own has: they decide what may be passed and which error
/// says so.
public final class Function: Sendable {
    /// The type of a parameter.
    enum Parameter: Sendable {
        /// `interface {}`
        case any
        /// `reflect.Value`, which tells a missing value from nil.
        case reflected
        case string, int, int64, float64, bool
        /// `map[string]interface {}`
        case map
        /// `[]interface {}`
        case list
        /// `common.Values`
        case values
        /// `time.Time`
        case time
        /// `sprig.certificate`
        case certificate
        /// `*semver.Version`
        case version
        /// `uint32`
        case uint32
        /// `time.Duration`
        case duration
        /// `io.Writer`
        case writer
    }

    /// What a function does with its arguments, which have been checked.
    enum Body: Sendable {
        case plain(@Sendable ([GoValue]) throws(CallFailure) -> GoValue)
        /// A method, with what it is called on first.
        case method(@Sendable (GoValue, [GoValue]) throws(CallFailure) -> GoValue)
        /// A function that runs templates, or needs the clock, randomness or the cluster.
        case engine(@Sendable (Evaluator, [GoValue]) throws(CallFailure) -> GoValue)
        /// `and` and `or`, which leave the rest alone once they know.
        case and, or
        /// `call`, which names the operand that is no function.
        case call
    }

    let name: String
    /// The types of the parameters, the variadic one last.
    let parameters: [Parameter]
    let isVariadic: Bool
    let body: Body
    let cost: Cost
    /// What its first use would have to wait for, done where a template is read that names it: mostly on the second thread.
    let preparation: (@Sendable () -> Void)?

    init(
        _ name: String, _ parameters: [Parameter], isVariadic: Bool = false, cost: Cost = .linear,
        preparation: (@Sendable () -> Void)? = nil, _ body: Body
    ) {
        self.name = name
        self.cost = cost
        self.preparation = preparation
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.body = body
    }

    /// A function of its arguments alone.
    convenience init(
        _ name: String, _ parameters: Parameter...,
        answer: @escaping @Sendable ([GoValue]) throws(CallFailure) -> GoValue
    ) {
        self.init(name, parameters, .plain(answer))
    }

    /// A function of its arguments alone, of which the last type may come any number of times.
    convenience init(
        variadic name: String, _ parameters: Parameter...,
        answer: @escaping @Sendable ([GoValue]) throws(CallFailure) -> GoValue
    ) {
        self.init(name, parameters, isVariadic: true, .plain(answer))
    }

    /// A function that needs what surrounds the templates.
    convenience init(
        engine name: String, _ parameters: Parameter...,
        answer: @escaping @Sendable (Evaluator, [GoValue]) throws(CallFailure) -> GoValue
    ) {
        self.init(name, parameters, .engine(answer))
    }

    /// A method, with what it is called on as first argument.
    convenience init(
        method name: String, _ parameters: Parameter...,
        answer: @escaping @Sendable (GoValue, [GoValue]) throws(CallFailure) -> GoValue
    ) {
        self.init(name, parameters, .method(answer))
    }

    /// The same function under another name.
    func named(_ name: String) -> Function {
        Function(name, parameters, isVariadic: isVariadic, cost: cost, preparation: preparation, body)
    }

    /// The same function with what its first use would have to wait for.
    func preparing(_ preparation: @escaping @Sendable () -> Void) -> Function {
        Function(name, parameters, isVariadic: isVariadic, cost: cost, preparation: preparation, body)
    }

    /// The same function with what it costs, where that is not to go once through its texts and lists.
    func costing(_ cost: Cost) -> Function {
        Function(name, parameters, isVariadic: isVariadic, cost: cost, preparation: preparation, body)
    }
}

extension Function.Parameter {
    /// The type in Go's error texts.
    var typeName: String {
        switch self {
        case .any: "interface {}"
        case .reflected: "reflect.Value"
        case .string: "string"
        case .int: "int"
        case .int64: "int64"
        case .float64: "float64"
        case .bool: "bool"
        case .map: "map[string]interface {}"
        case .list: "[]interface {}"
        case .values: "common.Values"
        case .time: "time.Time"
        case .certificate: "sprig.certificate"
        case .version: "*semver.Version"
        case .uint32: "uint32"
        case .duration: "time.Duration"
        case .writer: "io.Writer"
        }
    }

    /// Whether the literal `nil` may be passed.
    var canBeNil: Bool {
        switch self {
        case .any, .reflected, .map, .list, .values, .version, .writer: true
        default: false
        }
    }
}
