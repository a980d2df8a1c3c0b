import Document

/// How much a value is when all of it is walked through: maps that stand in several places count as often, so that a few
/// dozen of them can make a tree that has no end in practice.
struct Extent {
    /// How deep a value may nest: Go would use up its stack on a map that holds itself.
    static let mostDepth = 10_000
    /// What a node takes in memory, beside its bytes.
    private static let node = 64

    /// About how many bytes the values seen so far take when written or copied.
    private(set) var bytes = 0
    private let most: Int
    private let refusesDepth: Bool

    /// - Parameters:
    ///   - most: more bytes than that are refused.
    ///   - refusesDepth: whether what nests too deep is refused too, or only not followed any deeper.
    init(most: Int, refusesDepth: Bool = true) {
        self.most = most
        self.refusesDepth = refusesDepth
    }

    /// Adds a value with all that it holds.
    mutating func add(_ value: GoValue, depth: Int = 0) throws(CallFailure) {
        bytes += Extent.node
        if depth > Extent.mostDepth {
            if refusesDepth { throw .limit("a value nests deeper than \(Extent.mostDepth)") }
            return
        }
        switch value {
        case .string(let text), .bytes(let text): bytes += text.count
        case .list(let list):
            if bytes > most { throw tooMuch }
            for element in list.elements { try add(element, depth: depth + 1) }
        case .map(let map):
            if bytes > most { throw tooMuch }
            for entry in map.entries {
                bytes += entry.key.count
                try add(entry.value, depth: depth + 1)
            }
        case .object(let object): bytes += object.bytesWithin
        default: return
        }
        if bytes > most { throw tooMuch }
    }

    private var tooMuch: CallFailure {
        .limit("a value takes more than \(most) bytes, its parts counted wherever they stand")
    }
}
