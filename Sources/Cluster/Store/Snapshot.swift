/// The content of a store at one revision, which later changes leave alone.
public struct Snapshot: Sendable {
    /// The revision that this content was current at.
    public let revision: Revision
    let index: SortedIndex

    /// The record under the key.
    public func record(_ key: Key) -> Record? { index[key] }

    /// Calls `body` with each record below `prefix`, in order of keys, until it returns false.
    ///
    /// - Parameter after: the key to go on after; records up to and with it are left out.
    public func forEach(in prefix: Key, after: Key? = nil, _ body: (Record) throws -> Bool) rethrows {
        // The smallest key after any other is that key with a zero byte.
        let start = after.map { Key($0.path + "\0") } ?? prefix
        try index.forEach(from: max(start, prefix), to: prefix.end, body)
    }

    /// How many records stand below `prefix`, after the key `after` where it is given.
    public func count(in prefix: Key, after: Key? = nil) -> Int {
        let start = after.map { Key($0.path + "\0") } ?? prefix
        return index.count(from: max(start, prefix), to: prefix.end)
    }
}
