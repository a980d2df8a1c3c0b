/// Go's `filepath.Match`: `*` and `?` do not match a slash, `[a-z]` and `[^a]` are sets, `\` takes what follows as is.
enum PathPattern {
    /// Whether the pattern can be read.
    static func isValid(_ pattern: String) -> Bool {
        var rest = Array(pattern.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\": if rest.popFirst() == nil { return false }
            case "[": if set(&rest) == nil { return false }
            default: continue
            }
        }
        return true
    }

    /// Whether the whole path matches; false for a pattern that cannot be read.
    static func matches(_ pattern: String, _ path: String) -> Bool {
        match(Array(pattern.unicodeScalars)[...], Array(path.unicodeScalars)[...])
    }

    private static func match(_ pattern: ArraySlice<Unicode.Scalar>, _ path: ArraySlice<Unicode.Scalar>) -> Bool {
        var rest = pattern
        guard let scalar = rest.popFirst() else { return path.isEmpty }
        switch scalar {
        case "*":
            var tail = path
            while true {
                if match(rest, tail) { return true }
                guard let first = tail.first, first != "/" else { return false }
                tail.removeFirst()
            }
        case "?":
            guard let first = path.first, first != "/" else { return false }
            return match(rest, path.dropFirst())
        case "[":
            guard let set = set(&rest), let first = path.first else { return false }
            return set.contains(first) && match(rest, path.dropFirst())
        case "\\":
            guard let literal = rest.popFirst(), path.first == literal else { return false }
            return match(rest, path.dropFirst())
        default: return path.first == scalar && match(rest, path.dropFirst())
        }
    }

    private struct ScalarSet {
        var ranges: [ClosedRange<UInt32>] = []
        var negated = false

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            ranges.contains { $0.contains(scalar.value) } != negated
        }
    }

    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) -> ScalarSet? {
        var set = ScalarSet()
        if rest.first == "^" {
            set.negated = true
            rest.removeFirst()
        }
        while true {
            if rest.first == "]", !set.ranges.isEmpty {
                rest.removeFirst()
                return set
            }
            guard let low = bound(&rest) else { return nil }
            var high = low
            if rest.first == "-" {
                rest.removeFirst()
                guard let end = bound(&rest) else { return nil }
                high = end
            }
            set.ranges.append(min(low.value, high.value)...max(low.value, high.value))
        }
    }

    private static func bound(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        guard let scalar = rest.popFirst(), scalar != "-", scalar != "]" else { return nil }
        return scalar == "\\" ? rest.popFirst() : scalar
    }
}
