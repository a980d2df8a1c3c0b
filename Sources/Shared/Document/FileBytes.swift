/// The bytes of a file: its own, or a part of a longer run that it shares with others, as files of one archive do.
///
/// Most files of a chart are never looked at while it is rendered, and new memory takes longer to be had than to be filled.
public struct FileBytes: Sendable {
    /// Memory in which files stand side by side, given back with the last of them.
    ///
    /// Unchecked, for nobody writes to it any more: whoever made it gave it away.
    public final class Run: @unchecked Sendable {
        fileprivate let memory: UnsafeMutableRawBufferPointer

        /// Takes over memory that was allocated, and is not going to be changed.
        public init(owning memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

        deinit { memory.deallocate() }

        /// Calls `body` with all bytes; they stay where they are as long as the run is kept.
        public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            body(UnsafeRawBufferPointer(memory))
        }

        /// What stands where these bytes do; nil where they are none of the run's.
        public func part(at bytes: UnsafeRawBufferPointer) -> FileBytes? {
            guard let first = memory.baseAddress, let start = bytes.baseAddress else { return nil }
            let offset = start - UnsafeRawPointer(first)
            guard offset >= 0, offset <= memory.count - bytes.count else { return nil }
            return FileBytes(offset..<(offset + bytes.count), of: self)
        }
    }

    private enum Storage: Sendable {
        case own([UInt8])
        case part(Run, start: Int, count: Int)
    }

    private let storage: Storage

    /// Bytes of a file's own.
    public init(_ bytes: [UInt8]) { storage = .own(bytes) }

    /// A part of a run.
    ///
    /// - Parameter range: offsets in the run, in bytes; what lies outside of it is left out.
    public init(_ range: Range<Int>, of run: Run) {
        let range = range.clamped(to: 0..<run.memory.count)
        storage = .part(run, start: range.lowerBound, count: range.count)
    }

    /// How many bytes there are.
    public var count: Int {
        switch storage {
        case .own(let bytes): bytes.count
        case .part(_, _, let count): count
        }
    }

    /// The bytes; a copy at each call where they are part of a run.
    public var bytes: [UInt8] {
        switch storage {
        case .own(let bytes): bytes
        case .part: withBytes { Array($0) }
        }
    }

    /// Calls `body` with the bytes where they lie.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch storage {
        case .own(let bytes): bytes.withUnsafeBytes(body)
        case .part(let run, let start, let count):
            body(UnsafeRawBufferPointer(rebasing: run.memory[start..<(start + count)]))
        }
    }

    /// The same without the first bytes.
    public func dropFirst(_ first: Int) -> FileBytes {
        switch storage {
        case .own(let bytes): FileBytes(Array(bytes.dropFirst(first)))
        case .part(let run, let start, let count):
            FileBytes(min(start + first, start + count)..<(start + count), of: run)
        }
    }
}

extension FileBytes: Hashable {
    public static func == (left: FileBytes, right: FileBytes) -> Bool {
        left.withBytes { left in right.withBytes { right in left.elementsEqual(right) } }
    }

    public func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }
}
