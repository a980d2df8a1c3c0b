/// The contents of a TZif file (RFC 8536).
struct ZoneFile {
    var transitions: [(time: Int64, offset: Zone.Offset)] = []
    var first = Zone.Offset(seconds: 0, name: "UTC")
    var rule: ZoneRule?
    private let bytes: [UInt8]

    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.starts(with: "TZif".utf8), bytes.count >= 44, var counts = self.counts(at: 0) else { return nil }
        var start = 44
        var width = 4
        if bytes[4] >= UInt8(ascii: "2") {
            start += counts.size(width: 4)
            guard let second = self.counts(at: start) else { return nil }
            (counts, width) = (second, 8)
            start += 44
        }
        guard start + counts.size(width: width) <= bytes.count else { return nil }
        guard readTransitions(start, counts, width) else { return nil }
        if width == 8 { readRule(start + counts.size(width: 8)) }
    }

    private struct Counts {
        var utc, standard, leap, times, types, letters: Int

        func size(width: Int) -> Int { times * (width + 1) + types * 6 + letters + leap * (width + 4) + standard + utc }
    }

    private func counts(at start: Int) -> Counts? {
        guard start + 44 <= bytes.count else { return nil }
        let numbers = (0..<6).map { Int(integer(start + 20 + 4 * $0, 4)) }
        guard numbers.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
        return Counts(
            utc: numbers[0], standard: numbers[1], leap: numbers[2], times: numbers[3], types: numbers[4],
            letters: numbers[5])
    }

    private func integer(_ start: Int, _ width: Int) -> Int64 {
        var value: Int64 = width == 4 ? Int64(Int8(bitPattern: bytes[start])) : 0
        if width == 4 {
            for byte in bytes[(start + 1)..<(start + 4)] { value = value << 8 | Int64(byte) }
        } else {
            for byte in bytes[start..<(start + 8)] { value = value << 8 | Int64(byte) }
        }
        return value
    }

    private mutating func readTransitions(_ start: Int, _ counts: Counts, _ width: Int) -> Bool {
        let indices = start + counts.times * width
        let types = indices + counts.times
        let letters = types + counts.types * 6
        var offsets: [Zone.Offset] = []
        for type in 0..<counts.types {
            let place = types + type * 6
            let name = bytes[(letters + Int(bytes[place + 5]))..<(letters + counts.letters)].prefix { $0 != 0 }
            offsets.append(
                Zone.Offset(seconds: Int(integer(place, 4)), name: String(decoding: name, as: UTF8.self)))
        }
        guard let one = offsets.first else { return false }
        first = one
        for index in 0..<counts.times {
            let type = Int(bytes[indices + index])
            guard type < offsets.count else { return false }
            transitions.append((integer(start + index * width, width), offsets[type]))
        }
        return true
    }

    /// The footer: a rule between two newlines.
    private mutating func readRule(_ start: Int) {
        guard start < bytes.count, bytes[start] == 0x0A else { return }
        let text = bytes[(start + 1)...].prefix { $0 != 0x0A }
        rule = ZoneRule(String(decoding: text, as: UTF8.self))
    }
}
