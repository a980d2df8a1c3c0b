/// What a call costs beside the step of its node, so that no single call and no loop of slow ones escapes the limits.
///
/// A step is about what evaluating one node takes: some forty nanoseconds of a release build.
enum Cost: Sendable {
    /// Nothing: it looks at the top of its arguments only.
    case free
    /// It goes through the bytes of its texts and the elements of its lists.
    case linear
    /// It goes through its whole arguments, from that one on; what stands in several places counts as often.
    case trees(from: Int = 0)
    /// The same, and it tells by itself where a value nests too deep: encoders answer that in their own way.
    case encoding
    /// It goes through its whole arguments, and it makes as much again.
    case copies(from: Int)
    /// It may hold each element of its list against all others.
    case square
    /// It moves the entries of a map that stand behind one.
    case inserting
    /// So many steps beside what it goes through.
    case steps(@Sendable ([GoValue]) -> Int)
    /// It reads a language: as many steps as bytes, and some bytes of memory for each.
    case reading

    /// Whether the result is to be counted: others answer an argument, or are counted before.
    var makesResult: Bool {
        @inline(__always) get {
            switch self {
            case .free, .inserting, .copies: false
            default: true
            }
        }
    }
}

extension Function {
    /// What no call may make more of at once, in bytes, whatever the limits of the rendering.
    static let mostBytes = 1 << 24
    /// What no list may be longer than.
    static let mostElements = 1 << 20
}
