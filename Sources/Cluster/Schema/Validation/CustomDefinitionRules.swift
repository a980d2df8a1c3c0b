import API
import Document

/// The rules of a CustomResourceDefinition (apiextensions-apiserver/pkg/apis/apiextensions/validation).
enum CustomDefinitionRules {
    static let check: Rules.Create = { definition, faults in
        let spec = definition["spec"] ?? [:]
        checkName(definition, spec, &faults)
        checkGroup(spec, &faults)
        faults.check(spec["scope"], in: ["Cluster", "Namespaced"], "spec.scope")
        checkVersions(spec, &faults)
        checkNames(spec["names"] ?? [:], &faults)
        checkConversion(spec["conversion"] ?? [:], &faults)
        if (definition["status", "storedVersions"]?.array ?? []).isEmpty {
            faults.invalid("status.storedVersions", .null, "must have at least one stored version")
        }
    }

    static let update: Rules.Update = { definition, old, faults in
        guard old.isTrue("Established") else { return }
        for key: Text in ["group", "scope"] {
            faults.checkImmutable(definition["spec", key], old["spec", key], "spec.\(key)")
        }
        for key: Text in ["kind", "plural"] {
            faults.checkImmutable(definition["spec", "names", key], old["spec", "names", key], "spec.names.\(key)")
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
        faults.invalid("spec.group", .string(group), all: Names.subdomain(group))
        if group.split(separator: ".").count < 2 {
            faults.invalid("spec.group", .string(group), "should be a domain with at least one dot")
        }
    }

    private static func checkVersions(_ spec: Value, _ faults: inout Faults) {
        let versions = spec["versions"]?.array ?? []
        if versions.isEmpty { faults.required("spec.versions", "must have at least one version") }
        var names: Set<Value> = []
        // One version's schema counts as that of the whole: upstream's internal form has it there.
        let schemas = Set(versions.map { $0["schema", "openAPIV3Schema"] ?? .null })
        let isShared = schemas.count == 1
        for (index, version) in versions.enumerated() {
            let path = "spec.versions[\(index)]"
            let name = version["name"]?.string ?? ""
            faults.invalid("\(path).name", .string(name), all: Names.label1035(name))
            if !names.insert(.string(name)).inserted {
                faults.invalid("spec.versions", shown: shown(versions), "must contain unique version names")
            }
            guard let schema = version["schema", "openAPIV3Schema"], !schema.isNull else {
                faults.required("\(path).schema.openAPIV3Schema", "")
                if version.has("selectableFields") {
                    faults.invalid("spec.selectableFields", "", "may only be set when validations.schema is included")
                }
                continue
            }
            if isShared, index > 0 { continue }
            let place = isShared ? "spec.validation.openAPIV3Schema" : "\(path).schema.openAPIV3Schema"
            var structural = StructuralRules(preserves: spec["preserveUnknownFields"] == true)
            structural.checkRoot(schema, place)
            faults.append(structural.faults.errors)
        }
        if !versions.isEmpty, versions.filter({ $0["storage"] == true }).count != 1 {
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
            faults.invalid("spec.names.\(key)", .string(name), all: Names.label1035(name.lowercased()))
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

    private static func checkConversion(_ conversion: Value, _ faults: inout Faults) {
        if conversion["strategy"] == nil || conversion["strategy"] == "" {
            return faults.required("spec.conversion.strategy")
        }
        faults.check(conversion["strategy"], in: ["None", "Webhook"], "spec.conversion.strategy")
        if conversion["strategy"] == "Webhook", !conversion.has("webhook") {
            faults.required(
                "spec.conversion.webhookClientConfig", "required when strategy is set to Webhook")
        }
    }
}
