import API
import Document
import PKI
import Synchronization

/// Documents that are made when first asked for and stay until the catalogue changes: discovery and OpenAPI.
final class DocumentCache: Sendable {
    /// A document and the tag that tells whether a client has it already.
    struct Document: Sendable {
        let bytes: [UInt8]
        let tag: String
        /// When it was made.
        let time: Time
    }

    private let documents = Mutex<[String: Document]>([:])
    /// Tells this server's documents from those of one that was built differently.
    let salt = String(UInt64.random(in: 0 ... .max), radix: 16)

    /// The document of that name, made now where it is not known.
    ///
    /// - Parameter tag: what is known to change with the document; nil for what its bytes give.
    func document(_ name: String, tag: String? = nil, now: Time, _ make: () -> [UInt8]) -> Document {
        if let known = documents.withLock({ $0[name] }) { return known }
        let bytes = make()
        let document = Document(bytes: bytes, tag: tag ?? Digest.longHexadecimal(bytes), time: now)
        documents.withLock { $0[name] = document }
        return document
    }

    /// Forgets all of them.
    func forget() { documents.withLock { $0 = [:] } }
}
