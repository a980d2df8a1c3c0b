import API
import Client
import Document
import Schema

/// How an object is to be deleted (metav1.DeleteOptions), from the body or the query.
struct DeletionOptions: Sendable {
    enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    var gracePeriodSeconds: Int?
    var propagation: Propagation?
    var uid: String?
    var resourceVersion: String?
    var isDryRun = false

    init(_ incoming: Incoming) throws(Status) {
        // A body says everything: the query then says nothing.
        let body = try DeletionOptions.body(incoming)
        let value = if let body { body } else { try DeletionOptions.parameters(incoming.query) }
        let dryRun = value["dryRun"]?.array ?? []
        try DeletionOptions.check(value, dryRun)
        // A negative value is one second (rest.BeforeDelete).
        gracePeriodSeconds = value["gracePeriodSeconds"]?.int.map { $0 < 0 ? 1 : $0 }
        propagation = value["propagationPolicy"]?.string.flatMap(Propagation.init)
        if let orphans = value["orphanDependents"]?.bool { propagation = orphans ? .orphan : .background }
        uid = value["preconditions", "uid"]?.string
        resourceVersion = value["preconditions", "resourceVersion"]?.string
        isDryRun = !dryRun.isEmpty
    }

    private static func parameters(_ query: Query) throws(Status) -> Value {
        var value: Value = [:]
        if let seconds = try query.number("gracePeriodSeconds") { value["gracePeriodSeconds"] = .int(seconds) }
        if query.has("propagationPolicy") { value["propagationPolicy"] = .string(query["propagationPolicy"]) }
        if query.has("orphanDependents") { value["orphanDependents"] = .bool(query.flag("orphanDependents")) }
        value["dryRun"] = .array(query.all("dryRun").map(Value.string))
        return value
    }

    /// The options of the body; nil where there is none.
    private static func body(_ incoming: Incoming) throws(Status) -> Value? {
        switch incoming.body {
        case .value(let value): return value
        case .bytes(let bytes) where !bytes.isEmpty: return try decoded(bytes, incoming.contentType)
        default: return nil
        }
    }

    /// What cannot be read is the server's failure: upstream does not say that it is the client's.
    private static func failure(_ message: String) -> Status { Status(code: 500, reason: nil, message: message) }

    private static func decoded(_ bytes: [UInt8], _ contentType: String) throws(Status) -> Value {
        guard let kind = Catalogue.builtIn.kind(group: "", version: "v1", kind: "DeleteOptions") else { return [:] }
        let type = MediaType(contentType).name
        guard type.isEmpty || Form.whole.contains(type) else { throw .unsupportedMedia(Form.whole) }
        let value: Value
        if let envelope = ProtobufEnvelope(bytes) {
            return kind.body(protobuf: envelope.message) ?? [:]
        } else if type == "application/yaml" {
            do throws(YAML.Failure) { value = try YAML.parse(bytes) } catch { throw failure(error.message) }
        } else {
            do throws(JSON.Failure) { value = try JSON.parse(bytes) } catch {
                throw failure("couldn't get version/kind; json parse error: \(error.message)")
            }
        }
        guard value.object != nil || value.isNull else {
            throw failure(BodyReader.noObject(value))
        }
        // Options of any group are taken.
        guard value.kind.isEmpty || value.kind == "DeleteOptions" else {
            let version = value.apiVersion.isEmpty ? "v1" : value.apiVersion
            throw failure(
                "no kind \"\(value.kind)\" is registered for version \"\(version)\" in scheme "
                    + "\"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"")
        }
        guard value.apiVersion.split(separator: "/", omittingEmptySubsequences: false).count < 3 else {
            throw failure("unexpected GroupVersion string: \(value.apiVersion)")
        }
        do throws(DecodingFailure) { return try kind.decode(value).object } catch { throw failure(error.message) }
    }

    private static func check(_ value: Value, _ dryRun: [Value]) throws(Status) {
        var faults = WriteOptions(kind: "DeleteOptions")
        let policy = value["propagationPolicy"] ?? .null
        if !policy.isNull && value["orphanDependents"]?.isNull == false {
            faults.add(
                FieldError(
                    .invalid, "propagationPolicy", value: policy,
                    detail: "orphanDependents and deletionPropagation cannot be both set"))
        }
        if !policy.isNull, policy.string.flatMap(Propagation.init) == nil {
            faults.add(
                FieldError(
                    .notSupported, "propagationPolicy", value: policy,
                    detail: "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""))
        }
        faults.checkDryRun(dryRun)
        try faults.finish()
    }
}
