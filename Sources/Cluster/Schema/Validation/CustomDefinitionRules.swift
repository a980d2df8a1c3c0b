import API
import Document

/// The rules of a CustomResourceDefinition (apiextensions-apiserver/pkg/apis/apiextensions/validation), in upstream's
/// order.
enum CustomDefinitionRules {
    static let new: Rules.Create = { definition, faults in
        let spec = definition["spec"] ?? [:]
        checkName(definition, spec, &faults)
        checkSpec(spec, old: nil, &faults)
        checkStatus(definition, &faults)
        checkApproval(definition, old: nil, &faults)
        checkPruning(spec, old: nil, &faults)
    }

    static let update: Rules.Update = { definition, old, faults in
        let (spec, oldSpec) = (definition["spec"] ?? [:], old["spec"] ?? [:])
        // What was accepted once is not asked about again.
        if spec != oldSpec { checkSpec(spec, old: oldSpec, &faults) }
        let paths: [[Text]] = [["scope"], ["names", "kind"], ["group"], ["names", "plural"]]
        for path in old.isTrue("Established") ? paths[...] : paths.suffix(2) {
            let place = (["spec"] + path).map(\.string).joined(separator: ".")
            faults.checkImmutable(spec[path: path], oldSpec[path: path], place)
        }
        checkStatus(definition, &faults)
        checkApproval(definition, old: old, &faults)
        checkPruning(spec, old: oldSpec, &faults)
    }

    static let status: Rules.Update = { definition, _, faults in
        checkNames(definition["status", "acceptedNames"] ?? [:], "status.acceptedNames", &faults)
    }

    // MARK: Spec

    private static func checkSpec(_ spec: Value, old: Value?, _ faults: inout Faults) {
        let internals = InternalDefinition(spec)
        checkGroup(spec, &faults)
        checkScope(spec["scope"] ?? "", &faults)
        if internals.validation?["openAPIV3Schema"]?.object == nil {
            for (index, version) in internals.versions.enumerated()
            where version["schema", "openAPIV3Schema"]?.object == nil {
                faults.required("spec.versions[\(index)].schema.openAPIV3Schema", "")
            }
        }
        let preserves = spec["preserveUnknownFields"] == true
        if preserves, internals.schemas.contains(where: \.hasDefaults) {
            faults.invalid(
                "spec.preserveUnknownFields", true, "must be false in order to use defaults in the schema")
        }
        let rules = CustomVersionRules(internals, old: old.map(InternalDefinition.init))
        checkVersions(internals, rules, &faults)
        let names = spec["names"] ?? [:]
        for key: Text in ["plural", "singular", "kind", "listKind"] where (names[key]?.string ?? "").isEmpty {
            faults.required("spec.names.\(key)")
        }
        checkNames(names, "spec.names", &faults)
        rules.checkShared(&faults)
        CustomConversionRules.check(spec["conversion"], old: old?["conversion"], preserves: preserves, &faults)
    }

    private static func checkVersions(
        _ internals: InternalDefinition, _ rules: CustomVersionRules, _ faults: inout Faults
    ) {
        var names: Set<String> = []
        for (index, version) in internals.versions.enumerated() {
            let name = version["name"]?.string ?? ""
            names.insert(name)
            checkLabel(name, "spec.versions[\(index)].name", &faults)
            rules.check(version, "spec.versions[\(index)]", &faults)
        }
        let shown = internals.shownVersions
        if names.count < internals.versions.count {
            faults.invalid("spec.versions", shown: shown, "must contain unique version names")
        }
        if internals.versions.filter({ $0["storage"] == true }).count != 1 {
            faults.invalid("spec.versions", shown: shown, "must have exactly one version marked as storage version")
        }
        if !internals.version.isEmpty { checkLabel(internals.version, "spec.version", &faults) }
    }

