extension GoValue {
    /// How many values one tree may hold when all of it is walked through: about as much as a gigabyte.
    private static var maximumExtent: Int { 1 << 22 }

    /// Refuses a value that nobody could write or copy as a whole: maps that stand in several places count as often, so
    /// that a few dozen of them make a tree that has no end in practice.
    func checkExtent() throws(CallFailure) {
        var left = GoValue.maximumExtent
        if !take(from: &left, 0) {
            throw .limit("a value holds more than \(GoValue.maximumExtent) others, counted wherever they stand")
        }
    }

    /// Whether the tree fits into what is left; whoever walks it looks at its depth.
    private func take(from left: inout Int, _ depth: Int) -> Bool {
        left -= 1
        if left < 0 { return false }
        if depth > 10_000 { return true }
        switch self {
        case .map(let map): return map.entries.allSatisfy { $0.value.take(from: &left, depth + 1) }
        case .list(let list): return list.elements.allSatisfy { $0.take(from: &left, depth + 1) }
        default: return true
        }
    }
}
