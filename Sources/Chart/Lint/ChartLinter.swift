import Document
public import Template

/// Looks a chart over as `helm lint` does.
public struct ChartLinter {
    /// What a lint needs beside the chart.
    public struct Options: Sendable {
        public var capabilities: Capabilities
        public var namespace = "default"
        public var host: Host
        public var skipsSchemaValidation = false
        public var limits = Limits()

        public init(capabilities: Capabilities, host: Host) {
            self.capabilities = capabilities
            self.host = host
        }
    }

    /// What a chart's examination gives.
    public struct Outcome: Sendable {
        public let messages: [LintMessage]
        /// What Helm remarks while it loads the chart, as often as it does.
        public let remarks: [String]
    }

    let files: LintedFiles
    let options: Options
    /// What the user says about values.
    let user: GoMap
    private(set) var messages: [LintMessage] = []
    private var remarks: [String] = []

    /// What is said of the chart in a folder or an archive, in Helm's order.
    ///
    /// - Parameter user: what the user says about values, already put together.
    /// - Throws: where no chart is to be found there at all.
    public static func lint(_ path: String, _ user: GoMap, _ options: Options) throws(LoadFailure) -> Outcome {
        let files = try LintedFiles(path)
        if !files.exists("Chart.yaml") {
            let isFile = HostFile.exists(path) && !HostFile.isFolder(path)
            throw LoadFailure(
                .notFound, path,
                "unable to check Chart.yaml file in chart: stat \(SlashPath.clean(path + "/Chart.yaml")): "
                    + (isFile ? "not a directory" : "no such file or directory"))
        }
        return BigStack.run { _ in outcome(ChartLinter(files: files, options: options, user: user)) }
    }

    private static func outcome(_ linter: ChartLinter) -> Outcome {
        var linter = linter
        linter.checkMetadata()
        linter.checkValues()
        linter.checkTemplates()
        linter.checkDependencies()
        linter.checkDefinitions()
        return Outcome(messages: linter.messages, remarks: linter.remarks)
    }

    private init(files: LintedFiles, options: Options, user: GoMap) {
        self.files = files
        self.options = options
        self.user = user
    }

    /// The chart, unless it cannot be loaded, which is noted under a path.
    mutating func loaded(_ path: String, _ words: String = "") -> LoadedChart? {
        do throws(LoadFailure) {
            let chart = try files.load()
            remarks += chart.remarks
            return chart
        } catch {
            note(.error, path, words + error.message)
            return nil
        }
    }

    /// Notes a fault; whether there was none.
    @discardableResult
    mutating func note(_ severity: LintMessage.Severity, _ path: String, _ fault: String?) -> Bool {
        guard let fault else { return true }
        messages.append(LintMessage(severity: severity, path: path, message: fault))
        return false
    }

    // MARK: - Values

    private mutating func checkValues() {
        let path = "values.yaml"
        guard files.exists(path) else {
            note(.info, path, "file does not exist")
            return
        }
        let values: GoMap
        do throws(LoadFailure) {
            let bytes = try files.read(path)
            values = try ChartLinter.values(bytes)
        } catch {
            note(.error, path, "unable to parse YAML: \(error.message)")
            return
        }
        guard !options.skipsSchemaValidation,
            let schema = try? files.read("values.schema.json"), !schema.isEmpty
        else { return }
        var coalescing = Coalescing(merges: false)
        let merged = user.deepCopy()
        coalescing.tables(merged, values, merges: false)
        var warnings: [RenderWarning] = []
        note(.error, path, ValuesSchemas.fault(schema, merged, &warnings))
    }

    /// Helm reads the first document only here.
    private static func values(_ bytes: [UInt8]) throws(LoadFailure) -> GoMap {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(bytes)
        } catch {
            throw LoadFailure(.malformed, "values.yaml", "error converting YAML to JSON: \(error.message)")
        }
        switch value {
        case .object(let object): return GoMap(object)
        case .null: return GoMap()
        default:
            let words = LintedObject.mismatch(value, "Go value", "common.Values").message
            throw LoadFailure(
                .malformed, "values.yaml", "error unmarshaling JSON: while decoding JSON: \(words)")
        }
    }

    // MARK: - Dependencies and definitions

    private mutating func checkDependencies() {
        guard let chart = loaded("", "unable to load chart\n\t") else { return }
        let path = files.place
        let declared = (chart.metadata.dependencies ?? []).compactMap { $0?.name }
        let present = chart.dependencies.map(\.metadata.name)
        let undeclared = present.filter { !declared.contains($0) }
        if !undeclared.isEmpty {
            note(.error, path, "chart metadata is missing these dependencies: \(undeclared.joined(separator: ","))")
        }
        let missing = declared.filter { !present.contains($0) }
        if !missing.isEmpty {
            note(.warning, path, "chart directory is missing these dependencies: \(missing.joined(separator: ","))")
        }
    }

    private mutating func checkDefinitions() {
        guard files.exists("crds") else { return }
        guard note(.error, "crds/", files.isFolder("crds") ? nil : "not a directory"),
            let chart = loaded("crds/")
        else { return }
        for file in ChartLinter.definitions(chart) {
            guard checkDefinitions(in: file) else { return }
        }
    }

    /// The definitions of subcharts are looked at too, under the names that they have there.
    private static func definitions(_ chart: LoadedChart) -> [ChartFile] {
        chart.files.filter { $0.name.hasPrefix("crds/") && LoadedChart.isManifest($0.name) }
            + chart.dependencies.flatMap(definitions)
    }

    private mutating func checkDefinitions(in file: ChartFile) -> Bool {
        var objects = LintedObjects(file.text)
        while let element = objects.next() {
            switch element {
            case .nothing: continue
            case .fault(let words):
                note(.error, file.name, "unable to parse YAML: \(words)")
                return false
            case .object(let object):
                let isExtension = object.apiVersion.hasPrefix("apiextensions.k8s.io")
                note(.error, file.name, isExtension ? nil : "apiVersion is not in 'apiextensions.k8s.io'")
                let isDefinition = object.kind == "CustomResourceDefinition"
                note(.error, file.name, isDefinition ? nil : "object kind is not 'CustomResourceDefinition'")
            }
        }
        return true
    }
}
