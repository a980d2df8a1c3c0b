/// Values by text, in the order in which they came.
///
/// What a `Dictionary` does, for the paths where a process starts: at the first use of each kind of dictionary the runtime
/// asks whether its keys are hashable, which takes a search through all conformances of the program. All of it can be
/// inlined, for what is generic and is not made for its type before would be looked up at run time again.
public struct TextTable<Value> {
    /// A key and what stands under it.
    public struct Entry {
        public let key: Text
        public var value: Value
        @usableFromInline let hash: Int

        @inlinable
        init(key: Text, value: Value, hash: Int) {
            self.key = key
            self.value = value
            self.hash = hash
        }
    }

    @usableFromInline var held: [Entry] = []
    /// An open hash table of a power of two: where an entry stands, counted from one; half of the places are free.
    @usableFromInline var places: [Int32] = []

    /// A table without entries.
    @inlinable
    public init() {}

    /// All entries, the one that came first in front.
    @inlinable public var entries: [Entry] { held }

    /// How many entries there are.
    @inlinable public var count: Int { held.count }

    /// Whether there is no entry.
    @inlinable public var isEmpty: Bool { held.isEmpty }

    /// The value under that key; nil where there is none.
    @inlinable
    public subscript(key: Text) -> Value? {
        guard !held.isEmpty, let index = index(of: key, hash(of: key)).index else { return nil }
        return held[index].value
    }

    /// Puts a value under a key, in the place of the one that stands there.
    @inlinable
    public mutating func set(_ key: Text, _ value: Value) {
        if 2 * held.count >= places.count { grow() }
        let hash = hash(of: key)
        let (index, place) = index(of: key, hash)
        if let index {
            held[index].value = value
        } else {
            held.append(Entry(key: key, value: value, hash: hash))
            places[place] = Int32(truncatingIfNeeded: held.count)
        }
    }

    /// Where the entry of a key stands, or which place is free for it.
    @inlinable
    func index(of key: Text, _ hash: Int) -> (index: Int?, place: Int) {
        var place = hash & (places.count - 1)
        while places[place] != 0 {
            let index = Int(places[place]) - 1
            if held[index].hash == hash, held[index].key == key { return (index, place) }
            place = (place + 1) & (places.count - 1)
        }
        return (nil, place)
    }

    @inlinable
    mutating func grow() {
        places = [Int32](repeating: 0, count: max(8, 2 * places.count))
        for index in 0..<held.count {
            var place = held[index].hash & (places.count - 1)
            while places[place] != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = Int32(truncatingIfNeeded: index + 1)
        }
    }

    /// Swift's own hash, which is another one in each process: nobody can choose names that fall together.
    @inlinable
    func hash(of key: Text) -> Int {
        var hasher = Hasher()
        key.hash(into: &hasher)
        return hasher.finalize()
    }
}

extension TextTable: Sendable where Value: Sendable {}
extension TextTable.Entry: Sendable where Value: Sendable {}
