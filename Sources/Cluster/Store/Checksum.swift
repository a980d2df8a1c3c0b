/// A 64-bit checksum of a row: FNV-1a over eight bytes at a time, which finds what a disk or an editor has changed.
enum Checksum {
    static func of(_ key: UnsafeBufferPointer<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>, _ revision: Revision)
        -> Int64
    {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        mix(UInt64(bitPattern: revision), &sum)
        mix(key, &sum)
        mix(bytes, &sum)
        return Int64(bitPattern: sum)
    }

    static func of(_ record: Record) -> Int64 {
        var path = record.key.path
        return path.withUTF8 { key in
            record.bytes.withUnsafeBufferPointer { of(key, $0, record.revision) }
        }
    }

    /// A checksum over many records, in their order.
    struct Running: Sendable {
        private var sum: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ record: Record) {
            Checksum.mix(UInt64(bitPattern: Checksum.of(record)), &sum)
            Checksum.mix(UInt64(bitPattern: record.expiry ?? .min), &sum)
        }

        /// The checksum with what stands at the end.
        func value(_ count: UInt64, _ revision: Revision) -> UInt64 {
            var sum = sum
            Checksum.mix(count, &sum)
            Checksum.mix(UInt64(bitPattern: revision), &sum)
            return sum
        }
    }

    private static func mix(_ word: UInt64, _ sum: inout UInt64) {
        sum = (sum ^ word) &* 0x0000_0100_0000_01B3
        sum ^= sum >> 29
    }

    private static func mix(_ bytes: UnsafeBufferPointer<UInt8>, _ sum: inout UInt64) {
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset + 8 <= raw.count {
            mix(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self), &sum)
            offset += 8
        }
        while offset < raw.count {
            mix(UInt64(raw[offset]), &sum)
            offset += 1
        }
        mix(UInt64(raw.count), &sum)
    }
}
