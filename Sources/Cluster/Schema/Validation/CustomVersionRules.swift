import API
import Document

/// The rules of the versions of a CustomResourceDefinition, and of what they have in common.
struct CustomVersionRules {
    private let definition: InternalDefinition
    private let old: InternalDefinition?

    init(_ definition: InternalDefinition, old: InternalDefinition?) {
        self.definition = definition
        self.old = old
    }

    /// - Parameter path: `spec.versions[0]`
    func check(_ version: Value, _ path: String, _ faults: inout Faults) {
        CustomVersionRules.checkDeprecation(version, path, &faults)
        let hasStatus = definition.subresources(of: version)?.has("status") == true
        checkSchema(version["schema"], version["name"]?.string ?? "", "\(path).schema", hasStatus: hasStatus, &faults)
        CustomVersionRules.checkScale(version["subresources"], "\(path).subresources.scale", &faults)
        CustomVersionRules.checkColumns(version["additionalPrinterColumns"]?.array ?? [], path, &faults)
        let fields = version["selectableFields"]?.array ?? []
        if !fields.isEmpty, version["schema", "openAPIV3Schema"]?.object == nil {
            faults.invalid(
                "\(path).selectableFields", "",
                "may only be set when `version.schema.openAPIV3Schema` is not included")
        } else {
            checkSelectable(fields, version["schema", "openAPIV3Schema"], version["name"]?.string, path, &faults)
        }
    }

    /// What stands in every version the same.
    func checkShared(_ faults: inout Faults) {
        let hasStatus = definition.hasStatus
        checkSchema(definition.validation, definition.version, "spec.validation", hasStatus: hasStatus, &faults)
        CustomVersionRules.checkScale(definition.subresources, "spec.subresources.scale", &faults)
        CustomVersionRules.checkColumns(definition.columns, "spec", &faults)
        if !definition.selectableFields.isEmpty, definition.validation == nil {
            return faults.invalid(
                "spec.selectableFields", "", "may only be set when validations.schema is included")
        }
        checkSelectable(
            definition.selectableFields, definition.validation?["openAPIV3Schema"], nil, "spec", &faults)
    }

    private func checkSchema(
        _ validation: Value?, _ version: String, _ path: String, hasStatus: Bool, _ faults: inout Faults
    ) {
        guard let schema = validation?["openAPIV3Schema"], schema.object != nil else { return }
        let isKept = old?.schema(ofVersion: version) == definition.schema(ofVersion: version)
        faults.append(
            SchemaRules.faults(
                of: schema, "\(path).openAPIV3Schema", hasStatus: hasStatus, language: faults.language, isKept: isKept))
    }

    private static func checkDeprecation(_ version: Value, _ path: String, _ faults: inout Faults) {
        guard let warning = version["deprecationWarning"]?.string else { return }
        let place = "\(path).deprecationWarning"
        let shown = JSON.text(.string(warning)).string
        guard version["deprecated"] == true else {
            return faults.invalid(place, shown: shown, "can only be set for deprecated versions")
        }
        if warning.utf8.count > 256 { faults.invalid(place, shown: shown, "must be <= 256 characters long") }
        if warning.isEmpty { faults.invalid(place, shown: shown, "must not be an empty string") }
        let scalars = warning.unicodeScalars
        guard let index = scalars.firstIndex(where: { !GoQuote.isPrintable($0) }) else { return }
        let offset = warning.utf8.distance(from: warning.startIndex, to: index)
        faults.invalid(
            place, shown: shown,
            "must only contain printable UTF-8 characters; non-printable character found at index \(offset)")
    }

    // MARK: Scale

