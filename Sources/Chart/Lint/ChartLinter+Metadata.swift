import Document
import Template

extension ChartLinter {
    mutating func checkMetadata() {
        let path = "Chart.yaml"
        guard note(.error, path, HostFile.isFolder("\(folder)/\(path)") ? "should be a file, not a directory" : nil),
            let bytes = try? HostFile.read("\(folder)/\(path)")
        else { return }
        let value: Value
        let metadata: Metadata
        do throws(YAML.Failure) {
            value = try YAML.parse(bytes)
        } catch {
            note(.error, path, "unable to parse YAML\n\terror converting YAML to JSON: \(error.message)")
            return
        }
        do throws(MetadataReader.Mismatch) {
            metadata = try MetadataReader.metadata(value)
        } catch {
            note(.error, path, "unable to parse YAML\n\terror unmarshaling JSON: while decoding JSON: \(error.message)")
            return
        }
        let isV1 = metadata.apiVersion == "v1"
        note(.error, path, ChartLinter.nameFault(metadata.name))
        note(.error, path, ChartLinter.apiVersionFault(metadata.apiVersion))
        note(.error, path, ChartLinter.typeFault("version", value))
        note(.error, path, ChartLinter.versionFault(metadata.version))
        note(.warning, path, ChartLinter.strictFault(metadata.version))
        note(.error, path, ChartLinter.typeFault("appVersion", value))
        note(.error, path, ChartLinter.maintainerFault(metadata))
        note(.error, path, ChartLinter.sourceFault(metadata))
        note(.info, path, metadata.icon.isEmpty ? "icon is recommended" : nil)
        let isBadIcon = !metadata.icon.isEmpty && !ChartLinter.isRequestURL(metadata.icon)
        note(.error, path, isBadIcon ? "invalid icon URL '\(metadata.icon)'" : nil)
        let hasType = !metadata.type.isEmpty && metadata.apiVersion != "v2"
        let words = "in apiVersion '\(metadata.apiVersion)'. It is valid in apiVersion 'v2'"
        note(.error, path, hasType ? "chart type is not valid \(words)" : nil)
        let hasDependencies = !(metadata.dependencies ?? []).isEmpty && metadata.apiVersion != "v2"
        let dependencyWords = "with apiVersion '\(metadata.apiVersion)'. They are valid in apiVersion 'v2'"
        note(
            .error, path,
            hasDependencies || isV1 && hasDependencies
                ? "dependencies are not valid in the Chart file \(dependencyWords)" : nil)
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
        switch value[key] ?? .null {
        case .null, .string: return nil
        case let other:
            let type = GoValue(other).printed(verb: "T").string
            return "\(key.string) should be of type string but it's of type \(type)"
        }
    }

    private static func versionFault(_ version: String) -> String? {
        if version.isEmpty { return "version is required" }
        guard let parsed = try? SemanticVersion(version) else { return "version '\(version)' is not a valid SemVer" }
        let isLow = (try? VersionConstraint(">0.0.0-0"))?.allows(parsed) == false
        return isLow ? "version \(parsed) is less than or equal to 0.0.0-0" : nil
    }

    private static func strictFault(_ version: String) -> String? {
        if let parsed = try? SemanticVersion(version), parsed.description == version { return nil }
        return "version '\(version)' is not a valid SemVerV2"
    }

    private static func maintainerFault(_ metadata: Metadata) -> String? {
        for maintainer in metadata.maintainers {
            guard let maintainer else { return "a maintainer entry is empty" }
            if maintainer.name.isEmpty { return "each maintainer requires a name" }
            if !maintainer.email.isEmpty, !isEmail(maintainer.email) {
                return "invalid email '\(maintainer.email)' for maintainer '\(maintainer.name)'"
            }
            if !maintainer.url.isEmpty, !isURL(maintainer.url) {
                return "invalid url '\(maintainer.url)' for maintainer '\(maintainer.name)'"
            }
        }
        return nil
    }

    private static func sourceFault(_ metadata: Metadata) -> String? {
        metadata.sources.first { $0.isEmpty || !isRequestURL($0) }.map { "invalid source URL '\($0)'" }
    }

    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
    }

    /// Whether a scheme and something after it stand there.
    private static func isURL(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return false }
        return text[..<colon].first?.isLetter ?? false
    }

    /// asaskevich's IsRequestURL: an absolute URI with a scheme.
    private static func isRequestURL(_ text: String) -> Bool { isURL(text) && !text.contains(" ") }
}
