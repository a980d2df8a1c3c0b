/// Go's `filepath.Match`: `*` and `?` do not match a slash, `[a-z]` and `[^a]` are sets, `\` takes what follows as is.
enum PathPattern {
    /// Whether `filepath.Match` gives no error over this path: what stands behind a star is read only where all before it
    /// matches.
    static func isValid(_ pattern: String, over path: String) -> Bool {
        var rest = Array(pattern.unicodeScalars)[...]
        var path = Array(path.unicodeScalars)[...]
        while !rest.isEmpty {
            let begin = rest.firstIndex { $0 != "*" } ?? rest.endIndex
            let end = endOfChunk(rest[begin...])
            let (isAnywhere, chunk) = (begin > rest.startIndex, rest[begin..<end])
            rest = rest[end...]
            if chunk.isEmpty { return true }
            guard let length = length(of: chunk) else { return false }
            let starts = 0...(isAnywhere ? path.count : 0)
            let found = starts.first { start in
                let tail = path.dropFirst(start)
                return tail.count >= length && (tail.count == length || !rest.isEmpty)
                    && match(chunk, tail.prefix(length))
            }
            guard let found else { return true }
            path = path.dropFirst(found + length)
        }
        return true
    }

    /// Where the next star stands that is no part of a set.
    private static func endOfChunk(_ pattern: ArraySlice<Unicode.Scalar>) -> Int {
        var index = pattern.startIndex
        var isInSet = false
        while index < pattern.endIndex {
            switch pattern[index] {
            case "\\": index += 1
            case "[": isInSet = true
            case "]": isInSet = false
            case "*" where !isInSet: return index
            default: break
            }
            index += 1
        }
        return pattern.endIndex
    }

    /// How many characters a chunk without stars takes; nil where it cannot be read.
    private static func length(of chunk: ArraySlice<Unicode.Scalar>) -> Int? {
        var (rest, count) = (chunk, 0)
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\": if rest.popFirst() == nil { return nil }
            case "[": if set(&rest) == nil { return nil }
            default: break
            }
            count += 1
        }
        return count
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
        /// First and last; nothing is in a range that runs backwards.
        var ranges: [(UInt32, UInt32)] = []
        var negated = false

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            ranges.contains { $0.0 <= scalar.value && scalar.value <= $0.1 } != negated
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
            set.ranges.append((low.value, high.value))
        }
    }

    private static func bound(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        guard let scalar = rest.popFirst(), scalar != "-", scalar != "]" else { return nil }
        return scalar == "\\" ? rest.popFirst() : scalar
    }
}
