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
        var value = try DeletionOptions.body(incoming)
        let query = incoming.query
        if value["gracePeriodSeconds"] == nil, let seconds = Int(query["gracePeriodSeconds"]) {
            value["gracePeriodSeconds"] = .int(seconds)
        }
        for name in ["propagationPolicy", "orphanDependents"] where value[Text(name)] == nil && query.has(name) {
            value[Text(name)] = name == "orphanDependents" ? .bool(query.flag(name)) : .string(query[name])
        }
        let dryRun = (value["dryRun"]?.array ?? []) + query.all("dryRun").map(Value.string)
        try DeletionOptions.check(value, dryRun)
        gracePeriodSeconds = value["gracePeriodSeconds"]?.int.map { max($0, 0) }
        propagation = value["propagationPolicy"]?.string.flatMap(Propagation.init)
        if let orphans = value["orphanDependents"]?.bool { propagation = orphans ? .orphan : .background }
        uid = value["preconditions", "uid"]?.string
        resourceVersion = value["preconditions", "resourceVersion"]?.string
        isDryRun = !dryRun.isEmpty
    }

    private static func body(_ incoming: Incoming) throws(Status) -> Value {
        switch incoming.body {
        case .value(let value): return value
        case .bytes(let bytes) where !bytes.isEmpty:
            if let envelope = ProtobufEnvelope(bytes) {
                let kind = Catalogue.builtIn.kind(group: "", version: "v1", kind: "DeleteOptions")
                return kind?.body(protobuf: envelope.message) ?? [:]
            }
            do throws(JSON.Failure) {
                return try JSON.parse(bytes)
            } catch {
                // YAML holds JSON, so that what is not JSON may still be read.
                guard let value = try? YAML.parse(bytes) else {
                    throw .badRequest("couldn't get version/kind; json parse error: \(error.message)")
                }
                return value
            }
        default: return [:]
        }
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
