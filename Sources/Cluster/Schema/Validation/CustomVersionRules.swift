import API
import Document

/// The rules of the versions of a CustomResourceDefinition. What all versions say alike counts as that of the whole:
/// upstream's internal form has it there, and its messages name that place.
enum CustomVersionRules {
    private static func isShared(_ key: Text, _ spec: Value) -> Bool {
        Set((spec["versions"]?.array ?? []).map { $0[key] ?? .null }).count == 1
    }

    /// - Parameter path: `spec.versions[0]`
    static func check(_ version: Value, _ spec: Value, _ path: String, _ faults: inout Faults) {
        checkDeprecation(version, path, &faults)
        if !isShared("schema", spec), let schema = version["schema", "openAPIV3Schema"], schema.object != nil {
            faults.append(SchemaRules.faults(of: schema, "\(path).schema.openAPIV3Schema"))
        }
        if !isShared("subresources", spec) { checkScale(version, "\(path).subresources.scale", &faults) }
        if !isShared("additionalPrinterColumns", spec) { checkColumns(version, path, &faults) }
        if !isShared("selectableFields", spec) { checkSelectable(version, path, &faults) }
    }

    /// What stands in every version the same.
    static func checkShared(_ spec: Value, _ faults: inout Faults) {
        guard let first = spec["versions"]?.array?.first else { return }
        if isShared("schema", spec), let schema = first["schema", "openAPIV3Schema"], schema.object != nil {
            faults.append(SchemaRules.faults(of: schema, "spec.validation.openAPIV3Schema"))
        }
        if isShared("subresources", spec) { checkScale(first, "spec.subresources.scale", &faults) }
        if isShared("additionalPrinterColumns", spec) { checkColumns(first, "spec", &faults) }
        if isShared("selectableFields", spec) { checkSelectable(first, "spec", &faults) }
    }

    private static func checkDeprecation(_ version: Value, _ path: String, _ faults: inout Faults) {
        guard let warning = version["deprecationWarning"]?.string else { return }
        let place = "\(path).deprecationWarning"
        guard version["deprecated"] == true else {
            return faults.invalid(place, .string(warning), "can only be set for deprecated versions")
        }
        if warning.utf8.count > 256 { faults.invalid(place, .string(warning), "must be <= 256 characters long") }
        if warning.isEmpty { faults.invalid(place, "", "must not be an empty string") }
        let scalars = warning.unicodeScalars
        guard let index = scalars.firstIndex(where: { !GoQuote.isPrintable($0) }) else { return }
        let offset = warning.utf8.distance(from: warning.startIndex, to: index)
        faults.invalid(
            place, .string(warning),
            "must only contain printable UTF-8 characters; non-printable character found at index \(offset)")
    }

    // MARK: Scale

    private static func checkScale(_ version: Value, _ path: String, _ faults: inout Faults) {
        guard let scale = version["subresources", "scale"], scale.object != nil else { return }
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

    private static func checkColumns(_ version: Value, _ path: String, _ faults: inout Faults) {
        for (index, column) in (version["additionalPrinterColumns"]?.array ?? []).enumerated() {
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

    private static func checkSelectable(_ version: Value, _ path: String, _ faults: inout Faults) {
        guard let fields = version["selectableFields"]?.array, !fields.isEmpty else { return }
        guard let schema = version["schema", "openAPIV3Schema"], schema.object != nil else {
            return faults.invalid(
                "\(path).selectableFields", "", "may only be set when validations.schema is included")
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
                check(found, text, place, &faults)
                if !known.insert(found.names).inserted { faults.duplicate(place, .string(text)) }
            }
        }
        if known.count > mostSelectable {
            faults.add(
                .tooMany, "\(path).selectableFields", .int(known.count), "must have at most \(mostSelectable) items")
        }
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
