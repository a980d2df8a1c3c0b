import Synchronization

/// The flags of one command, and the arguments that are none.
public final class FlagSet: Sendable {
    /// The set into which flags are put as they are made.
    @TaskLocal static var collecting: FlagSet?

    private struct Content {
        var flags: [FlagDefinition] = []
        var arguments: [String] = []
    }

    private let content = Mutex(Content())

    /// The flags in the order of their declarations.
    var flags: [FlagDefinition] { content.withLock { $0.flags } }

    /// What the command line has beside flags.
    var arguments: [String] { content.withLock { $0.arguments } }

    func add(_ flag: FlagDefinition) { content.withLock { $0.flags.append(flag) } }

    func take(_ arguments: [String]) { content.withLock { $0.arguments = arguments } }
}

/// All arguments of a command that are no flags.
@propertyWrapper
public struct Arguments: Sendable {
    private let set = FlagSet.collecting

    /// What the command line has beside flags.
    public var wrappedValue: [String] { self.set?.arguments ?? [] }

    /// The arguments of the command that is being made.
    public init() {}
}

/// The argument of a command at one place; the command says how many it takes.
@propertyWrapper
public struct Argument: Sendable {
    private let set = FlagSet.collecting
    private let place: Int

    /// The argument; empty where there is none.
    public var wrappedValue: String {
        let arguments = self.set?.arguments ?? []
        return place < arguments.count ? arguments[place] : ""
    }

    /// The argument at a place, counted from 0, of the command that is being made.
    public init(_ place: Int) { self.place = place }
}
