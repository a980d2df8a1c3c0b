import Synchronization

/// A flag of a command, as Go's pflag has them: `@Flag("show-only", short: "s", "only show …") var showOnly: [String] = []`.
///
/// Making one puts it into the set that is being collected just then (``FlagSet/collecting``), in the order of the
/// declarations and through groups of flags too, which are plain stored properties. So nobody has to look through a
/// command for its flags: a reflection, a decoder and each cast to a protocol search all conformances of the binary,
/// which in a large static one costs more than a small chart's rendering. For the same reason the type itself asks for
/// nothing of its value; its initializers do.
@propertyWrapper
public struct Flag<Value: Sendable>: Sendable {
    private let cell: FlagCell<Value>

    /// What the command line says, else what the flag stands at by itself.
    public var wrappedValue: Value { cell.value.withLock { $0 } }
}

/// What a flag stands at. A class, because the parser writes it after the command was made.
private final class FlagCell<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }
}

extension Flag where Value: FlagValue {
    /// A flag that has a value without being given.
    /// - Parameters:
    ///   - name: without the dashes.
    ///   - short: one letter; empty where there is none.
    ///   - usage: what help says of it.
    ///   - kind: the word for its values in help, where the type's own does not fit.
    ///   - bare: what it means without a value (pflag's NoOptDefVal); nil as its type has it.
    public init(
        wrappedValue: Value, _ name: String, short: String = "", _ usage: String, kind: String? = nil,
        bare: String? = nil, _ standing: FlagStanding = .shown
    ) {
        let cell = FlagCell(wrappedValue)
        self.cell = cell
        FlagSet.collecting?.add(
            FlagDefinition(
                name: name, short: short, usage: usage, kind: kind ?? Value.kind, bare: bare ?? Value.bare,
                standing: standing, shownDefault: wrappedValue.shownDefault,
                take: { text throws(InvalidFlagValue) in
                    var value = cell.value.withLock { $0 }
                    try value.take(text)
                    cell.value.withLock { $0 = value }
                }))
    }
}

extension Flag {
    /// A flag that has no value until it is given; the parameters are those of the other initializer.
    public init<Wrapped: FlagValue>(
        _ name: String, short: String = "", _ usage: String, _ standing: FlagStanding = .shown
    ) where Value == Wrapped? {
        let cell = FlagCell<Wrapped?>(nil)
        self.cell = cell
        FlagSet.collecting?.add(
            FlagDefinition(
                name: name, short: short, usage: usage, kind: Wrapped.kind, bare: Wrapped.bare, standing: standing,
                shownDefault: "",
                take: { text throws(InvalidFlagValue) in
                    var value = cell.value.withLock { $0 } ?? Wrapped()
                    try value.take(text)
                    cell.value.withLock { $0 = value }
                }))
    }
}
