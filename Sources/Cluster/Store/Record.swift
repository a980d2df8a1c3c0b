public import Synchronization

/// A point in the store's history. Each change gets the next greater number, and none is given twice.
public typealias Revision = Int64

/// What stands under a key: bytes, and the revision of the change that put them there.
public struct Record: Sendable {
    public let key: Key
    /// The revision of the last change to this key.
    public let revision: Revision
    public let bytes: [UInt8]
    /// When the record goes away by itself, in seconds since 1970; nil for never.
    public let expiry: Int64?

    public init(key: Key, revision: Revision, bytes: [UInt8], expiry: Int64? = nil) {
        self.key = key
        self.revision = revision
        self.bytes = bytes
        self.expiry = expiry
    }
}

/// One change of one key, as watchers learn it.
///
/// All watchers get the same object: `shared` is where the layer above keeps what it made of the bytes once for all.
public final class Event: Sendable {
    public let key: Key
    public let revision: Revision
    /// What stands under the key now; nil where it was deleted.
    public let record: Record?
    /// What stood there before; nil where the key is new.
    public let previous: Record?
    /// Whatever the layer above made of this event, for its other watchers. The store never looks at it.
    public let shared = Mutex<(any Sendable)?>(nil)

    init(key: Key, revision: Revision, record: Record?, previous: Record?) {
        self.key = key
        self.revision = revision
        self.record = record
        self.previous = previous
    }

    /// The memory that history pays for keeping this event, in bytes: the previous bytes are an older event's own.
    var cost: Int { (record?.bytes.count ?? 0) + (previous?.bytes.count ?? 0) / 2 + 160 }
}
