import API

/// Why a packet is no question that can be answered.
enum DNSFault: Error {
    /// Too broken to be answered at all, or an answer itself.
    case drop
    /// Answered with this code.
    case refuse(id: UInt16, DNSCode)
}

/// Questions from the wire and answers onto it (RFC 1035, section 4).
enum DNSWire {
    /// Seconds that an answer may be remembered: short, for endpoints come and go.
    static let timeToLive: UInt32 = 5

    private static let headerSize = 12

    /// Reads a question.
    static func query(_ bytes: [UInt8]) throws(DNSFault) -> DNSQuery {
        guard bytes.count >= headerSize, bytes[2] & 0x80 == 0 else { throw .drop }
        let id = number(bytes, 0)
        guard bytes[2] & 0x78 == 0 else { throw .refuse(id: id, .notImplemented) }
        guard number(bytes, 4) == 1 else { throw .refuse(id: id, .formatError) }
        var index = headerSize
        guard let name = name(bytes, &index), index + 4 <= bytes.count else {
            throw .refuse(id: id, .formatError)
        }
        let type = number(bytes, index)
        index += 4
        let limit = ednsLimit(bytes, index)
        return DNSQuery(
            id: id, name: name, type: type, question: Array(bytes[headerSize..<index]),
            wantsRecursion: bytes[2] & 1 == 1, datagramLimit: min(max(limit ?? 512, 512), 4096),
            hasEDNS: limit != nil)
    }

    /// The bytes of an answer; cut to the question alone, and marked so, where it is longer than `limit`.
    static func reply(_ query: DNSQuery, _ answer: DNSAnswer, limit: Int) -> [UInt8] {
        let whole = packet(query, answer, isTruncated: false)
        guard whole.count > limit else { return whole }
        return packet(query, DNSAnswer(code: answer.code), isTruncated: true)
    }

    /// The bytes that say no to a packet whose question could not be read.
    static func refusal(id: UInt16, _ code: DNSCode) -> [UInt8] {
        [UInt8(id >> 8), UInt8(id & 0xFF), 0x80, code.rawValue, 0, 0, 0, 0, 0, 0, 0, 0]
    }

    private static func packet(_ query: DNSQuery, _ answer: DNSAnswer, isTruncated: Bool) -> [UInt8] {
        let additional = answer.additional.count + (query.hasEDNS ? 1 : 0)
        var bytes: [UInt8] = []
        put(query.id, &bytes)
        bytes.append(0x84 | (isTruncated ? 2 : 0) | (query.wantsRecursion ? 1 : 0))
        bytes.append(0x80 | answer.code.rawValue)
        for count in [1, answer.records.count, answer.authority.count, additional] { put(UInt16(count), &bytes) }
        bytes += query.question
        for record in answer.records + answer.authority + answer.additional { put(record, query, &bytes) }
        // An OPT record says how long datagrams may be (RFC 6891, section 6.1.2).
        if query.hasEDNS { bytes += [0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0] }
        return bytes
    }

    private static func put(_ value: UInt16, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(value >> 8))
        bytes.append(UInt8(value & 0xFF))
    }

    private static func put(_ record: DNSRecord, _ query: DNSQuery, _ bytes: inout [UInt8]) {
        // The question's name, which is what most records are about, stands at offset 12.
        if record.name == query.name { bytes += [0xC0, 12] } else { put(record.name, &bytes) }
        put(record.data.type, &bytes)
        put(1, &bytes)
        put(UInt16(timeToLive >> 16), &bytes)
        put(UInt16(timeToLive & 0xFFFF), &bytes)
        var data: [UInt8] = []
        put(record.data, &data)
        put(UInt16(data.count), &bytes)
        bytes += data
    }

    private static func put(_ name: DNSName, _ bytes: inout [UInt8]) {
        for label in name.labels {
            bytes.append(UInt8(label.utf8.count))
            bytes += label.utf8
        }
        bytes.append(0)
    }

    private static func put(_ data: DNSData, _ bytes: inout [UInt8]) {
        switch data {
        case .a(let address): bytes += address.octets
        case .cname(let name), .ptr(let name): put(name, &bytes)
        case .srv(let port, let target):
            for value in [0, 100, port] { put(value, &bytes) }
            put(target, &bytes)
        case .txt(let text):
            bytes.append(UInt8(min(text.utf8.count, 255)))
            bytes += text.utf8.prefix(255)
        case .soa(let zone):
            put(DNSName(labels: ["ns", "dns"] + zone.labels), &bytes)
            put(DNSName(labels: ["hostmaster"] + zone.labels), &bytes)
            for value: UInt32 in [1, 7200, 1800, 86400, timeToLive] {
                put(UInt16(value >> 16), &bytes)
                put(UInt16(value & 0xFFFF), &bytes)
            }
        }
    }

    private static func number(_ bytes: [UInt8], _ index: Int) -> UInt16 {
        UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }

    /// Reads a name without compression, which questions do not need, and moves behind it.
    private static func name(_ bytes: [UInt8], _ index: inout Int) -> DNSName? {
        var labels: [String] = []
        var length = 0
        while index < bytes.count {
            let count = Int(bytes[index])
            index += 1
            if count == 0 { return DNSName(labels: labels) }
            length += count + 1
            guard count < 64, length <= 255, index + count <= bytes.count else { return nil }
            labels.append(String(decoding: bytes[index..<(index + count)], as: UTF8.self).lowercased())
            index += count
        }
        return nil
    }

    /// How many bytes the client takes by its OPT record, if the first additional record is one.
    private static func ednsLimit(_ bytes: [UInt8], _ index: Int) -> Int? {
        guard number(bytes, 6) == 0, number(bytes, 8) == 0, number(bytes, 10) > 0, index + 11 <= bytes.count,
            bytes[index] == 0, number(bytes, index + 1) == DNSType.opt
        else { return nil }
        return Int(number(bytes, index + 3))
    }
}
