import API
import Document

/// What a pod may ask about itself: the downward API's fields ("Downward API").
struct PodFacts: Sendable {
    var pod: Value
    /// Empty while the pod has none.
    var podAddress: String
    var nodeName: String
    var nodeAddress: String
    /// What the node can give away, for limits that are not set.
    var allocatable: [String: Quantity]

    var namespace: String { pod.namespace }

    /// The name that the pod's processes see as the machine's.
    var hostname: String {
        let name = pod["spec", "hostname"]?.string ?? pod.name
        // A host name has at most 63 bytes, and must not end in a separator then (kubelet: `truncatePodHostnameIfNeeded`).
        var text = Substring(name.utf8.prefix(63))
        while let last = text.last, last == "-" || last == "." { text.removeLast() }
        return String(text)
    }

    /// The value of a `fieldRef`.
    func field(_ path: String) throws -> String {
        if let (object, key) = subscripted(path) {
            let values = object == "metadata.labels" ? pod.labels : pod.annotations
            return values[Text(key)]?.string ?? ""
        }
        switch path {
        case "metadata.name": return pod.name
        case "metadata.namespace": return pod.namespace
        case "metadata.uid": return pod.uid
        case "metadata.labels": return lines(pod.labels)
        case "metadata.annotations": return lines(pod.annotations)
        case "spec.nodeName": return nodeName
        case "spec.serviceAccountName": return pod["spec", "serviceAccountName"]?.string ?? "default"
        case "status.hostIP", "status.hostIPs": return nodeAddress
        case "status.podIP", "status.podIPs": return podAddress
        default: throw NodeError(.configuration, "unsupported fieldPath: \(path)")
        }
    }

    /// `metadata.labels['KEY']` and `metadata.annotations['KEY']`.
    private func subscripted(_ path: String) -> (object: String, key: String)? {
        guard path.hasSuffix("']"), let start = path.firstIndex(of: "["),
            path[start...].hasPrefix("['")
        else { return nil }
        let object = String(path[..<start])
        guard object == "metadata.labels" || object == "metadata.annotations" else { return nil }
        return (object, String(path[start...].dropFirst(2).dropLast(2)))
    }

    /// `KEY="VALUE"` lines, as the downward API writes maps.
    private func lines(_ values: Object) -> String {
        values.map { "\($0.key.string)=\(GoQuote.quote($0.value.text ?? "").string)" }.joined(separator: "\n")
    }

    /// The value of a `resourceFieldRef`, rounded up to a multiple of its divisor.
    func resource(_ reference: Value, _ container: Value) throws -> String {
        let name = reference["resource"]?.string ?? ""
        let parts = name.split(separator: ".", maxSplits: 1).map { Text(String($0)) }
        guard parts.count == 2, parts[0] == "limits" || parts[0] == "requests" else {
            throw NodeError(.configuration, "unsupported container resource: \(name)")
        }
        let limit = container["resources", "limits", parts[1]]?.quantity ?? allocatable[parts[1].string]
        let value = parts[0] == "limits" ? limit : container["resources", "requests", parts[1]]?.quantity
        let divisor = reference["divisor"]?.quantity ?? Quantity(1)
        let unit = divisor.nanos > 0 ? divisor.nanos : 1_000_000_000
        let (count, rest) = (value ?? Quantity(0)).nanos.quotientAndRemainder(dividingBy: unit)
        return String(rest > 0 ? count + 1 : count)
    }
}
