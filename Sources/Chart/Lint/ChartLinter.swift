import Document
public import Template

/// Looks a chart over as `helm lint` does.
public struct ChartLinter {
    /// What a lint needs beside the chart.
    public struct Options: Sendable {
        public var values = ValueOptions()
        public var capabilities: Capabilities
        public var host: Host
        public var skipsSchemaValidation = false

        public init(capabilities: Capabilities, host: Host) {
            self.capabilities = capabilities
            self.host = host
        }
    }

    let folder: String
    let options: Options
    private(set) var messages: [LintMessage] = []

    /// What is said of the chart in a folder, in Helm's order.
    ///
    /// - Throws: where the folder holds no chart at all.
    public static func lint(_ path: String, _ options: Options) throws(LoadFailure) -> [LintMessage] {
        if !HostFile.exists("\(path)/Chart.yaml") {
            throw LoadFailure(
                .notFound, path,
                "unable to check Chart.yaml file in chart: stat \(path)/Chart.yaml: no such file or directory")
        }
        var linter = ChartLinter(folder: path, options: options)
        linter.checkMetadata()
        let user = linter.checkValues()
        linter.checkTemplates(user)
        linter.checkDependencies()
        linter.checkDefinitions()
        return linter.messages
    }

    private init(folder: String, options: Options) {
        self.folder = folder
        self.options = options
    }

    /// Notes a fault; whether there was none.
    @discardableResult
    mutating func note(_ severity: LintMessage.Severity, _ path: String, _ fault: String?) -> Bool {
        guard let fault else { return true }
        messages.append(LintMessage(severity: severity, path: path, message: fault))
        return false
    }

    // MARK: - Values

    private mutating func checkValues() -> GoMap? {
        let user: GoMap
        do throws(ValueOptions.Failure) {
            user = try options.values.merged()
        } catch {
            note(.error, "values.yaml", error.message)
            return nil
        }
        guard HostFile.exists("\(folder)/values.yaml") else {
            note(.info, "values.yaml", "file does not exist")
            return user
        }
        if let bytes = try? HostFile.read("\(folder)/values.yaml") {
            note(.error, "values.yaml", ChartLinter.valuesFault(bytes))
        }
        return user
    }

    private static func valuesFault(_ bytes: [UInt8]) -> String? {
        do throws(YAML.Failure) {
            let value = try YAML.parse(bytes)
            switch value {
            case .object, .null: return nil
            default:
                let kind =
                    value.array != nil
                    ? "array" : value.string != nil ? "string" : value.bool != nil ? "bool" : "number"
                return "unable to parse YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                    + "\(kind) into Go value of type common.Values"
            }
        } catch {
            return "unable to parse YAML: error converting YAML to JSON: \(error.message)"
        }
    }

    // MARK: - Dependencies and definitions

    private mutating func checkDependencies() {
        let chart: LoadedChart
        do throws(LoadFailure) {
            chart = try ChartLoader.load(folder)
        } catch {
            note(.error, "", "unable to load chart\n\t\(error.message)")
            return
        }
        let declared = (chart.metadata.dependencies ?? []).compactMap { $0?.name }
        let present = chart.dependencies.map(\.metadata.name)
        let undeclared = present.filter { !declared.contains($0) }
        if !undeclared.isEmpty {
            note(.error, "", "chart metadata is missing these dependencies: \(undeclared.joined(separator: ","))")
        }
        let missing = declared.filter { !present.contains($0) }
        if !missing.isEmpty {
            note(.warning, "", "chart directory is missing these dependencies: \(missing.joined(separator: ","))")
        }
    }

    private mutating func checkDefinitions() {
        guard HostFile.isFolder("\(folder)/crds") else { return }
        let chart: LoadedChart
        do throws(LoadFailure) {
            chart = try ChartLoader.load(folder)
        } catch {
            note(.error, "crds/", error.message)
            return
        }
        for file in chart.customResourceDefinitions where file.name.hasPrefix("\(chart.name)/crds/") {
            let path = String(file.name.dropFirst(chart.name.count + 1))
            for document in ManifestSorter.documents(file.text) { checkDefinition(document, path) }
        }
    }

    private mutating func checkDefinition(_ document: Text, _ path: String) {
        do throws(YAML.Failure) {
            let value = try YAML.parse(document)
            guard case .object(let object) = value else { return }
            let version = object["apiVersion"]?.string ?? ""
            note(
                .error, path,
                version.hasPrefix("apiextensions.k8s.io/") ? nil : "apiVersion is not in 'apiextensions.k8s.io'")
            let isDefinition = object["kind"]?.string == "CustomResourceDefinition"
            note(.error, path, isDefinition ? nil : "object kind is not 'CustomResourceDefinition'")
        } catch {
            note(.error, path, "unable to parse YAML: error converting YAML to JSON: \(error.message)")
        }
    }
}
