import Archive
import Document

/// The form of a revision inside its Secret: JSON, then gzip, then base64 (pkg/storage/driver/util.go); the Secret's own
/// base64 comes on top of it.
enum RecordCodec {
    /// More than any Secret can hold (1 MiB) unpacks to, as text: a bomb stops here.
    static let limit = 256 << 20

    /// The text for the Secret's `data.release`.
    static func encode(_ revision: Revision) throws(ReleaseFailure) -> Text {
        do {
            let packed = try Gzip.compress(revision.json.bytes, level: 9)
            return Text(bytes: Base64.encode(Base64.encode(packed)))
        } catch {
            throw ReleaseFailure("cannot pack the record: \(error)")
        }
    }

    /// Reads the Secret's `data.release`; data that are not compressed are taken as they are.
    static func decode(_ text: Text, labels: [String: String]) throws(ReleaseFailure) -> Revision {
        guard let outer = Base64.decode(text.bytes), let packed = Base64.decode(outer) else {
            throw ReleaseFailure("the record is not base64")
        }
        do {
            let bytes = packed.starts(with: [0x1F, 0x8B, 0x08]) ? try Gzip.decompress(packed, limit: limit) : packed
            return Revision(try JSON.parse(bytes), labels: labels)
        } catch {
            throw ReleaseFailure("the record is damaged: \(error)")
        }
    }
}
