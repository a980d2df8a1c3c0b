import API

/// A domain name as a list of labels, in lower case, without the root's empty one (RFC 1035, section 2.3).
struct DNSName: Sendable, Hashable, CustomStringConvertible {
    var labels: [String]

    init(labels: [String]) { self.labels = labels }

    /// Reads `a.b.c`, with or without a dot at its end.
    init(_ text: String) {
        labels = text.lowercased().split(separator: ".").map(String.init)
    }

    var description: String { labels.joined(separator: ".") + "." }

    /// Whether the name can be written at all: labels of 63 bytes and 255 bytes in all at most (RFC 1035, section 2.3.4).
    var fitsTheWire: Bool {
        labels.allSatisfy { (1...63).contains($0.utf8.count) }
            && labels.reduce(1) { $0 + $1.utf8.count + 1 } <= 255
    }

    /// The labels before those of `zone`; nil for a name outside of it.
    func prefix(within zone: DNSName) -> [String]? {
        guard labels.count >= zone.labels.count, labels.suffix(zone.labels.count).elementsEqual(zone.labels) else {
            return nil
        }
        return Array(labels.dropLast(zone.labels.count))
    }
}

/// What kind of record is asked for or answered (RFC 1035, section 3.2.2; RFC 2782; RFC 3596; RFC 6891).
enum DNSType {
    static let a: UInt16 = 1
    static let cname: UInt16 = 5
    static let soa: UInt16 = 6
    static let ptr: UInt16 = 12
    static let txt: UInt16 = 16
    static let aaaa: UInt16 = 28
    static let srv: UInt16 = 33
    static let opt: UInt16 = 41
    static let any: UInt16 = 255
}

/// How a question was answered (RFC 1035, section 4.1.1).
enum DNSCode: UInt8, Sendable {
    case noError = 0
    case formatError = 1
    case serverFailure = 2
    case nameError = 3
    case notImplemented = 4
    case refused = 5
}

/// What a record says.
enum DNSData: Sendable, Hashable {
    case a(IPv4Address)
    case cname(DNSName)
    case ptr(DNSName)
    case srv(port: UInt16, target: DNSName)
    case txt(String)
    case soa(DNSName)

    var type: UInt16 {
        switch self {
        case .a: DNSType.a
        case .cname: DNSType.cname
        case .ptr: DNSType.ptr
        case .srv: DNSType.srv
        case .txt: DNSType.txt
        case .soa: DNSType.soa
        }
    }
}

/// A name and what is said of it.
struct DNSRecord: Sendable, Hashable {
    var name: DNSName
    var data: DNSData

    /// Whether every name of the record can be written.
    var fitsTheWire: Bool {
        switch data {
        case .cname(let other), .ptr(let other), .srv(_, let other), .soa(let other):
            name.fitsTheWire && other.fitsTheWire
        case .a, .txt: name.fitsTheWire
        }
    }
}

/// A question that a client asked, with what an answer has to repeat.
struct DNSQuery: Sendable, Hashable {
    var id: UInt16
    var name: DNSName
    var type: UInt16
    /// The question's bytes as they came, upper and lower case kept, for clients that compare them.
    var question: [UInt8]
    var wantsRecursion: Bool
    /// How many bytes of a datagram the client takes: 512, or what it says by EDNS.
    var datagramLimit: Int
    var hasEDNS: Bool
}

/// What is answered.
struct DNSAnswer: Sendable, Hashable {
    var code: DNSCode
    var records: [DNSRecord] = []
    var authority: [DNSRecord] = []
    var additional: [DNSRecord] = []
}
