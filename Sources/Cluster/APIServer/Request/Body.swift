import API
import Client
import Document
import Schema

/// Reads the object of a request's body, as upstream's codec does, and says what is wrong with it in its words.
struct BodyReader: Sendable {
    let resource: Resource
    let catalogue: Catalogue

    /// The parsed body, and the paths of the keys that came twice in it.
    struct Parsed: Sendable {
        var value: Value
        var duplicates: [[JSON.PathStep]] = []
        /// What a strict reader of the text itself has against it.
        var problems: [String] = []
        /// What was sent, for refusals that show it; empty where the tree itself was.
        var bytes: [UInt8] = []
    }

    /// Parses a body that holds an object.
    func parse(_ incoming: Incoming) throws(Status) -> Parsed {
        switch incoming.body {
        case .value(let value): return Parsed(value: value)
        case nil: return try parse([], incoming.contentType)
        case .bytes(let bytes): return try parse(bytes, incoming.contentType)
        }
    }

    private func parse(_ bytes: [UInt8], _ contentType: String) throws(Status) -> Parsed {
        if contentType == "application/json" { return try parseJSON(bytes) }
        switch MediaType(contentType).name {
        case "application/json", "": return try parseJSON(bytes)
        case "application/yaml": return try parseYAML(bytes)
        case "application/vnd.kubernetes.protobuf": return try parseProtobuf(bytes)
        default:
            throw .unsupportedMedia(Form.whole)
        }
    }

    private func parseJSON(_ bytes: [UInt8]) throws(Status) -> Parsed {
        do throws(JSON.Failure) {
            let document = try JSON.parseNotingDuplicates(bytes)
            return Parsed(value: document.value, duplicates: document.duplicates, bytes: bytes)
        } catch {
            throw unrecognized("couldn't get version/kind; json parse error: \(error.message)", bytes)
        }
    }

    private func parseProtobuf(_ bytes: [UInt8]) throws(Status) -> Parsed {
        guard let envelope = ProtobufEnvelope(bytes) else {
            throw unrecognized(
                "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]", bytes)
        }
        let version = GroupVersion(envelope.apiVersion) ?? GroupVersion(group: "", version: envelope.apiVersion)
        guard let kind = catalogue.kind(group: version.group, version: version.version, kind: envelope.kind) else {
            // What is wrong with the kind is said where all bodies are checked.
            return Parsed(value: ["apiVersion": .string(envelope.apiVersion), "kind": .string(envelope.kind)])
        }
        guard let body = kind.body(protobuf: envelope.message) else {
            throw unrecognized("the protobuf message cannot be read", bytes)
        }
        return Parsed(value: body)
    }

    private func parseYAML(_ bytes: [UInt8]) throws(Status) -> Parsed {
        do throws(YAML.Failure) {
            let document = try YAML.locate(bytes)
            return Parsed(
                value: document.value, problems: document.strictProblem.map { [$0] } ?? [], bytes: bytes)
        } catch {
            throw unrecognized(error.message, bytes)
        }
    }

    private func unrecognized(_ why: String, _ bytes: [UInt8]) -> Status {
        .badRequest(
            "the object provided is unrecognized (must be of type \(resource.kind.name)): \(why) "
                + "(\(BodyReader.summary(bytes)))")
    }

    /// What upstream shows of a body that it cannot read (apiserver's summarizeData).
    private static func summary(_ bytes: [UInt8]) -> String {
        guard let first = bytes.first else { return "<empty>" }
        let tail = bytes.count > 30 ? " ..." : ""
        let part = bytes.prefix(30)
        if first == UInt8(ascii: "{") { return String(decoding: part, as: UTF8.self) + tail }
        return part.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + tail
    }
}

extension BodyReader {
    /// Reads the object that the resource's kind wants, checking kind and version first.
    func decode(
        _ parsed: Parsed, as kind: Kind, _ validation: FieldValidation
    ) throws(Status) -> (object: Value, warnings: [String]) {
        do throws(Unreadable) {
            let (object, problems) = try read(parsed, as: kind)
            if validation == .strict && !problems.isEmpty {
                throw Unreadable("strict decoding error: \(problems.joined(separator: ", "))", kind.name)
            }
            return (object, validation == .warn ? BodyReader.warnings(problems) : [])
        } catch {
            if let whole = error.whole { throw whole }
            throw .badRequest(
                "\(error.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.name): "
                    + error.message)
        }
    }

