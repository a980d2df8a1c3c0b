/// The members of a JSON object or YAML mapping, sorted by the bytes of their keys, each key once.
public struct Object: Sendable, Hashable {
    /// A key and what stands under it.
    public struct Member: Sendable, Hashable {
        public let key: Text
        public var value: Value

        @inlinable
        public init(key: Text, value: Value) {
            self.key = key
            self.value = value
        }
    }

    @usableFromInline var members: [Member]

    /// An object without members.
    @inlinable
    public init() { members = [] }

    /// The members in any order; of a key that comes twice the last one counts, as in Go's encoding/json.
    @inlinable
    public init(_ pairs: some Sequence<(Text, Value)>) {
        self.init(unsorted: pairs.map { Member(key: $0.0, value: $0.1) })
    }

    /// The members in any order; of a key that comes twice the last one counts.
    public init(unsorted members: [Member]) {
        self.members = members
        guard !isStrictlySorted else { return }
        sortMembers()
        var kept = 0
        for index in self.members.indices {
            if kept > 0, self.members[kept - 1].key == self.members[index].key { kept -= 1 }
            if kept != index { self.members[kept] = self.members[index] }
            kept += 1
        }
        self.members.removeLast(self.members.count - kept)
    }

    /// The members as they stand.
    ///
    /// - Parameter members: sorted by the bytes of their keys, each key once.
    public init(sorted members: [Member]) {
        self.members = members
        assert(isStrictlySorted, "the members of an object are sorted")
    }

    /// The members of a Go struct in the order of their declaration, each key once, for a tree that is only written: keys
    /// are not found in it.
    public init(declared members: [Member]) { self.members = members }

    /// Sorts by key, equal keys in order of appearance.
    private mutating func sortMembers() {
        // Swift's sort is stable, but copies and compares much; most objects are a handful of members.
        guard members.count <= 64 else { return members.sort { $0.key < $1.key } }
        members.withUnsafeMutableBufferPointer { members in
            guard let base = members.baseAddress else { return }
            for index in members.indices.dropFirst() where members[index].key < members[index - 1].key {
                let place = Object.upperBound(of: members[index].key, in: members[..<(index - 1)])
                let moved = (base + index).move()
                (base + place + 1).moveInitialize(from: base + place, count: index - place)
                (base + place).initialize(to: moved)
            }
        }
    }

    /// Where the first member with a greater key stands.
    private static func upperBound(of key: Text, in members: Slice<UnsafeMutableBufferPointer<Member>>) -> Int {
        var (low, high) = (members.startIndex, members.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if key < members[middle].key { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Whether the members stand in the order of their keys, and not in that of a struct.
    var isStrictlySorted: Bool {
        for index in members.indices.dropFirst() where !(members[index - 1].key < members[index].key) { return false }
        return true
    }

    /// The value under that key; setting nil removes it.
    @inlinable
    public subscript(key: Text) -> Value? {
        get {
            let (index, found) = position(of: key)
            return found ? members[index].value : nil
        }
        set {
            let (index, found) = position(of: key)
            switch (newValue, found) {
            case (let value?, true): members[index].value = value
            case (let value?, false): members.insert(Member(key: key, value: value), at: index)
            case (nil, true): members.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Takes the value under that key out of the object.
    @inlinable
    @discardableResult
    public mutating func removeValue(forKey key: Text) -> Value? {
        let (index, found) = position(of: key)
        return found ? members.remove(at: index).value : nil
    }

    /// The keys, sorted by byte.
    @inlinable
    public var keys: some RandomAccessCollection<Text> { members.lazy.map(\.key) }

    /// The values in the order of their keys.
    @inlinable
    public var values: some RandomAccessCollection<Value> { members.lazy.map(\.value) }

    /// Where the key stands, or would be inserted.
    @inlinable
    public func position(of key: Text) -> (index: Int, found: Bool) {
        key.withBytes { wanted in
            var low = 0
            var high = members.count
            while low < high {
                let middle = (low + high) / 2
                let order = members[middle].key.withBytes { $0.compare(bytes: wanted) }
                if order == 0 { return (middle, true) }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return (low, false)
        }
    }

    /// The object with each value replaced by what `transform` makes of it.
    @inlinable
    public func mapValues<Failure: Error>(_ transform: (Value) throws(Failure) -> Value) throws(Failure) -> Object {
        var result = self
        for index in result.members.indices { result.members[index].value = try transform(members[index].value) }
        return result
    }
}

extension Object: RandomAccessCollection, MutableCollection {
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { members.count }
    @inlinable public subscript(position: Int) -> Member {
        get { members[position] }
        set {
            // A new key could break the order; only the value may change in place.
            precondition(newValue.key == members[position].key, "the key of a member cannot change in place")
            members[position].value = newValue.value
        }
    }
}

extension Object: ExpressibleByDictionaryLiteral {
    @inlinable public init(dictionaryLiteral elements: (Text, Value)...) { self.init(elements) }
}
