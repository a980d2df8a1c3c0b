import API
import Document

/// The rules of a CustomResourceDefinition (apiextensions-apiserver/pkg/apis/apiextensions/validation).
enum CustomDefinitionRules {
    static let check: Rules.Create = { definition, faults in
        let spec = definition["spec"] ?? [:]
        checkName(definition, spec, &faults)
        checkGroup(spec, &faults)
        checkScope(spec["scope"] ?? "", &faults)
        checkVersions(spec, &faults)
        checkNames(spec["names"] ?? [:], &faults)
        CustomVersionRules.checkShared(spec, &faults)
        CustomConversionRules.check(spec["conversion"] ?? [:], &faults)
        if (definition["status", "storedVersions"]?.array ?? []).isEmpty {
            faults.invalid("status.storedVersions", .null, "must have at least one stored version")
        }
        checkApproval(definition, spec, &faults)
        if spec["preserveUnknownFields"] == true {
            faults.invalid(
                "spec.preserveUnknownFields", true,
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
            )
        }
    }

    static let update: Rules.Update = { definition, old, faults in
        let paths: [[Text]] = [["scope"], ["names", "kind"], ["group"], ["names", "plural"]]
        for path in old.isTrue("Established") ? paths[...] : paths.suffix(2) {
            let place = (["spec"] + path).map(\.string).joined(separator: ".")
            faults.checkImmutable(
                definition[path: ["spec"] + path], old[path: ["spec"] + path], place)
        }
        checkStored(definition, &faults)
    }

    /// Objects may still be stored in every version in which any ever was.
    private static func checkStored(_ definition: Value, _ faults: inout Faults) {
        let names = (definition["spec", "versions"]?.array ?? []).compactMap { $0["name"] }
        for (index, stored) in (definition["status", "storedVersions"]?.array ?? []).enumerated()
        where !names.contains(stored) {
            let name = stored.string ?? ""
            faults.invalid(
                "status.storedVersions[\(index)]", stored,
                "missing from spec.versions; \(name) was previously a storage version, and must remain in spec.versions until "
                    + "a storage migration ensures no data remains persisted in \(name) and removes \(name) from "
                    + "status.storedVersions")
        }
    }

    private static func checkName(_ definition: Value, _ spec: Value, _ faults: inout Faults) {
        let wanted = "\(spec["names", "plural"]?.string ?? "").\(spec["group"]?.string ?? "")"
        if definition.name != wanted {
            faults.invalid(
                "metadata.name", definition["metadata", "name"], "must be spec.names.plural+\".\"+spec.group")
        }
    }

    private static func checkGroup(_ spec: Value, _ faults: inout Faults) {
        let group = spec["group"]?.string ?? ""
        if group.isEmpty { return faults.required("spec.group") }
        let words = Names.subdomain(group).joined(separator: ",")
        if !words.isEmpty {
            faults.invalid("spec.group", .string(group), words)
        } else if !group.contains(".") {
            faults.invalid("spec.group", .string(group), "should be a domain with at least one dot")
        }
    }

    private static func checkScope(_ scope: Value, _ faults: inout Faults) {
        if scope == "" { return faults.required("spec.scope") }
        faults.check(scope, in: ["Cluster", "Namespaced"], "spec.scope")
    }

    /// Groups of Kubernetes' own community say who approved of them (apiextensions-apiserver's apihelpers).
    private static func checkApproval(_ definition: Value, _ spec: Value, _ faults: inout Faults) {
        let group = spec["group"]?.string ?? ""
        guard ["k8s.io", "kubernetes.io"].contains(where: { group == $0 || group.hasSuffix(".\($0)") }) else { return }
        let key = "api-approved.kubernetes.io"
        let text = definition["metadata", "annotations", Text(key)]?.string ?? ""
        let words = "protected groups must have approval annotation \"\(key)\""
        let place = "metadata.annotations[\(key)]"
        let advice = ", see https://github.com/kubernetes/enhancements/pull/1111"
        if text.isEmpty {
            faults.required(place, words + advice)
        } else if !text.hasPrefix("unapproved"), !text.contains("://") || text.hasPrefix(":") || text.hasSuffix("://") {
            faults.invalid(
                place, .string(text), "\(words) with either a URL or a reason starting with \"unapproved\"\(advice)")
        }
    }

    private static func checkVersions(_ spec: Value, _ faults: inout Faults) {
        let versions = spec["versions"]?.array ?? []
        for (index, version) in versions.enumerated() where version["schema", "openAPIV3Schema"]?.object == nil {
            faults.required("spec.versions[\(index)].schema.openAPIV3Schema", "")
        }
        var names: Set<Value> = []
        var isUnique = true
        for (index, version) in versions.enumerated() {
            let name = version["name"]?.string ?? ""
            let words = Names.label1035(name).joined(separator: ",")
            if !words.isEmpty { faults.invalid("spec.versions[\(index)].name", .string(name), words) }
            if !names.insert(.string(name)).inserted { isUnique = false }
            CustomVersionRules.check(version, spec, "spec.versions[\(index)]", &faults)
        }
        if !isUnique { faults.invalid("spec.versions", shown: shown(versions), "must contain unique version names") }
        if versions.filter({ $0["storage"] == true }).count != 1 {
            faults.invalid(
                "spec.versions", shown: shown(versions), "must have exactly one version marked as storage version")
        }
    }

    /// The versions as Go prints upstream's internal structs.
    private static func shown(_ versions: [Value]) -> String {
        let texts = versions.map { version in
            "{\"Name\":\(JSON.text(version["name"] ?? "")),\"Served\":\(version["served"] == true),"
                + "\"Storage\":\(version["storage"] == true),\"Deprecated\":\(version["deprecated"] == true),"
                + "\"DeprecationWarning\":null,\"Schema\":null,\"Subresources\":null,"
                + "\"AdditionalPrinterColumns\":null,\"SelectableFields\":null}"
        }
        return "[\(texts.joined(separator: ","))]"
    }

    private static func checkNames(_ names: Value, _ faults: inout Faults) {
        for key: Text in ["plural", "singular", "kind", "listKind"] {
            let name = names[key]?.string ?? ""
            if name.isEmpty {
                if key != "singular" { faults.required("spec.names.\(key)") }
                continue
            }
            let isKind = key == "kind" || key == "listKind"
            let words = Names.label1035(isKind ? name.lowercased() : name)
            guard !words.isEmpty else { continue }
            faults.invalid(
                "spec.names.\(key)", .string(name), isKind ? Names.mixedCase(words) : words.joined(separator: ","))
        }
        if let kind = names["kind"], kind == names["listKind"], kind != "" {
            faults.invalid("spec.names.listKind", kind, "kind and listKind may not be the same")
        }
        for key: Text in ["shortNames", "categories"] {
            for (index, name) in (names[key]?.array ?? []).enumerated() {
                faults.invalid("spec.names.\(key)[\(index)]", name, all: Names.label1035(name.string ?? ""))
            }
        }
    }
}
