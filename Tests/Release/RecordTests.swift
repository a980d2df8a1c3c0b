import API
import Archive
import Document
import TestSupport
import Testing

@testable import Release

/// Records, held against one that real Helm 4.2.3 wrote.
struct RecordTests {
    private static func golden(_ name: String) throws -> [UInt8] {
        try readFile("\(Machine.package)/Tests/Goldens/Release/\(name)")
    }

    @Test func helmsRecordIsWrittenBackByteForByte() throws {
        let bytes = try Self.golden("record.json")
        let revision = Revision(try JSON.parse(bytes))
        #expect(Text(bytes: revision.json.bytes) == Text(bytes: bytes))
    }

    @Test func helmsSecretIsRead() throws {
        let record = Record(try JSON.parse(try Self.golden("secret.json")))
        let revision = try record.revision()
        #expect(record.number == 1 && record.status == .deployed && record.name == "demo")
        #expect(revision.chart?.title == "hello-0.1.0" && revision.chart?.appVersion == "1.0")
        #expect(revision.hooks.map(\.name) == ["demo-test", "demo-pre"])
        #expect(revision.hooks[1].weight == -5 && revision.hooks[1].lastRun.phase == "Succeeded")
        #expect(revision.usesServerSideApply && revision.info.notes == "Hello demo\n")
    }

    @Test func whatIsPackedIsReadAgain() throws {
        var revision = Revision(
            name: "a", namespace: "b", number: 7, config: ["x": ["y": 1]], manifest: "---\nz: \"<&>\"\n")
        revision.info.lastDeployed = Moment("2026-11-21T10:00:00.5+01:30")
        let again = try RecordCodec.decode(try RecordCodec.encode(revision), labels: ["name": "a"])
        #expect(again.json.bytes == revision.json.bytes && again.labels == ["name": "a"])
        #expect(again.info.lastDeployed?.text == "2026-11-21T10:00:00.5+01:30")
    }

    @Test func recordsWithoutCompressionAreRead() throws {
        let plain = Base64.encode(Base64.encode(Array(#"{"name":"old","version":3}"#.utf8)))
        let revision = try RecordCodec.decode(Text(bytes: plain), labels: [:])
        #expect(revision.name == "old" && revision.number == 3 && !revision.usesServerSideApply)
    }

    @Test(arguments: [
        ("%%%", "the record is not base64"),
        ("SGVsbG8=", "the record is not base64"),
        ("SDRzSUFBQUFBQUFBLzlyYg==", "the record is damaged: "),
    ])
    func damagedRecordsAreRefused(text: String, message: String) throws {
        let failure = #expect(throws: ReleaseFailure.self) { try RecordCodec.decode(Text(text), labels: [:]) }
        #expect(failure?.message.hasPrefix(message) == true, "\(String(describing: failure))")
    }

    @Test func bombsStopAtTheLimit() throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0x20, count: RecordCodec.limit + 1), level: 9)
        let text = Text(bytes: Base64.encode(Base64.encode(bomb)))
        #expect(throws: ReleaseFailure.self) { try RecordCodec.decode(text, labels: [:]) }
    }

    @Test(arguments: [
        ("demo", nil), ("a.b-c", nil), ("", "no name provided"), ("Bad_Name", "invalid release name"),
        ("-a", "invalid release name"), ("a.", "invalid release name"),
        (String(repeating: "a", count: 53), nil), (String(repeating: "a", count: 54), "invalid release name"),
    ])
    func names(name: String, objection: String?) {
        #expect(ReleaseName.objection(to: name)?.hasPrefix(objection ?? "-") ?? (objection == nil))
    }
}
