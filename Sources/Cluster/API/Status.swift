public import Document

/// An answer of the API that is no object: why a request failed, or that it did what was asked (metav1.Status).
public struct Status: Error, Sendable, Hashable {
    /// The machine-readable why (metav1.StatusReason); open, as aggregated servers add their own.
    public struct Reason: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        public static let unauthorized = Reason(rawValue: "Unauthorized")
        public static let forbidden = Reason(rawValue: "Forbidden")
        public static let notFound = Reason(rawValue: "NotFound")
        public static let alreadyExists = Reason(rawValue: "AlreadyExists")
        public static let conflict = Reason(rawValue: "Conflict")
        public static let gone = Reason(rawValue: "Gone")
        public static let invalid = Reason(rawValue: "Invalid")
        public static let serverTimeout = Reason(rawValue: "ServerTimeout")
        public static let timeout = Reason(rawValue: "Timeout")
        public static let tooManyRequests = Reason(rawValue: "TooManyRequests")
        public static let badRequest = Reason(rawValue: "BadRequest")
        public static let methodNotAllowed = Reason(rawValue: "MethodNotAllowed")
        public static let notAcceptable = Reason(rawValue: "NotAcceptable")
        public static let requestEntityTooLarge = Reason(rawValue: "RequestEntityTooLarge")
        public static let unsupportedMediaType = Reason(rawValue: "UnsupportedMediaType")
        public static let internalError = Reason(rawValue: "InternalError")
        public static let expired = Reason(rawValue: "Expired")
        public static let serviceUnavailable = Reason(rawValue: "ServiceUnavailable")
    }

    /// One of several causes of a failure.
    public struct Cause: Sendable, Hashable {
        public var reason: String
        public var message: String
        public var field: String

        public init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// What the request was about.
    public struct Details: Sendable, Hashable {
        public var name: String
        public var group: String
        /// The kind, or the resource where the answer names that.
        public var kind: String
        public var uid: String
        public var causes: [Cause]
        public var retryAfterSeconds: Int

        public init(
            name: String = "", group: String = "", kind: String = "", uid: String = "", causes: [Cause] = [],
            retryAfterSeconds: Int = 0
        ) {
            self.name = name
            self.group = group
            self.kind = kind
            self.uid = uid
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// The HTTP status code.
    public var code: Int
    public var reason: Reason?
    public var message: String
    public var details: Details?

    public init(code: Int, reason: Reason?, message: String, details: Details? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// Whether the request did what was asked.
    public var isSuccess: Bool { (200..<300).contains(code) }
}

extension Status: CustomStringConvertible {
    public var description: String { message }
}

// MARK: The failures that the API machinery knows, in upstream's words (apimachinery/pkg/api/errors)

extension Status {
    /// 404: there is no object of that name.
    public static func notFound(_ resource: GroupVersionResource, _ name: String) -> Status {
        Status(
            code: 404, reason: .notFound, message: "\(resource.qualified) \"\(name)\" not found",
            details: Details(name: name, group: resource.group, kind: resource.resource))
    }

    /// 409: there is an object of that name.
    public static func alreadyExists(_ resource: GroupVersionResource, _ name: String) -> Status {
        Status(
            code: 409, reason: .alreadyExists, message: "\(resource.qualified) \"\(name)\" already exists",
            details: Details(name: name, group: resource.group, kind: resource.resource))
    }

    /// 409: somebody else wrote in between.
    public static func conflict(_ resource: GroupVersionResource, _ name: String, _ why: String) -> Status {
        Status(
            code: 409, reason: .conflict,
            message: "Operation cannot be fulfilled on \(resource.qualified) \"\(name)\": \(why)",
            details: Details(name: name, group: resource.group, kind: resource.resource))
    }

    /// 403: the request is understood and refused.
    public static func forbidden(_ resource: GroupVersionResource, _ name: String, _ why: String) -> Status {
        let object = name.isEmpty ? resource.qualified : "\(resource.qualified) \"\(name)\""
        return Status(
            code: 403, reason: .forbidden, message: "\(object) is forbidden: \(why)",
            details: Details(name: name, group: resource.group, kind: resource.resource))
    }

    /// 400: the request cannot be understood.
    public static func badRequest(_ message: String) -> Status {
        Status(code: 400, reason: .badRequest, message: message)
    }

    /// 500: the server failed.
    public static func internalError(_ why: String) -> Status {
        Status(
            code: 500, reason: .internalError, message: "Internal error occurred: \(why)",
            details: Details(causes: [Cause(reason: "", message: why, field: "")]))
    }

    /// 401: nobody knows who asks.
    public static func unauthorized() -> Status {
        Status(code: 401, reason: .unauthorized, message: "Unauthorized")
    }

    /// 410: the history that was asked for is gone.
    public static func expired(_ message: String) -> Status {
        Status(code: 410, reason: .expired, message: message)
    }

    /// The object breaks rules of its kind: every fault is a cause, and all stand in the message.
    public static func invalid(_ kind: GroupVersionKind, _ name: String, _ errors: [FieldError]) -> Status {
        let causes = errors.map { Cause(reason: $0.kind.rawValue, message: $0.body, field: $0.field) }
        // utilerrors.Aggregate leaves out what was said already.
        var said: Set<String> = []
        let texts = errors.map(\.description).filter { said.insert($0).inserted }
        let why = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        let qualified = kind.group.isEmpty ? kind.kind : "\(kind.kind).\(kind.group)"
        return Status(
            code: 422, reason: .invalid, message: "\(qualified) \"\(name)\" is invalid: \(why)",
            details: Details(name: name, group: kind.group, kind: kind.kind, causes: causes))
    }
}

// MARK: On the wire

extension Status {
    /// The object that the API sends.
    public var value: Value {
        var value: Value = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:],
            "status": isSuccess ? "Success" : "Failure", "code": .int(code),
        ]
        if !message.isEmpty { value["message"] = .string(message) }
        if let reason { value["reason"] = .string(reason.rawValue) }
        if let details { value["details"] = details.value }
        return value
    }

    /// Reads the object that the API sends; nil for any other kind.
    public init?(_ value: Value) {
        guard value.kind == "Status" else { return nil }
        self.init(
            code: value["code"]?.int ?? (value["status"]?.string == "Success" ? 200 : 500),
            reason: value["reason"]?.string.map(Reason.init(rawValue:)), message: value["message"]?.string ?? "",
            details: value["details"].map(Details.init))
    }
}

extension Status.Details {
    var value: Value {
        var value: Value = [:]
        for (key, text) in [("name", name), ("group", group), ("kind", kind), ("uid", uid)] where !text.isEmpty {
            value[Text(key)] = .string(text)
        }
        if !causes.isEmpty { value["causes"] = .array(causes.map(\.value)) }
        if retryAfterSeconds != 0 { value["retryAfterSeconds"] = .int(retryAfterSeconds) }
        return value
    }

    init(_ value: Value) {
        self.init(
            name: value["name"]?.string ?? "", group: value["group"]?.string ?? "",
            kind: value["kind"]?.string ?? "", uid: value["uid"]?.string ?? "",
            causes: value["causes"]?.array?.map(Status.Cause.init) ?? [],
            retryAfterSeconds: value["retryAfterSeconds"]?.int ?? 0)
    }
}

extension Status.Cause {
    var value: Value {
        var value: Value = [:]
        for (key, text) in [("reason", reason), ("message", message), ("field", field)] where !text.isEmpty {
            value[Text(key)] = .string(text)
        }
        return value
    }

    init(_ value: Value) {
        self.init(
            reason: value["reason"]?.string ?? "", message: value["message"]?.string ?? "",
            field: value["field"]?.string ?? "")
    }
}
