/// Records in the order of their keys: a list of short sorted runs, which copies share until one of them changes.
///
/// A change moves at most a run, and copies one run and the list of runs where a snapshot still holds them. Look-ups are
/// two binary searches. A B-tree would save nothing below millions of records.
struct SortedIndex: Sendable {
    static let longestRun = 256

    /// No run is empty.
    private(set) var runs: [[Record]] = []
    private(set) var count = 0

    subscript(key: Key) -> Record? {
        guard let run = run(for: key) else { return nil }
        let (index, found) = SortedIndex.search(runs[run], key)
        return found ? runs[run][index] : nil
    }

    /// Puts the record under its key, and returns the one that stood there.
    @discardableResult
    mutating func insert(_ record: Record) -> Record? {
        guard let run = run(for: record.key) else {
            runs.append([record])
            count += 1
            return nil
        }
        let (index, found) = SortedIndex.search(runs[run], record.key)
        if found {
            let old = runs[run][index]
            runs[run][index] = record
            return old
        }
        runs[run].insert(record, at: index)
        count += 1
        if runs[run].count > SortedIndex.longestRun { split(run) }
        return nil
    }

    /// Takes the record out, and returns it.
    @discardableResult
    mutating func remove(_ key: Key) -> Record? {
        guard let run = run(for: key) else { return nil }
        let (index, found) = SortedIndex.search(runs[run], key)
        guard found else { return nil }
        count -= 1
        let old = runs[run].remove(at: index)
        if runs[run].isEmpty { runs.remove(at: run) }
        return old
    }

    private mutating func split(_ run: Int) {
        // Keys that arrive in order fill their runs instead of leaving each half empty.
        let isLast = run == runs.count - 1
        let middle = isLast ? runs[run].count * 7 / 8 : runs[run].count / 2
        let upper = Array(runs[run][middle...])
        runs[run].removeSubrange(middle...)
        runs.insert(upper, at: run + 1)
    }

    /// The run that holds the key, or would: the last whose first key is not greater, else the first.
    private func run(for key: Key) -> Int? {
        guard !runs.isEmpty else { return nil }
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if key.compare(runs[middle][0].key) < 0 { high = middle } else { low = middle + 1 }
        }
        return max(low - 1, 0)
    }

    private static func search(_ run: [Record], _ key: Key) -> (index: Int, found: Bool) {
        var low = 0
        var high = run.count
        while low < high {
            let middle = (low + high) / 2
            let order = run[middle].key.compare(key)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    /// Where the first record that is not before `key` stands.
    func position(of key: Key) -> Position {
        guard let run = run(for: key) else { return Position(run: 0, index: 0) }
        return normal(Position(run: run, index: SortedIndex.search(runs[run], key).index))
    }

    /// The place of a record; the end is the run after the last.
    struct Position: Sendable {
        var run: Int
        var index: Int
    }

    private func normal(_ position: Position) -> Position {
        position.run < runs.count && position.index == runs[position.run].count
            ? Position(run: position.run + 1, index: 0) : position
    }

    /// Calls `body` with each record from `start` to before `end` until it returns false.
    func forEach(from start: Key, to end: Key?, _ body: (Record) throws -> Bool) rethrows {
        var place = position(of: start)
        while place.run < runs.count {
            for record in runs[place.run][place.index...] {
                if let end, record.key >= end { return }
                guard try body(record) else { return }
            }
            place = Position(run: place.run + 1, index: 0)
        }
    }

    /// How many records stand from `start` to before `end`, by adding whole runs.
    func count(from start: Key, to end: Key?) -> Int {
        let first = position(of: start)
        let last = end.map(position(of:)) ?? Position(run: runs.count, index: 0)
        guard first.run <= last.run else { return 0 }
        let whole = runs[first.run..<last.run].reduce(0) { $0 + $1.count }
        return whole - first.index + last.index
    }
}
