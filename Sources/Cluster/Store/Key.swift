/// The name of a record: path-like text such as `apps/deployments/default/web`, ordered by its UTF-8 bytes.
///
/// Swift's own order of strings is by Unicode scalars of the normal form; a store needs the order of bytes.
public struct Key: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The text of the key.
    public let path: String

    /// The key of that text.
    public init(_ path: String) { self.path = path }

    public init(stringLiteral value: String) { path = value }

    public var description: String { path }

    /// Whether the key lies below that prefix, which is a whole number of path segments.
    public func hasPrefix(_ prefix: Key) -> Bool { path.utf8.starts(with: prefix.path.utf8) }
}

extension Key: Comparable {
    public static func < (left: Key, right: Key) -> Bool { left.compare(right) < 0 }

    public static func == (left: Key, right: Key) -> Bool { left.compare(right) == 0 }

    /// Negative, zero or positive as the bytes of this key come before, equal or come after the other's.
    @inline(__always)
    func compare(_ other: Key) -> Int {
        // Native strings hand out their storage without a copy; `withUTF8` has to be mutating for the others.
        var mine = path
        var theirs = other.path
        return mine.withUTF8 { left in
            theirs.withUTF8 { right in
                let order = memcmp(left.baseAddress ?? empty, right.baseAddress ?? empty, min(left.count, right.count))
                return order != 0 ? Int(order) : left.count - right.count
            }
        }
    }

    private var empty: UnsafePointer<UInt8> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }
}

extension Key {
    /// The smallest key that is greater than every key below this prefix; nil where there is none.
    var end: Key? {
        var bytes = Array(path.utf8)
        guard let last = bytes.popLast() else { return nil }
        // Prefixes end in ASCII, so that the next byte is text as well.
        bytes.append(last + 1)
        return Key(String(decoding: bytes, as: UTF8.self))
    }
}

import Glibc
