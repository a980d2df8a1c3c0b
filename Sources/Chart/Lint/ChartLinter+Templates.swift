import Document
import Template

extension ChartLinter {
    mutating func checkTemplates(_ user: GoMap?) {
        guard HostFile.exists("\(folder)/templates") else {
            note(.warning, "templates/", "directory does not exist")
            return
        }
        guard note(.error, "templates/", HostFile.isFolder("\(folder)/templates") ? nil : "not a directory") else {
            return
        }
        var chart: LoadedChart
        do throws(LoadFailure) {
            chart = try ChartLoader.load(folder)
        } catch {
            note(.error, "templates/", error.message)
            return
        }
        guard let user, let files = rendered(&chart, user) else { return }
        for template in chart.templates { check(template, files[Text("\(chart.name)/\(template.name)")]) }
    }

    /// What each template wrote; nil where the rendering failed.
    private mutating func rendered(_ chart: inout LoadedChart, _ user: GoMap) -> [Text: Text]? {
        var processing = DependencyProcessing()
        let values: GoMap
        do throws(Coalescing.Mismatch) {
            try processing.process(&chart, user)
            var coalescing = Coalescing(merges: false)
            values = try coalescing.values(chart, user)
        } catch {
            note(.error, "templates/", error.message)
            return nil
        }
        var host = options.host
        host.isLinting = true
        var request = RenderRequest(
            chart: chart, values: ValueOptions(),
            release: ReleaseInfo(name: "test-release", namespace: "default"), capabilities: options.capabilities,
            host: host)
        request.skipsSchemaValidation = options.skipsSchemaValidation
        do throws(RenderError) {
            return try ChartRenderer.execute(request, chart, values)
        } catch {
            note(.error, "templates/", error.description)
            return nil
        }
    }

    private mutating func check(_ template: ChartFile, _ text: Text?) {
        let path = template.name
        let allowed = ["yaml", "yml", "tpl", "txt"]
        let ending = path.split(separator: "/").last?.split(separator: ".").last.map(String.init) ?? ""
        if !allowed.contains(ending) || !path.contains(".") {
            note(.error, path, "file extension '.\(ending)' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt")
        }
        guard ending == "yaml" || ending == "yml", let text, !GoText.trimSpace(text.string).isEmpty else { return }
        note(.warning, path, ChartLinter.indentFault(text))
        for document in ManifestSorter.documents(text) {
            guard checkObject(document, path) else { return }
        }
    }

    private static func indentFault(_ text: Text) -> String? {
        for line in text.string.split(separator: "\n", omittingEmptySubsequences: false) {
            if GoText.trimSpace(line).isEmpty { continue }
            guard line.hasPrefix(" ") || line.hasPrefix("\t") else { return nil }
            return "document starts with an illegal indent: \(Text(line).quoted), which may cause parsing problems"
        }
        return nil
    }

    /// Whether the document could be read, so that those after it are looked at.
    private mutating func checkObject(_ document: Text, _ path: String) -> Bool {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(document)
        } catch {
            note(.error, path, "unable to parse YAML: error converting YAML to JSON: \(error.message)")
            return true
        }
        guard case .object = value else { return true }
        let name = value["metadata", "name"]?.string ?? ""
        let isGenerated = name.isEmpty && value["metadata", "generateName"]?.string != nil
        if !isGenerated { note(.warning, path, ChartLinter.nameFault(name, value["kind"]?.string ?? "")) }
        return true
    }

    private static func nameFault(_ name: String, _ kind: String) -> String? {
        if DNSName.isSubdomain(name), name.utf8.count <= 253 { return nil }
        let rule =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
            + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            + #"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#
        let quoted = Text(name).quoted
        return "object name does not conform to Kubernetes naming requirements: \(quoted): metadata.name: "
            + "Invalid value: \(quoted): \(rule)"
    }
}
