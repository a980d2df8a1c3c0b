import Testing

@testable import Node

/// The probe by gRPC, by the bytes of HTTP/2.
struct HealthCallTests {
    static func frame(_ kind: UInt8, _ flags: UInt8, _ body: [UInt8], stream: UInt8 = 1) -> [UInt8] {
        [0, 0, UInt8(body.count), kind, flags, 0, 0, 0, stream] + body
    }

    static let settings = frame(4, 0, [], stream: 0)
    static let serving: [UInt8] = [0, 0, 0, 0, 2, 8, 1]

    @Test func asksInOneGo() {
        let bytes = HealthCall.request(authority: "10.0.0.1:90", service: "db")
        #expect(bytes.starts(with: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Self.settings))
        // The message of five bytes' head and field 1, at the end of the stream.
        #expect(bytes.suffix(18) == Self.frame(0, 1, [0, 0, 0, 0, 4, 0x0A, 2] + Array("db".utf8))[...])
        let path = Array("/grpc.health.v1.Health/Check".utf8)
        #expect(bytes.indices.contains { bytes[$0...].starts(with: [0x83, 0x86, 0x04, UInt8(path.count)] + path) })
    }

    @Test(arguments: [
        (frame(0, 0, serving), HealthCall.Answer.status(1)),
        (frame(0, 0x8, [2] + serving + [0, 0]), .status(1)),
        (frame(0, 0, [0, 0, 0, 0, 2, 8, 2]), .status(2)),
        (frame(0, 1, [0, 0, 0, 0, 0]), .status(0)),
        (frame(1, 0x5, [0x88]), .refused),
        (frame(3, 0, [0, 0, 0, 8]), .refused),
        (frame(7, 0, [0, 0, 0, 0, 0, 0, 0, 0], stream: 0), .refused),
        ([0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1], .refused),
    ])
    func understandsTheAnswer(_ bytes: [UInt8], _ answer: HealthCall.Answer) {
        var call = HealthCall()
        var reply: [UInt8] = []
        // In pieces of any length.
        var found: HealthCall.Answer?
        for byte in Self.settings + Self.frame(6, 0, [1, 2, 3, 4, 5, 6, 7, 8], stream: 0) + bytes {
            found = found ?? call.take([byte], reply: &reply)
        }
        #expect(found == answer)
        #expect(
            reply == Self.frame(4, 1, [], stream: 0) + Self.frame(6, 1, [1, 2, 3, 4, 5, 6, 7, 8], stream: 0))
    }
}
