import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Objects in protobuf and back.
@Suite struct ProtobufTests {
    @Test(.needsShared) func writesWhatUpstreamWrites() throws {
        let golden = try Golden("defaults/pod-get-protobuf")
        let text = try #require(golden.response["base64"]?.text)
        guard let bytes = Base64.decode(text.bytes) else {
            Issue.record("no base64")
            return
        }
        let envelope = try #require(ProtobufEnvelope(bytes))
        #expect(envelope.kind == "Pod")
        let kind = try #require(Catalogue.builtIn.kind(group: "", version: envelope.apiVersion, kind: envelope.kind))
        let object = try kind.decode(try #require(kind.body(protobuf: envelope.message))).object
        #expect(object["spec", "containers"]?.array?.isEmpty == false)
        let message = try #require(kind.protobuf(object))
        #expect(ProtobufEnvelope(apiVersion: "v1", kind: "Pod", message: message).bytes == bytes)
    }

    /// Every recorded object survives the way to protobuf and back.
    @Test(.needsShared, arguments: DefaultsTests.creates) func keepsEverything(_ golden: Golden) throws {
        let kind = try #require(golden.resource).kind
        let message = try #require(kind.protobuf(golden.response))
        let object = try kind.decode(try #require(kind.body(protobuf: message))).object
        #expect(Difference.of(object, golden.response) == [])
    }

    @Test(arguments: [[1, 2, 3], [0x0A, 0xFF], [0x12, 2, 8]])
    func refusesWhatIsNone(_ bytes: [UInt8]) throws {
        let kind = try #require(Catalogue.builtIn.kind(group: "", version: "v1", kind: "Pod"))
        #expect(ProtobufEnvelope(bytes) == nil)
        #expect(kind.body(protobuf: bytes) == nil)
    }
}
