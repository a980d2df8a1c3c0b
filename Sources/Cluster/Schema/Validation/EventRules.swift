import API
import Document

/// The rules of Events (pkg/apis/core/validation/events.go), of either group as the core group has them.
enum EventRules {
    /// Of the core group, for which little is asked of old clients.
    static let check: Rules.Create = { event, faults in
        let namespace = event["involvedObject", "namespace"]?.string ?? ""
        let isNew = has(event["eventTime"])
        let places = isNew ? ["default", "kube-system"] : ["", "default"]
        let agrees = namespace.isEmpty ? places.contains(event.namespace) : isNew || namespace == event.namespace
        if !agrees {
            faults.invalid("involvedObject.namespace", .string(namespace), "does not match event.namespace")
        }
        if isNew { checkNew(event, &faults) }
        faults.invalid("namespace", .string(event.namespace), all: Names.subdomain(event.namespace))
    }

    private static func has(_ time: Value?) -> Bool { time != nil && time != .null }

    private static func checkNew(_ event: Value, _ faults: inout Faults) {
        let reporter = event["reportingComponent"]?.string ?? ""
        if reporter.isEmpty { faults.required("reportingController") }
        faults.invalid("reportingController", .string(reporter), all: Names.qualified(reporter))
        for key: Text in ["reportingInstance", "action", "reason"] {
            let text = event[key]?.text ?? ""
            if text.isEmpty { faults.required("\(key)") }
            checkLength(text, 128, "\(key)", &faults)
        }
        checkLength(event["message"]?.text ?? "", 1024, "message", &faults)
    }

    private static func checkLength(_ text: Text, _ most: Int, _ field: String, _ faults: inout Faults) {
        if text.count > most { faults.invalid(field, "", "can have at most \(most) characters") }
    }

    /// Of events.k8s.io.
    static let strict = Rules(create: check, new: checkFields, update: checkChange)

    private static let checkFields: Rules.Create = { event, faults in
        checkSeries(event, &faults)
        if !has(event["eventTime"]) { faults.required("eventTime") }
        let type = event["type"]?.string ?? ""
        if !["Normal", "Warning"].contains(type) { faults.invalid("type", "", "has invalid value: \(type)") }
        for key: Text in ["firstTimestamp", "lastTimestamp"] where has(event[key]) {
            faults.invalid("\(key)", "", "needs to be unset")
        }
        if event["count"]?.int ?? 0 != 0 { faults.invalid("count", "", "needs to be unset") }
        let source = (["component", "host"] as [Text]).map { event["source", $0]?.string ?? "" }
        if source != ["", ""] { faults.invalid("source", "", "needs to be unset") }
    }

    private static func checkSeries(_ event: Value, _ faults: inout Faults) {
        guard let series = event["series"], !series.isNull else { return }
        if (series["count"]?.int ?? 0) < 2 { faults.invalid("series.count", "", "should be at least 2") }
        if !has(series["lastObservedTime"]) { faults.required("series.lastObservedTime") }
    }

    private static let checkChange: Rules.Update = { event, old, faults in
        if event["series"] != old["series"] { checkSeries(event, &faults) }
        // Upstream tells of the reason twice.
        for key: Text in [
            "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reason",
            "type", "eventTime", "action", "related", "reportingComponent", "reportingInstance",
        ] where event[key] ?? .null != old[key] ?? .null {
            let field = key == "reportingComponent" ? "reportingController" : key.string
            let type = ["involvedObject": "ObjectReference", "related": "ObjectReference", "source": "EventSource"]
            if let name = type[key.string], let value = event[key] {
                faults.invalid(field, shown: GoDump.shown(name, value), "field is immutable")
            } else {
                faults.invalid(field, event[key], "field is immutable")
            }
        }
    }
}
