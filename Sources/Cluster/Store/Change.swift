/// What a writer asks for. Each is a compare-and-swap: it holds only if the key is as the writer believes.
public struct Change: Sendable {
    /// The three ways to change a key.
    public enum Action: Sendable {
        /// Puts bytes where nothing stands.
        case create([UInt8])
        /// Replaces the record of just this revision.
        case update([UInt8], expecting: Revision)
        /// Removes the record of just this revision.
        case delete(expecting: Revision)
    }

    public let key: Key
    public let action: Action
    /// When the record shall go away by itself, in seconds since 1970; nil for never.
    public let expiry: Int64?

    public init(_ key: Key, _ action: Action, expiry: Int64? = nil) {
        self.key = key
        self.action = action
        self.expiry = expiry
    }

    /// The record that stands after this change, where the one that stands now allows it.
    func outcome(over current: Record?, at revision: Revision) -> Result<Record?, StoreFailure> {
        switch (action, current) {
        case (.create(let bytes), nil):
            .success(Record(key: key, revision: revision, bytes: bytes, expiry: expiry))
        case (.create, let standing?):
            .failure(.exists(standing))
        case (.update, nil), (.delete, nil):
            .failure(.missing)
        case (.update(let bytes, let expected), let standing?):
            standing.revision == expected
                ? .success(Record(key: key, revision: revision, bytes: bytes, expiry: expiry))
                : .failure(.conflict(standing))
        case (.delete(let expected), let standing?):
            standing.revision == expected ? .success(nil) : .failure(.conflict(standing))
        }
    }
}

/// Why the store did not do what it was asked.
public enum StoreFailure: Error, Sendable {
    /// A create found this record under its key.
    case exists(Record)
    /// An update or delete found nothing under its key.
    case missing
    /// An update or delete expected another revision than this record's.
    case conflict(Record)
    /// The revision asked for lies before the oldest kept, which is given.
    case compacted(oldest: Revision)
    /// The revision asked for has not been reached; the present one is given.
    case future(present: Revision)
    /// The file is not a store, or its content is not what was written.
    case corrupt(path: String, reason: String)
    /// The file is held by another process.
    case locked(path: String)
    /// The change could not be made durable: disk full, no permission, input or output error.
    case unwritable(path: String, reason: String)
    /// The store has been closed.
    case closed
}

extension StoreFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exists(let record): "key \(record.key) exists at revision \(record.revision)"
        case .missing: "no such key"
        case .conflict(let record): "key \(record.key) stands at revision \(record.revision)"
        case .compacted(let oldest): "the revision has been compacted; the oldest kept is \(oldest)"
        case .future(let present): "the revision lies ahead of the present one, \(present)"
        case .corrupt(let path, let reason):
            "store \(path) is corrupt: \(reason); restore it from a snapshot or start with an empty data folder"
        case .locked(let path): "store \(path) is in use by another process"
        case .unwritable(let path, let reason): "store \(path) cannot be written: \(reason)"
        case .closed: "the store is closed"
        }
    }
}
