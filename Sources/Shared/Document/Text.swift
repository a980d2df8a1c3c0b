/// A run of bytes, usually UTF-8, that is compared, sorted, hashed and counted by byte, as Go's `string` is.
///
/// Swift's `String` is wrong for Kubernetes and Helm: "é" equals "e\u{301}" there, "\r\n" is one character, and invalid
/// UTF-8 is repaired on the way in. A `Text` keeps what it was given. Valid UTF-8, the common case, is held in a
/// `String` for its small-string form; nothing but its bytes is ever looked at.
public struct Text: Sendable {
    @usableFromInline
    enum Storage: Sendable {
        case utf8(String)
        /// Never valid UTF-8, so that equal texts have equal storage.
        case invalid([UInt8])
    }

    @usableFromInline let storage: Storage

    /// The text that has the UTF-8 bytes of `string`.
    @inlinable
    public init(_ string: String) { storage = .utf8(string) }

    /// The text that has the UTF-8 bytes of `substring`.
    @inlinable
    public init(_ substring: Substring) { storage = .utf8(String(substring)) }

    /// The text that has these bytes, valid UTF-8 or not.
    @inlinable
    public init(bytes: some Sequence<UInt8>) {
        self =
            bytes.withContiguousStorageIfAvailable { Text(bytes: $0) }
            ?? Array(bytes).withUnsafeBufferPointer { Text(bytes: $0) }
    }

    /// The text that has these bytes, valid UTF-8 or not.
    public init(bytes: UnsafeBufferPointer<UInt8>) {
        // Decoding repairs what is invalid, so that equal bytes mean there was nothing to repair; the standard
        // library's own check for validity is generic and several times slower.
        var string = String(decoding: bytes, as: UTF8.self)
        let isValid = string.withUTF8 { $0.elementsEqual(bytes: bytes) }
        storage = isValid ? .utf8(string) : .invalid(Array(bytes))
    }

    /// The text that has the bytes of a file, valid UTF-8 or not.
    public init(_ contents: FileBytes) {
        self = contents.withBytes { Text(bytes: $0.assumingMemoryBound(to: UInt8.self)) }
    }

    /// The number of bytes.
    @inlinable
    public var count: Int {
        switch storage {
        case .utf8(let string): string.utf8.count
        case .invalid(let bytes): bytes.count
        }
    }

    /// Whether there is no byte.
    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// Whether the bytes are valid UTF-8.
    public var isValidUTF8: Bool {
        if case .utf8 = storage { true } else { false }
    }

    /// The text as a `String`; each invalid byte is U+FFFD, as Go prints it.
    public var string: String {
        switch storage {
        case .utf8(let string): string
        case .invalid(let bytes): Text.repaired(bytes)
        }
    }

    /// The bytes, copied.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// Calls `body` with the bytes, without copying where they are contiguous already.
    @inlinable
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch storage {
        case .utf8(let string):
            // Native strings are contiguous, and so are all but those of Objective-C.
            var outcome: Swift.Result<Result, Failure>?
            string.utf8.withContiguousStorageIfAvailable { bytes in
                do throws(Failure) { outcome = .success(try body(bytes)) } catch { outcome = .failure(error) }
            }
            return try outcome.unsafelyUnwrapped.get()
        case .invalid(let bytes):
            var outcome: Swift.Result<Result, Failure>?
            bytes.withUnsafeBufferPointer { bytes in
                do throws(Failure) { outcome = .success(try body(bytes)) } catch { outcome = .failure(error) }
            }
            return try outcome.unsafelyUnwrapped.get()
        }
    }

    /// Go's `[]rune(s)` rule: every byte that starts no valid sequence becomes U+FFFD by itself.
    private static func repaired(_ bytes: [UInt8]) -> String {
        var result = ""
        var index = 0
        while index < bytes.count {
            let (scalar, width) = UTF8Decoding.decode(bytes, at: index)
            result.unicodeScalars.append(scalar ?? "\u{FFFD}")
            index += width
        }
        return result
    }
}

extension Text: Equatable {
    @inlinable
    public static func == (left: Text, right: Text) -> Bool {
        guard left.count == right.count else { return false }
        return left.withBytes { a in right.withBytes { b in a.elementsEqual(bytes: b) } }
    }
}

extension Text: Hashable {
    @inlinable
    public func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Text: Comparable {
    @inlinable
    public static func < (left: Text, right: Text) -> Bool { left.compare(right) < 0 }

    /// Negative, zero or positive as the bytes of `self` sort before, with or after those of `other`.
    @inlinable
    public func compare(_ other: Text) -> Int {
        withBytes { a in other.withBytes { b in a.compare(bytes: b) } }
    }
}

extension Text: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    @inlinable
    public init(stringLiteral value: String) { self.init(value) }
}

extension Text: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { string }
    public var debugDescription: String { string.debugDescription }
}

extension Text {
    /// The bytes of `left` followed by those of `right`.
    public static func + (left: Text, right: Text) -> Text {
        if case .utf8(let a) = left.storage, case .utf8(let b) = right.storage { return Text(a + b) }
        return Text(bytes: left.bytes + right.bytes)
    }

    /// Whether the text starts with the bytes of `prefix`.
    public func hasPrefix(_ prefix: Text) -> Bool {
        prefix.withBytes { p in withBytes { $0.count >= p.count && $0.starts(with: p) } }
    }

    /// Whether the text ends with the bytes of `suffix`.
    public func hasSuffix(_ suffix: Text) -> Bool {
        suffix.withBytes { s in withBytes { $0.count >= s.count && $0.suffix(s.count).elementsEqual(s) } }
    }
}
