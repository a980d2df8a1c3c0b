public import Document

/// A Go map with string keys, held by reference and sorted by key, for everything that walks it is sorted.
public final class GoMap {
    /// The named type of the map or of its values, which `typeOf`, `%T` and error texts show.
    public enum Kind: Sendable {
        /// `map[string]interface {}`
        case any
        /// `map[string]string`
        case string
        /// `common.Values`, Helm's name for the map of values, which has methods.
        case values
        /// `map[string][]uint8`, which `.Files` is underneath.
        case bytes
    }

    /// A key and what stands under it.
    public struct Entry {
        public let key: Text
        public var value: GoValue
        /// The key's first bytes, by which nearly all keys are told apart without a look at their texts.
        fileprivate let head: UInt64

        init(key: Text, value: GoValue) {
            self.key = key
            self.value = value
            head = Entry.head(of: key)
        }

        /// The first eight bytes as a number that sorts as they do, zeros behind a shorter text.
        fileprivate static func head(of text: Text) -> UInt64 {
            text.withBytes { bytes in
                var head: UInt64 = 0
                withUnsafeMutableBytes(of: &head) {
                    $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes).prefix(8)))
                }
                return UInt64(bigEndian: head)
            }
        }
    }

    /// What maps of different named types share when they are the same map.
    private final class Storage {
        var entries: [Entry]
        init(_ entries: [Entry]) { self.entries = entries }
    }

    private let storage: Storage
    public let kind: Kind
    /// A nil map, which JSON writes as `null`.
    public let isNil: Bool

    /// The pairs, sorted by key.
    public var entries: [Entry] { storage.entries }

    /// An empty map.
    public init(kind: Kind = .any, isNil: Bool = false) {
        storage = Storage([])
        self.kind = kind
        self.isNil = isNil
    }

    private init(_ storage: Storage, _ kind: Kind) {
        self.storage = storage
        self.kind = kind
        isNil = false
    }

    /// The same map under the type `common.Values`: what changes in one is seen in the other.
    public var asValues: GoMap { GoMap(storage, .values) }

    /// The same map under the type `map[string]interface {}`, which a parameter of that type gives it.
    var asPlain: GoMap { GoMap(storage, .any) }

    /// The map of these pairs, of which the keys are sorted and each there once.
    init(sorted entries: [Entry], kind: Kind = .any) {
        storage = Storage(entries)
        self.kind = kind
        isNil = false
    }

    /// The map of these pairs in any order; of equal keys the last one counts.
    public convenience init(pairs: some Sequence<(Text, GoValue)>, kind: Kind = .any) {
        self.init(kind: kind)
        for (key, value) in pairs { self[key] = value }
    }

    /// The map of these pairs.
    public convenience init(_ pairs: [(Text, GoValue)], kind: Kind = .any) {
        self.init(kind: kind)
        for (key, value) in pairs { self[key] = value }
    }

    /// The number of entries.
    public var count: Int { storage.entries.count }

    /// The value under that key; setting nil removes it.
    public subscript(key: Text) -> GoValue? {
        get {
            let (index, found) = position(of: key)
            return found ? storage.entries[index].value : nil
        }
        set {
            let (index, found) = position(of: key)
            switch (newValue, found) {
            case (let value?, true): storage.entries[index].value = value
            case (let value?, false): storage.entries.insert(Entry(key: key, value: value), at: index)
            case (nil, true): storage.entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// The same entries in a new map (not in new maps below).
    public func copy(kind: Kind? = nil) -> GoMap { GoMap(sorted: entries, kind: kind ?? self.kind) }

    private func position(of key: Text) -> (index: Int, found: Bool) {
        let head = Entry.head(of: key)
        return storage.entries.withUnsafeBufferPointer { entries in
            var low = 0
            var high = entries.count
            while low < high {
                let middle = (low + high) / 2
                let other = entries[middle].head
                let order = other == head ? entries[middle].key.compare(key) : other < head ? -1 : 1
                if order == 0 { return (middle, true) }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return (low, false)
        }
    }
}
