import API
import Document
import PKI
import Schema
import Store

/// The parameters of a list or watch, checked as upstream's ValidateListOptions does.
struct CollectionOptions: Sendable {
    enum Match: String, Sendable {
        case exact = "Exact"
        case notOlderThan = "NotOlderThan"
    }

    /// 0 for no limit.
    var limit = 0
    /// Nil where the parameter is missing; 0 is anything.
    var revision: Revision?
    var match: Match?
    var token: ContinueToken?
    var sendsInitialEvents: Bool?
    var allowsBookmarks = false
    var timeoutSeconds: Int?

    init(_ query: Query, isWatch: Bool) throws(Status) {
        timeoutSeconds = try query.number("timeoutSeconds")
        limit = max(try query.number("limit") ?? 0, 0)
        allowsBookmarks = query.flag("allowWatchBookmarks")
        if query.has("sendInitialEvents") { sendsInitialEvents = query.flag("sendInitialEvents") }
        var wanted = query["resourceVersionMatch"]
        if isWatch, sendsInitialEvents == nil, wanted.isEmpty, ["", "0"].contains(query["resourceVersion"]) {
            // Who does not say where to begin wants what stands there (apimachinery's SetListOptionsDefaults).
            sendsInitialEvents = true
            wanted = "NotOlderThan"
        }
        try check(query, wanted, isWatch: isWatch)
        match = Match(rawValue: wanted)
        let text = query["resourceVersion"]
        if !text.isEmpty { revision = try CollectionOptions.revision(text, isWatch: isWatch) }
        if !isWatch, !query["continue"].isEmpty { try readToken(query) }
    }

    private static func revision(_ text: String, isWatch: Bool) throws(Status) -> Revision {
        if let value = UInt64(text), value <= UInt64(Int64.max) { return Revision(value) }
        let quoted = GoQuote.quote(Text(text)).string
        let why = "resourceVersion: Invalid value: \(quoted): strconv.ParseUint: parsing \(quoted): invalid syntax"
        // Upstream's watch cache hands the bare error on, its list makes a 400 of it.
        throw isWatch ? Status(code: 500, reason: nil, message: why) : .badRequest("invalid resource version: \(why)")
    }

    private func check(_ query: Query, _ match: String, isWatch: Bool) throws(Status) {
        var faults = WriteOptions(kind: "ListOptions")
        func forbid(_ field: String, _ why: String) { faults.add(FieldError(.forbidden, field, detail: why)) }
        if isWatch {
            let field = "resourceVersionMatch"
            if sendsInitialEvents != nil, match != "NotOlderThan" {
                forbid(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
            }
            if !match.isEmpty {
                if sendsInitialEvents == nil {
                    forbid(field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
                }
                if match != "NotOlderThan" {
                    faults.add(
                        FieldError(
                            .notSupported, field, value: .string(match),
                            detail: "supported values: \"NotOlderThan\""))
                }
                if !query["continue"].isEmpty {
                    forbid(field, "resourceVersionMatch is forbidden when continue is provided")
                }
            }
        } else {
            if !match.isEmpty { checkMatch(match, query, &faults) }
            if sendsInitialEvents != nil { forbid("sendInitialEvents", "sendInitialEvents is forbidden for list") }
        }
        try faults.finish()
    }

    private func checkMatch(_ match: String, _ query: Query, _ faults: inout WriteOptions) {
        let field = "resourceVersionMatch"
        if query["resourceVersion"].isEmpty {
            faults.add(
                FieldError(
                    .forbidden, field, detail: "resourceVersionMatch is forbidden unless resourceVersion is provided"))
        }
        if !query["continue"].isEmpty {
            faults.add(
                FieldError(
                    .forbidden, field, detail: "resourceVersionMatch is forbidden when continue is provided"))
        }
        if Match(rawValue: match) == nil {
            faults.add(
                FieldError(
                    .notSupported, field, value: .string(match),
                    detail: "supported values: \"Exact\", \"NotOlderThan\", \"\""))
        }
        if match == "Exact" && query["resourceVersion"] == "0" {
            faults.add(
                FieldError(
                    .forbidden, field,
                    detail: "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
        }
    }

    private mutating func readToken(_ query: Query) throws(Status) {
        guard query["resourceVersion"].isEmpty || query["resourceVersion"] == "0" else {
            throw .badRequest("specifying resource version is not allowed when using continue")
        }
        token = try ContinueToken(query["continue"])
    }
}

/// Where the next page of a list begins (apiserver's storage/continue.go), opaque to clients.
struct ContinueToken: Sendable, Hashable {
    /// The revision that all pages show.
    var revision: Revision
    /// The part of the key after the collection's prefix after which to go on.
    var start: String

    init(revision: Revision, start: String) {
        self.revision = revision
        self.start = start
    }

    init(_ text: String) throws(Status) {
        func invalid(_ why: String) -> Status {
            .badRequest("invalid continue token: continue key is not valid: \(why)")
        }
        guard let bytes = Base64URL.bytes(text) else { throw invalid("illegal base64 data at input byte 0") }
        let value: Value
        do throws(JSON.Failure) { value = try JSON.parse(bytes) } catch { throw invalid(error.message) }
        guard value["v"] == "meta.k8s.io/v1" else {
            throw invalid("server does not recognize this encoded version \(value["v"]?.string ?? "")")
        }
        guard let start = value["start"]?.string, !start.isEmpty else {
            throw invalid("encoded start key empty (version meta.k8s.io/v1)")
        }
        revision = Revision(value["rv"]?.int ?? 0)
        guard revision != 0 else {
            throw invalid("incorrect encoded start resourceVersion (version meta.k8s.io/v1)")
        }
        self.start = String(start.drop { $0 == "/" }.prefix { $0 != "\0" })
    }

    /// Upstream's form: the key goes on with a zero byte, the smallest that follows the last one sent.
    var text: String {
        let value: Value = ["v": "meta.k8s.io/v1", "rv": .int(revision), "start": .string("/\(start)\0")]
        return Base64URL.text(JSON.write(value))
    }
}