    /// Why a body is not an object of the kind.
    struct Unreadable: Error {
        let message: String
        /// The kind that was sent.
        let kind: String
        /// The answer, where it says more than the message.
        var whole: Status?

        init(_ message: String, _ kind: String) {
            self.message = message
            self.kind = kind
        }

        init(_ whole: Status) {
            self.init(whole.message, "")
            self.whole = whole
        }
    }

    /// Reads the object that the resource's kind wants, with all that a strict reader has against it.
    ///
    /// - Parameter isConverted: whether it does not come from a text (runtime's converter from unstructured).
    func read(
        _ parsed: Parsed, as kind: Kind, isConverted: Bool = false
    ) throws(Unreadable) -> (object: Value, problems: [String]) {
        let value = parsed.value.isNull ? [:] : parsed.value
        guard value.object != nil else {
            throw Unreadable(unrecognized(BodyReader.noObject(value), parsed.bytes))
        }
        try checkKind(parsed, kind)
        do throws(DecodingFailure) {
            let decoded = try kind.decode(value, duplicates: parsed.duplicates, isConverted: isConverted)
            return (decoded.object, parsed.problems + decoded.strictProblems)
        } catch {
            throw Unreadable(error.message, kind.name)
        }
    }

    /// Each problem of a YAML text is a warning of its own (apiserver's parseYAMLWarnings).
    static func warnings(_ problems: [String]) -> [String] {
        problems.flatMap { problem -> [String] in
            guard
                let head = [yamlPrefix, "error converting YAML to JSON: " + yamlPrefix].first(where: problem.hasPrefix)
            else { return [problem] }
            return problem.dropFirst(head.count).split(separator: "\n").map { String($0.drop { $0 == " " }) }
        }
    }

    /// What Go's YAML says before the lines that it has something against.
    static let yamlPrefix = "yaml: unmarshal errors:\n"

    /// What Go says of a text that is JSON and no object, when it looks for kind and version.
    static func noObject(_ value: Value) -> String {
        "couldn't get version/kind; json parse error: json: cannot unmarshal \(value.goKind) into Go value of type "
            + "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
            + "\"json:\\\"kind,omitempty\\\"\" }"
    }

    private func checkKind(_ parsed: Parsed, _ kind: Kind) throws(Unreadable) {
        let body = parsed.value
        let isCustom = resource.definition != nil
        let sentKind = body.kind.isEmpty && !isCustom ? kind.name : body.kind
        let sentVersion = body.apiVersion.isEmpty && !isCustom ? kind.apiVersion : body.apiVersion
        if sentKind == kind.name && sentVersion == kind.apiVersion { return }
        if isCustom { throw Unreadable(customMismatch(parsed, kind)) }
        let version = GroupVersion(sentVersion) ?? GroupVersion(group: "", version: sentVersion)
        guard catalogue.kind(group: version.group, version: version.version, kind: sentKind) != nil else {
            throw Unreadable(
                "no kind \"\(sentKind)\" is registered for version \"\(sentVersion)\" in scheme "
                    + "\"pkg/api/legacyscheme/scheme.go:30\"", sentKind)
        }
        if sentKind == kind.name {
            throw Unreadable(
                .badRequest(
                    "the API version in the data (\(sentVersion)) does not match the expected API version "
                        + "(\(kind.apiVersion))"))
        }
        let group = kind.group.isEmpty ? "core" : String(kind.group.prefix { $0 != "." })
        throw Unreadable(
            "converting (\(version.version).\(sentKind)) to (\(group).\(kind.name)): unknown conversion", sentKind)
    }

    /// Custom resources are read without a scheme, so that kind and version are not filled in.
    private func customMismatch(_ parsed: Parsed, _ kind: Kind) -> Status {
        let body = parsed.value
        if body.kind.isEmpty {
            let bytes = parsed.bytes.isEmpty ? JSON.write(body) : parsed.bytes
            return unrecognized("Object 'Kind' is missing in '\(String(decoding: bytes, as: UTF8.self))'", bytes)
        }
        let field = body.kind == kind.name ? "apiVersion" : "kind"
        let wanted = body.kind == kind.name ? kind.apiVersion : kind.name
        let sent = body.kind == kind.name ? body.apiVersion : body.kind
        // Without a scheme, the refusal is about the kind that was sent.
        let gvk = GroupVersionKind(group: kind.group, version: kind.version, kind: body.kind)
        return .invalid(
            gvk, body.name, [FieldError(.invalid, field, value: .string(sent), detail: "must be \(wanted)")])
    }
}
