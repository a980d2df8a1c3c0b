import API
import Document
import Schema
import Store

/// Failures that only a server has, in upstream's words.
extension Status {
    static let noSuchResource = Status(
        code: 404, reason: .notFound, message: "the server could not find the requested resource", details: Details())

    /// A path of a group that nobody serves; it is answered as a plain web server does.
    static let pathNotFound = Status(code: 404, reason: .notFound, message: "404 page not found")

    static let methodNotAllowed = Status(
        code: 405, reason: .methodNotAllowed,
        message: "the server does not allow this method on the requested resource", details: Details())

    /// The router's refusal of a request that wants what the path does not give.
    static func notAcceptable(_ given: [String]) -> Status {
        Status(
            code: 406, reason: .notAcceptable,
            message: "406: Not Acceptable\n\nAvailable representations: \(given.joined(separator: ", "))",
            details: Details())
    }

    /// The handlers' refusal of a request that wants what they cannot make.
    static func accepts(_ given: [String]) -> Status {
        Status(
            code: 406, reason: .notAcceptable,
            message: "only the following media types are accepted: \(given.joined(separator: ", "))")
    }

    /// The router's refusal of a body that the path does not take.
    static let unroutableMedia = Status(
        code: 415, reason: .unsupportedMediaType, message: "415: Unsupported Media Type", details: Details())

    static func unsupportedMedia(_ accepted: [String]) -> Status {
        Status(
            code: 415, reason: .unsupportedMediaType,
            message: "the body of the request was in an unknown format - accepted media types include: "
                + accepted.joined(separator: ", "))
    }

    static func notImplemented(_ what: String) -> Status {
        Status(code: 501, reason: nil, message: "\(what) is not supported yet")
    }

    static func conflict(_ resource: ServedResource, _ name: String) -> Status {
        .conflict(
            resource.gvr, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    /// A write that was refused by rules of the kind.
    static func invalid(_ resource: ServedResource, _ name: String, _ errors: [FieldError]) -> Status {
        .invalid(resource.gvk, name, errors)
    }

    /// What the store says, as a client learns it.
    init(_ failure: StoreFailure, _ resource: ServedResource, _ name: String) {
        switch failure {
        case .exists: self = .alreadyExists(resource.gvr, name)
        case .missing: self = .notFound(resource.gvr, name)
        case .conflict: self = .conflict(resource, name)
        case .compacted: self = .expired("The resourceVersion for the provided list is too old.")
        case .future(let present): self = .tooLargeRevision(wanted: nil, present: present)
        case .closed:
            self = Status(code: 503, reason: .serviceUnavailable, message: "the server is shutting down")
        case .corrupt, .locked, .unwritable: self = .internalError("\(failure)")
        }
    }

    static func tooLargeRevision(wanted: Revision?, present: Revision) -> Status {
        let wanted = wanted.map(String.init) ?? "?"
        return Status(
            code: 504, reason: .timeout,
            message: "Timeout: Too large resource version: \(wanted), current: \(present)",
            details: Details(
                causes: [
                    Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")
                ], retryAfterSeconds: 1))
    }
}
