import Document
import Template

extension ChartLinter {
    mutating func checkMetadata() {
        let path = "Chart.yaml"
        note(.error, path, files.isFolder(path) ? "should be a file, not a directory" : nil)
        guard let (document, metadata) = readMetadata(path) else { return }
        let value = document.value
        note(.warning, path, ChartLinter.strictFault(document))
        note(.error, path, ChartLinter.nameFault(metadata.name))
        note(.error, path, ChartLinter.apiVersionFault(metadata.apiVersion))
        note(.error, path, ChartLinter.typeFault("version", value))
        note(.error, path, ChartLinter.versionFault(metadata.version))
        note(.error, path, ChartLinter.typeFault("appVersion", value))
        note(.error, path, ChartLinter.maintainerFault(metadata))
        let source = metadata.sources.first { !LintedAddress.isRequestURL($0) }
        note(.error, path, source.map { "invalid source URL '\($0)'" })
        note(.info, path, metadata.icon.isEmpty ? "icon is recommended" : nil)
        let isBadIcon = !metadata.icon.isEmpty && !LintedAddress.isRequestURL(metadata.icon)
        note(.error, path, isBadIcon ? "invalid icon URL '\(metadata.icon)'" : nil)
        noteNewerFields(path, metadata)
        let isStrict = (try? SemanticVersion(metadata.version))?.description == metadata.version
        note(.warning, path, isStrict ? nil : "version '\(metadata.version)' is not a valid SemVerV2")
    }

    private mutating func readMetadata(_ path: String) -> (YAML.Document, Metadata)? {
        let bytes: [UInt8]
        do throws(LoadFailure) {
            bytes = try files.read(path)
        } catch {
            note(.error, path, "unable to parse YAML\n\t\(error.message)")
            return nil
        }
        let document: YAML.Document
        do throws(YAML.Failure) {
            document = try YAML.locate(bytes)
        } catch {
            note(.error, path, "unable to parse YAML\n\terror converting YAML to JSON: \(error.message)")
            return nil
        }
        do throws(MetadataReader.Mismatch) {
            return (document, try MetadataReader.metadata(document.value))
        } catch {
            let words = "error unmarshaling JSON: while decoding JSON: \(error.message)"
            note(.error, path, "unable to parse YAML\n\t\(words)")
            return nil
        }
    }

    /// What only charts of API version v2 may say.
    private mutating func noteNewerFields(_ path: String, _ metadata: Metadata) {
        if metadata.apiVersion == "v2" { return }
        let version = metadata.apiVersion
        if !metadata.type.isEmpty {
            let words = "in apiVersion '\(version)'. It is valid in apiVersion 'v2'"
            note(.error, path, "chart type is not valid \(words)")
        }
        if !(metadata.dependencies ?? []).isEmpty {
            let words = "with apiVersion '\(version)'. They are valid in apiVersion 'v2'"
            note(.error, path, "dependencies are not valid in the Chart file \(words)")
        }
    }

    /// Keys that come twice, or that nobody knows.
    private static func strictFault(_ document: YAML.Document) -> String? {
        let start = "failed to strictly parse chart metadata file\n\t"
        if !document.duplicates.isEmpty {
            let lines = document.duplicates.map { "\n  line \($0.line): key \($0.key.quoted) already set in map" }
            return start + "error converting YAML to JSON: yaml: unmarshal errors:" + lines.joined()
        }
        guard let key = MetadataFields.chart.unknownKey(in: document.value) else { return nil }
        return start + "error unmarshaling JSON: while decoding JSON: json: unknown field \(key.quoted)"
    }

    private static func nameFault(_ name: String) -> String? {
        if name.isEmpty { return "name is required" }
        return GoText.base(name) == name ? nil : "chart name \(Text(name).quoted) is invalid"
    }

    private static func apiVersionFault(_ version: String) -> String? {
        let allowed = "The value must be either \"v1\" or \"v2\""
        if version.isEmpty { return "apiVersion is required. \(allowed)" }
        return ["v1", "v2"].contains(version) ? nil : "apiVersion '\(version)' is not valid. \(allowed)"
    }

    private static func typeFault(_ key: Text, _ value: Value) -> String? {
        guard let value = value[key], value.text == nil else { return nil }
        let type = value.isNull ? "<nil>" : GoValue(value).printed(verb: "T").string
        return "\(key.string) should be of type string but it's of type \(type)"
    }

    private static func versionFault(_ version: String) -> String? {
        if version.isEmpty { return "version is required" }
        guard let parsed = try? SemanticVersion(version) else { return "version '\(version)' is not a valid SemVer" }
        let isLow = (try? VersionConstraint(">0.0.0-0"))?.allows(parsed) == false
        return isLow ? "version \"\(parsed)\" is less than or equal to \"0.0.0-0\"" : nil
    }

    private static func maintainerFault(_ metadata: Metadata) -> String? {
        for maintainer in metadata.maintainers {
            guard let maintainer else { return "a maintainer entry is empty" }
            if maintainer.name.isEmpty { return "each maintainer requires a name" }
            if !maintainer.email.isEmpty, !LintedAddress.isMail(maintainer.email) {
                return "invalid email '\(maintainer.email)' for maintainer '\(maintainer.name)'"
            }
            if !maintainer.url.isEmpty, !LintedAddress.isURL(maintainer.url) {
                return "invalid url '\(maintainer.url)' for maintainer '\(maintainer.name)'"
            }
        }
        return nil
    }
}
