public import Archive

/// Why an image, a reference or the store of images cannot be used.
public struct ImageError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart.
    public enum Code: String, Sendable, Hashable {
        /// A text that is no image reference.
        case invalidReference
        /// A text that is no digest, or one of an algorithm that is not supported.
        case invalidDigest
        /// The store has no such image.
        case notFound
        /// The store lacks bytes that an image names.
        case missingBlob
        /// Bytes that are not what their digest says.
        case digestMismatch
        /// An archive or manifest that does not follow the OCI image specification.
        case invalidImage
        /// A form that the specification allows and that is not supported yet.
        case unsupported
        /// A tar archive that was refused or is damaged.
        case archive
        /// A call of the operating system failed.
        case system
    }

    public var code: Code
    /// What is concerned: a reference, a digest or a file.
    public var subject: String
    /// What is wrong with it, and what to do where that is known.
    public var detail: String
    /// The failure of the archive, for code `archive`.
    public var cause: ArchiveError?

    public init(_ code: Code, _ subject: String, _ detail: String, cause: ArchiveError? = nil) {
        self.code = code
        self.subject = subject
        self.detail = detail
        self.cause = cause
    }

    public var description: String { subject.isEmpty ? detail : "\(subject): \(detail)" }

    init(_ subject: String, _ cause: ArchiveError) { self.init(.archive, subject, cause.description, cause: cause) }
}
