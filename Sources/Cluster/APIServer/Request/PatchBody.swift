import API
import Client
import Document
import Schema

/// The four ways to patch, by media type.
enum PatchType: String, Sendable {
    case json = "application/json-patch+json"
    case merge = "application/merge-patch+json"
    case strategic = "application/strategic-merge-patch+json"
    case apply = "application/apply-patch+yaml"
}

/// A patch as it came. It is read when there is an object to be patched, for upstream looks for that first.
struct PatchBody: Sendable {
    let type: PatchType
    let validation: FieldValidation
    private let body: APIRequest.Body?

    /// What was read.
    struct Read: Sendable {
        var value: Value
        /// What a strict reader has against the text.
        var problems: [String] = []
    }

    init(_ request: Request) throws(Status) {
        let isCustom = request.resource.resource.definition != nil
        let contentType = request.incoming.contentType
        let name = String(contentType.prefix { $0 != ";" })
        guard let type = PatchType(rawValue: name), !(isCustom && type == .strategic) else {
            // Upstream's router refuses what is no patch of a built-in object.
            if !isCustom { throw .unroutableMedia }
            throw .unsupportedMedia([PatchType.json, .merge, .apply].map(\.rawValue))
        }
        self.type = type
        validation = request.fieldValidation
        body = request.incoming.body
    }

    /// Reads the patch as upstream's patchers do, each with words of its own.
    func read() throws(Status) -> Read {
        let bytes: [UInt8]
        switch body {
        case .value(let value): return Read(value: value)
        case .bytes(let sent): bytes = sent
        case nil: bytes = []
        }
        if type == .apply { return try configuration(bytes) }
        let read = try patch(bytes)
        // What is nothing is no document to evanphx/json-patch.
        if type == .merge && read.value.isNull { throw .badRequest("Invalid JSON Patch") }
        return read
    }

    private func patch(_ bytes: [UInt8]) throws(Status) -> Read {
        do throws(JSON.Failure) {
            let document = try JSON.parseNotingDuplicates(bytes)
            let problems = document.duplicates.map { "duplicate field \"\(Kind.fieldPath($0))\"" }
            return try checked(Read(value: document.value, problems: validation == .ignore ? [] : problems))
        } catch {
            throw .badRequest(prefix + error.message)
        }
    }

    /// A strategic merge says bare what is wrong with its patch, as do the others where nobody wants it strict.
    private var prefix: String {
        type == .strategic || validation == .ignore ? "" : "error decoding patch: "
    }

    private func checked(_ read: Read) throws(JSON.Failure) -> Read {
        func refuse(_ value: Value, _ goType: String, _ place: String = "Go value") -> JSON.Failure {
            JSON.Failure(message: "json: cannot unmarshal \(value.goKind) into \(place) of type \(goType)", offset: 0)
        }
        guard type == .json else {
            guard read.value.object != nil || read.value.isNull else {
                throw refuse(read.value, "map[string]interface {}")
            }
            return read
        }
        guard validation != .ignore, !read.value.isNull else { return read }
        guard let operations = read.value.array else { throw refuse(read.value, "[]handlers.jsonPatchOp") }
        var unknown: [String] = []
        for (index, operation) in operations.enumerated() where !operation.isNull {
            guard let members = operation.object else { throw refuse(operation, "handlers.jsonPatchOp") }
            for member in members {
                switch member.key {
                case "op", "path", "from":
                    guard member.value.text != nil || member.value.isNull else {
                        throw refuse(member.value, "string", "Go struct field jsonPatchOp.\(member.key)")
                    }
                case "value": break
                default: unknown.append("unknown field \"[\(index)].\(member.key)\"")
                }
            }
        }
        return Read(value: read.value, problems: (unknown + read.problems).map { "json patch \($0)" })
    }

    private func configuration(_ bytes: [UInt8]) throws(Status) -> Read {
        let document: YAML.Document
        do throws(YAML.Failure) { document = try YAML.locate(bytes) } catch {
            throw .badRequest("error decoding YAML: error converting YAML to JSON: \(error.message)")
        }
        guard document.value.object != nil || document.value.isNull else {
            throw .badRequest(
                "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                    + "\(document.value.goKind) into Go value of type map[string]interface {}")
        }
        let problem = validation == .ignore ? nil : document.strictProblem
        return Read(
            value: document.value.isNull ? [:] : document.value,
            problems: problem.map { ["error converting YAML to JSON: \($0)"] } ?? [])
    }
}
