/// The difference of two texts by lines, found as Python's difflib finds it (which Go's difflib is after): the longest
/// run that both have in common, and then the same left and right of it.
struct LineDiff {
    private let old: [String]
    private let new: [String]
    /// Where the lines of the new text stand. Of a long text, lines that are everywhere begin no run.
    private let places: [String: [Int]]

    /// Lines that both have: from where, from where, how many.
    private struct Run {
        var old: Int
        var new: Int
        var count: Int
    }

    /// A part of both texts, and whether it is the same in both.
    fileprivate struct Part {
        var old: Range<Int>
        var new: Range<Int>
        let isSame: Bool
    }

    init(_ old: [String], _ new: [String]) {
        self.old = old
        self.new = new
        var places: [String: [Int]] = [:]
        for (index, line) in new.enumerated() { places[line, default: []].append(index) }
        if new.count >= 200 { places = places.filter { $0.value.count <= new.count / 100 + 1 } }
        self.places = places
    }

    /// The unified form without the names of files; each line ends.
    func unified(context: Int) -> String {
        hunks(context).map { hunk in
            let range = { (range: Range<Int>) in
                switch range.count {
                case 1: "\(range.lowerBound + 1)"
                case 0: "\(range.lowerBound),0"
                default: "\(range.lowerBound + 1),\(range.count)"
                }
            }
            let (first, last) = (hunk[0], hunk[hunk.count - 1])
            var text = "@@ -\(range(first.old.lowerBound..<last.old.upperBound)) "
            text += "+\(range(first.new.lowerBound..<last.new.upperBound)) @@\n"
            for part in hunk {
                if part.isSame {
                    for line in old[part.old] { text += " \(line)\n" }
                } else {
                    for line in old[part.old] { text += "-\(line)\n" }
                    for line in new[part.new] { text += "+\(line)\n" }
                }
            }
            return text
        }.joined()
    }

    /// The parts that differ, with so many lines around them.
    private func hunks(_ context: Int) -> [[Part]] {
        var hunks: [[Part]] = []
        var hunk: [Part] = []
        let parts = parts
        for (index, part) in parts.enumerated() {
            guard part.isSame else {
                hunk.append(part)
                continue
            }
            let count = part.old.count
            let isLast = index == parts.count - 1
            if !hunk.isEmpty, !isLast, count <= 2 * context {
                hunk.append(part)
                continue
            }
            if !hunk.isEmpty {
                hunks.append(hunk + [part.first(min(context, count))])
                hunk = []
            }
            if !isLast { hunk = [part.last(min(context, count))] }
        }
        if hunk.contains(where: { !$0.isSame }) { hunks.append(hunk) }
        return hunks
    }

    private var parts: [Part] {
        var parts: [Part] = []
        var (left, right) = (0, 0)
        for run in runs + [Run(old: old.count, new: new.count, count: 0)] {
            if left < run.old || right < run.new {
                parts.append(Part(old: left..<run.old, new: right..<run.new, isSame: false))
            }
            (left, right) = (run.old + run.count, run.new + run.count)
            if run.count > 0 { parts.append(Part(old: run.old..<left, new: run.new..<right, isSame: true)) }
        }
        return parts
    }

    /// All runs in order, neighbours as one.
    private var runs: [Run] {
        var found: [Run] = []
        var open = [(0..<old.count, 0..<new.count)]
        while let (left, right) = open.popLast() {
            let run = longest(left, right)
            guard run.count > 0 else { continue }
            found.append(run)
            open.append((left.lowerBound..<run.old, right.lowerBound..<run.new))
            open.append((run.old + run.count..<left.upperBound, run.new + run.count..<right.upperBound))
        }
        return found.sorted { $0.old < $1.old }.reduce(into: []) { joined, run in
            if let last = joined.last, last.old + last.count == run.old, last.new + last.count == run.new {
                joined[joined.count - 1].count += run.count
            } else {
                joined.append(run)
            }
        }
    }

    private func longest(_ left: Range<Int>, _ right: Range<Int>) -> Run {
        var best = Run(old: left.lowerBound, new: right.lowerBound, count: 0)
        var lengths: [Int: Int] = [:]
        for index in left {
            var next: [Int: Int] = [:]
            for place in places[old[index]] ?? [] where right.contains(place) {
                let length = (lengths[place - 1] ?? 0) + 1
                next[place] = length
                if length > best.count { best = Run(old: index - length + 1, new: place - length + 1, count: length) }
            }
            lengths = next
        }
        return grown(best, left, right)
    }

    /// A run goes on through lines that could not begin one.
    private func grown(_ run: Run, _ left: Range<Int>, _ right: Range<Int>) -> Run {
        var run = run
        while run.old > left.lowerBound, run.new > right.lowerBound, old[run.old - 1] == new[run.new - 1] {
            run = Run(old: run.old - 1, new: run.new - 1, count: run.count + 1)
        }
        while run.old + run.count < left.upperBound, run.new + run.count < right.upperBound,
            old[run.old + run.count] == new[run.new + run.count]
        {
            run.count += 1
        }
        return run
    }
}

extension LineDiff.Part {
    fileprivate func first(_ count: Int) -> Self {
        Self(
            old: old.lowerBound..<old.lowerBound + count, new: new.lowerBound..<new.lowerBound + count, isSame: isSame)
    }

    fileprivate func last(_ count: Int) -> Self {
        Self(
            old: old.upperBound - count..<old.upperBound, new: new.upperBound - count..<new.upperBound, isSame: isSame)
    }
}