    private static func checkLabel(_ name: String, _ place: String, _ faults: inout Faults) {
        let words = Names.label1035(name).joined(separator: ",")
        if !words.isEmpty { faults.invalid(place, .string(name), words) }
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

    private static func checkNames(_ names: Value, _ path: String, _ faults: inout Faults) {
        for key: Text in ["plural", "singular", "kind", "listKind"] {
            let name = names[key]?.string ?? ""
            if name.isEmpty { continue }
            let isKind = key == "kind" || key == "listKind"
            let words = Names.label1035(isKind ? name.lowercased() : name)
            guard !words.isEmpty else { continue }
            faults.invalid(
                "\(path).\(key)", .string(name), isKind ? Names.mixedCase(words) : words.joined(separator: ","))
        }
        func checkAll(_ key: Text) {
            for (index, name) in (names[key]?.array ?? []).enumerated() {
                checkLabel(name.string ?? "", "\(path).\(key)[\(index)]", &faults)
            }
        }
        checkAll("shortNames")
        if let kind = names["kind"], kind == names["listKind"], kind != "" {
            faults.invalid("\(path).listKind", kind, "kind and listKind may not be the same")
        }
        checkAll("categories")
    }

    // MARK: Beside the spec

    private static func checkStatus(_ definition: Value, _ faults: inout Faults) {
        checkNames(definition["status", "acceptedNames"] ?? [:], "status.acceptedNames", &faults)
        let place = "status.storedVersions"
        let stored = definition["status", "storedVersions"]?.array ?? []
        if stored.isEmpty { return faults.invalid(place, .null, "must have at least one stored version") }
        let versions = definition["spec", "versions"]?.array ?? []
        for version in versions where version["storage"] == true {
            guard let name = version["name"], !stored.contains(name) else { continue }
            faults.invalid(place, .array(stored), "must have the storage version \(name.string ?? "")")
        }
        // Objects may still be stored in every version in which any ever was.
        let names = versions.compactMap { $0["name"] }
        for (index, version) in stored.enumerated() where !names.contains(version) {
            let name = version.string ?? ""
            faults.invalid(
                "\(place)[\(index)]", version,
                "missing from spec.versions; \(name) was previously a storage version, and must remain in spec.versions until "
                    + "a storage migration ensures no data remains persisted in \(name) and removes \(name) from "
                    + "status.storedVersions")
        }
    }

    /// What was missing or invalid before may be so still.
    private static func checkApproval(_ definition: Value, old: Value?, _ faults: inout Faults) {
        let group = definition["spec", "group"]?.string ?? ""
        guard let policy = ApprovalPolicy(definition, group: group),
            policy != old.flatMap({ ApprovalPolicy($0, group: group) })
        else { return }
        let place = "metadata.annotations[\(ApprovalPolicy.annotation)]"
        switch policy {
        case .missing: faults.required(place, policy.message)
        case .invalid:
            faults.invalid(
                place, definition[path: ["metadata", "annotations", Text(ApprovalPolicy.annotation)]], policy.message)
        case .approved, .bypassed: break
        }
    }

    private static func checkPruning(_ spec: Value, old: Value?, _ faults: inout Faults) {
        guard spec["preserveUnknownFields"] == true, old?["preserveUnknownFields"] != true else { return }
        faults.invalid(
            "spec.preserveUnknownFields", true,
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead")
    }
}

extension Value {
    /// Whether a schema has a default anywhere.
    fileprivate var hasDefaults: Bool {
        if has("default") { return true }
        for key: Text in ["items", "not", "additionalProperties", "additionalItems"] {
            if self[key]?.hasDefaults == true || self[key]?.array?.contains(where: \.hasDefaults) == true {
                return true
            }
        }
        for key: Text in ["properties", "patternProperties", "definitions", "dependencies"] {
            if self[key]?.object?.contains(where: { $0.value.hasDefaults }) == true { return true }
        }
        return (["allOf", "anyOf", "oneOf"] as [Text]).contains {
            self[$0]?.array?.contains(where: \.hasDefaults) == true
        }
    }
}
