import API
import Document

/// Which release an object belongs to: a label and two annotations that Helm sets on live objects and asks for before it
/// touches one that it did not make (pkg/action/validate.go).
struct Ownership {
    static let managedBy: Text = "app.kubernetes.io/managed-by"
    static let releaseName: Text = "meta.helm.sh/release-name"
    static let releaseNamespace: Text = "meta.helm.sh/release-namespace"

    let release: String
    let namespace: String

    /// The object with the marks of this release.
    func marking(_ object: ManifestObject) -> ManifestObject {
        var object = object
        object.value["metadata", "labels", Self.managedBy] = "Helm"
        object.value["metadata", "annotations", Self.releaseName] = .string(release)
        object.value["metadata", "annotations", Self.releaseNamespace] = .string(namespace)
        return object
    }

    /// What keeps this release from taking a live object over; nil where it is its own.
    func objection(to live: Value) -> String? {
        let faults = [
            Self.fault("label", live.labels, Self.managedBy, "Helm"),
            Self.fault("annotation", live.annotations, Self.releaseName, release),
            Self.fault("annotation", live.annotations, Self.releaseNamespace, namespace),
        ].compactMap { $0 }
        return faults.isEmpty ? nil : "invalid ownership metadata; \(faults.joined(separator: "; "))"
    }

    private static func fault(_ what: String, _ held: Object, _ key: Text, _ wanted: String) -> String? {
        guard let value = held[key]?.string else {
            return "\(what) validation error: missing key \"\(key)\": must be set to \"\(wanted)\""
        }
        if value == wanted { return nil }
        return "\(what) validation error: key \"\(key)\" must equal \"\(wanted)\": current value is \"\(value)\""
    }
}

extension Value {
    /// Whether the object stays when its release would delete it (`helm.sh/resource-policy: keep`).
    var isKept: Bool {
        annotation("helm.sh/resource-policy").map {
            $0.split(whereSeparator: \.isWhitespace).joined().lowercased() == "keep"
        } ?? false
    }
}
