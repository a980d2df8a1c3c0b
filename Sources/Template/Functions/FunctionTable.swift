import Document
import Glibc

/// The functions that a template may name.
struct FunctionTable: Sendable {
    private struct Entry {
        let name: Text
        let hash: UInt64
        var function: Function

        func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            name.withBytes { own in
                guard own.count == bytes.count, let a = own.baseAddress, let b = bytes.baseAddress else { return false }
                return memcmp(a, b, own.count) == 0
            }
        }
    }

    private var entries: ContiguousArray<Entry> = []
    /// An open hash table of where entries stand, -1 for none: each word of each template is looked up in it, straight
    /// from the template's bytes. The names are our own, so that nobody can choose them to fall together.
    private var places: ContiguousArray<Int16>

    /// The table of these families; of a name that comes twice the last one counts.
    init(_ families: [[Function]]) {
        let count = families.reduce(0) { $0 + $1.count }
        var capacity = 4
        while capacity < 2 * count { capacity *= 2 }
        places = ContiguousArray(repeating: -1, count: capacity)
        entries.reserveCapacity(count)
        for family in families { for function in family { add(function) } }
    }

    private mutating func add(_ function: Function) {
        let name = Text(function.name)
        let hash = name.withBytes(FunctionTable.hash)
        let free = name.withBytes { bytes in place(of: bytes, hash) }
        guard places[free] < 0 else {
            entries[Int(places[free])].function = function
            return
        }
        places[free] = Int16(entries.count)
        entries.append(Entry(name: name, hash: hash, function: function))
    }

    func function(named name: Text) -> Function? { name.withBytes { bytes in function(named: bytes) } }

    func function(named name: UnsafeBufferPointer<UInt8>) -> Function? {
        let index = places[place(of: name, FunctionTable.hash(name))]
        return index < 0 ? nil : entries[Int(index)].function
    }

    /// Where a name's place is noted, or would be: a free one always comes, for half of them are.
    private func place(of name: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[place] >= 0 {
            let entry = entries[Int(places[place])]
            if entry.hash == hash, entry.isNamed(name) { return place }
            place = (place + 1) & (places.count - 1)
        }
        return place
    }

    /// FNV-1a, its high bits folded over the low ones.
    private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ hash >> 32
    }

    /// The names, sorted.
    var names: [String] { entries.map(\.name.string).sorted() }

    /// All functions of Helm: Go's own, then Sprig's, then Helm's, as each shadows those before.
    static let helm = FunctionTable([
        Function.comparisons, Function.builtins, Function.printing, Function.strings, Function.cases,
        Function.lists, Function.mustLists, Function.dicts, Function.flow, Function.math, Function.paths,
        Function.urls, Function.codecs, Function.patterns, Function.versions,
        Function.dates, Function.digests, Function.randoms, Function.secrets,
        Function.certificates,
        Function.encodings, Function.engine,
    ])
}