    private static func checkScale(_ subresources: Value?, _ path: String, _ faults: inout Faults) {
        guard let scale = subresources?["scale"], scale.object != nil else { return }
        for (key, roots, words): (Text, [String], String) in [
            ("specReplicasPath", [".spec."], "under .spec"), ("statusReplicasPath", [".status."], "under .status"),
            ("labelSelectorPath", [".spec.", ".status."], "under either .spec or .status"),
        ] {
            let text = scale[key]?.string ?? ""
            if text.isEmpty {
                if key != "labelSelectorPath" { faults.required("\(path).\(key)") }
            } else if !text.hasPrefix(".") {
                faults.invalid("\(path).\(key)", scale[key], notSimple)
            } else if !roots.contains(where: text.hasPrefix) {
                faults.invalid("\(path).\(key)", scale[key], "should be a json path \(words)")
            }
        }
    }

    private static let notSimple = "must be a simple json path starting with ."

    // MARK: Columns and selectable fields

    private static let types = ["boolean", "date", "integer", "number", "string"]
    private static let formats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"]

    private static func checkColumns(_ columns: [Value], _ path: String, _ faults: inout Faults) {
        for (index, column) in columns.enumerated() {
            let place = "\(path).additionalPrinterColumns[\(index)]"
            func text(_ key: Text) -> String { column[key]?.string ?? "" }
            if text("name").isEmpty { faults.required("\(place).name") }
            let words = "must be one of \(types.joined(separator: ","))"
            if text("type").isEmpty {
                faults.required("\(place).type", words)
            } else if !types.contains(text("type")) {
                faults.invalid("\(place).type", column["type"], words)
            }
            if !text("format").isEmpty, !formats.contains(text("format")) {
                faults.invalid(
                    "\(place).format", column["format"], "must be one of \(formats.joined(separator: ","))")
            }
            if text("jsonPath").isEmpty {
                faults.required("\(place).JSONPath")
            } else if !text("jsonPath").hasPrefix(".") {
                faults.invalid("\(place).JSONPath", column["jsonPath"], notSimple)
            }
        }
    }

    private static let mostSelectable = 8

    /// - Parameter version: nil where the fields are those of all versions.
    private func checkSelectable(
        _ fields: [Value], _ schema: Value?, _ version: String?, _ path: String, _ faults: inout Faults
    ) {
        guard !fields.isEmpty, let schema else { return }
        if let words = SchemaRules.unsupported(in: schema) {
            faults.invalid("\(path).schema.openAPIV3Schema", "", words)
        }
        var known: Set<[String]> = []
        for (index, field) in fields.enumerated() {
            let place = "\(path).selectableFields[\(index)].jsonPath"
            let text = field["jsonPath"]?.string ?? ""
            if text.isEmpty {
                faults.required(place)
                continue
            }
            switch SchemaPath.find(text, in: schema, takesBrackets: false) {
            case .failure(let error):
                faults.invalid(place, .string(text), "is an invalid path: \(error.words)")
            case .success(let found):
                CustomVersionRules.check(found, text, place, &faults)
                if !known.insert(found.names).inserted { faults.duplicate(place, .string(text)) }
            }
        }
        guard known.count > CustomVersionRules.mostSelectable, !hadTooMany(fields, version) else { return }
        faults.tooMany("\(path).selectableFields", known.count, CustomVersionRules.mostSelectable)
    }

    /// Too many may stay where there were too many before.
    private func hadTooMany(_ fields: [Value], _ version: String?) -> Bool {
        guard let old else { return false }
        let before =
            version.map { name in old.versions.first { $0["name"]?.string == name }?["selectableFields"]?.array ?? [] }
            ?? old.selectableFields
        return before.count > CustomVersionRules.mostSelectable && before == fields
    }

    private static func check(_ found: SchemaPath.Place, _ text: String, _ place: String, _ faults: inout Faults) {
        if found.names.first == "metadata" {
            faults.invalid(place, .string(text), "must not point to fields in metadata")
        }
        guard ["string", "boolean", "integer"].contains(found.schema["type"]?.string ?? "") else {
            return faults.invalid(
                place, .string(text),
                "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are "
                    + "allowed.")
        }
    }
}
