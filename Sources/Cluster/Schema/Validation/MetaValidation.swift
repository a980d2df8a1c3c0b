import API
import Document

extension Faults {
    /// What holds for the metadata of every object (apimachinery/pkg/api/validation/objectmeta.go).
    mutating func checkMetadata(_ object: Value, _ resource: Resource) {
        let metadata = object["metadata"] ?? [:]
        if let prefix = metadata["generateName"]?.string, !prefix.isEmpty {
            // A prefix may end with a dash: letters follow it.
            let masked = prefix.hasSuffix("-") && prefix.count > 1 ? "\(prefix.dropLast())a" : prefix
            invalid("metadata.generateName", metadata["generateName"], all: NameRule.of(resource)(masked))
        }
        if object.name.isEmpty {
            required("metadata.name", "name or generateName is required")
        } else {
            invalid("metadata.name", metadata["name"], all: NameRule.of(resource)(object.name))
        }
        checkMarks(metadata, "metadata", isCore: !resource.isCustom)
    }

    /// What metadata has beside names.
    ///
    /// - Parameter isCore: whether finalizers have to be qualified, as those of built-in kinds.
    mutating func checkMarks(_ metadata: Value, _ path: String, isCore: Bool = true) {
        checkLabels(metadata["labels"], "\(path).labels")
        checkAnnotations(metadata["annotations"], "\(path).annotations")
        checkFinalizers(metadata["finalizers"], "\(path).finalizers", isCore: isCore)
        checkOwners(metadata["ownerReferences"], "\(path).ownerReferences")
    }

    mutating func checkLabels(_ labels: Value?, _ path: String) {
        for label in labels?.object ?? [:] {
            invalid(path, .string(label.key), all: Names.qualified(label.key.string))
            invalid(path, label.value, all: Names.labelValue(label.value.string ?? ""))
        }
    }

    private static let maximumAnnotations = 256 * 1024

    mutating func checkAnnotations(_ annotations: Value?, _ path: String) {
        var total = 0
        for annotation in annotations?.object ?? [:] {
            invalid(path, .string(annotation.key), all: Names.qualified(annotation.key.string.lowercased()))
            total += annotation.key.count + (annotation.value.text?.count ?? 0)
        }
        if total > Faults.maximumAnnotations {
            add(.tooLong, path, .null, "may not be more than \(Faults.maximumAnnotations) bytes")
        }
    }

    private mutating func checkFinalizers(_ finalizers: Value?, _ path: String, isCore: Bool) {
        for (index, finalizer) in (finalizers?.array ?? []).enumerated() {
            if isCore {
                checkFinalizer(finalizer, "\(path)[\(index)]")
            } else {
                // Upstream names the list alone.
                invalid(path, finalizer, all: Names.qualified(finalizer.string ?? ""))
            }
        }
        let names = (finalizers?.array ?? []).compactMap(\.string)
        if names.contains("orphan"), names.contains("foregroundDeletion") {
            invalid(
                path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set")
        }
    }

    mutating func checkFinalizer(_ finalizer: Value, _ path: String) {
        let name = finalizer.string ?? ""
        let faults = Names.qualified(name)
        invalid(path, finalizer, all: faults)
        if faults.isEmpty, !name.contains("/"), !["kubernetes", "orphan", "foregroundDeletion"].contains(name) {
            invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified")
        }
    }

    private mutating func checkOwners(_ owners: Value?, _ path: String) {
        var controllers: [String] = []
        for owner in owners?.array ?? [] {
            if (owner["apiVersion"]?.string ?? "").isEmpty {
                invalid("\(path).apiVersion", owner["apiVersion"], "version must not be empty")
            }
            for key: Text in ["kind", "name", "uid"] where (owner[key]?.string ?? "").isEmpty {
                invalid("\(path).\(key)", owner[key], "must not be empty")
            }
            if owner["apiVersion"] == "v1", owner["kind"] == "Event" {
                invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner")
            }
            if owner["controller"] == true {
                controllers.append("\(owner["kind"]?.string ?? "")/\(owner["name"]?.string ?? "")")
            }
        }
        if controllers.count > 1 {
            invalid(
                path, owners,
                "Only one reference can have Controller set to true. Found \"true\" in references for "
                    + controllers.prefix(2).joined(separator: " and "))
        }
    }

    /// What may not change in an object's metadata.
    mutating func checkMetadataUpdate(_ object: Value, _ old: Value) {
        for key: Text in [
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        ] {
            checkImmutable(object["metadata", key], old["metadata", key], "metadata.\(key)")
        }
        if old.isBeingDeleted {
            let added = object.finalizers.filter { !old.finalizers.contains($0) }
            if !added.isEmpty {
                let list = added.map { "\"\($0)\"" }.joined(separator: ", ")
                forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{\(list)}"
                )
            }
        }
    }
}

/// The form that names of a resource have to have.
enum NameRule {
    static func of(_ resource: Resource) -> @Sendable (String) -> [String] {
        if resource.isCustom { return Names.subdomain }
        switch "\(resource.group)/\(resource.plural)" {
        case "/namespaces", "/services": return Names.label
        case "/events", "apiregistration.k8s.io/apiservices": return Names.pathSegment
        case let name where name.hasPrefix("rbac.authorization.k8s.io/"),
            let name where name.hasPrefix("certificates.k8s.io/"):
            return Names.pathSegment
        case "networking.k8s.io/ipaddresses": return Addresses.strictFaults
        case "apps/statefulsets": return Names.label
        default: return Names.subdomain
        }
    }
}
