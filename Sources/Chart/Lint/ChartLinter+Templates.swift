import Document
import Template

extension ChartLinter {
    mutating func checkTemplates() {
        let path = "templates/"
        guard files.exists("templates") else {
            note(.warning, path, "directory does not exist")
            return
        }
        guard note(.error, path, files.isFolder("templates") ? nil : "not a directory"),
            var chart = loaded(path), let files = rendered(&chart, path)
        else { return }
        for template in chart.templates {
            guard check(template.name, files[Text("\(chart.name)/\(template.name)")]) else { return }
        }
    }

    /// What each template wrote; nil where there is nothing to look at.
    private mutating func rendered(_ chart: inout LoadedChart, _ path: String) -> TextTable<Text>? {
        let values: GoMap
        do throws(Coalescing.Mismatch) {
            var processing = DependencyProcessing()
            try processing.process(&chart, user)
            var coalescing = Coalescing(merges: false)
            // Helm's linter puts the values together twice, so that defaults that a null took away come back.
            values = try coalescing.values(chart, try coalescing.values(chart, user))
        } catch {
            // Helm says nothing of these.
            return nil
        }
        if !options.skipsSchemaValidation {
            var warnings: [RenderWarning] = []
            guard note(.error, path, ValuesSchemas.fault(chart, values, &warnings)) else { return nil }
        }
        var host = options.host
        host.isLinting = true
        var request = RenderRequest(
            chart: chart, values: ValueOptions(),
            release: ReleaseInfo(name: "test-release", namespace: options.namespace),
            capabilities: options.capabilities, host: host)
        request.limits = options.limits
        do throws(RenderError) {
            return try ChartRenderer.execute(request, chart, values)
        } catch {
            note(.error, path, error.description)
            return nil
        }
    }

    /// Looks at what one template wrote; whether the others are to be looked at too.
    private mutating func check(_ path: String, _ text: Text?) -> Bool {
        let ending = GoText.ending(path)
        if ![".yaml", ".yml", ".tpl", ".txt"].contains(ending) {
            note(.error, path, "file extension '\(ending)' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt")
        }
        guard [".yaml", ".yml"].contains(ending.lowercased()), let text,
            !GoText.trimSpace(text.string).isEmpty
        else { return true }
        note(.warning, path, ChartLinter.indentFault(text))
        var objects = LintedObjects(text)
        while let element = objects.next() {
            switch element {
            case .nothing: continue
            case .fault(let words):
                note(.error, path, "unable to parse YAML: \(words)")
                return false
            case .object(let object): check(object, path, text)
            }
        }
        return true
    }

    private mutating func check(_ object: LintedObject, _ path: String, _ manifest: Text) {
        note(.warning, path, LintedName.fault(kind: object.kind, name: object.name))
        let minor = Int(options.capabilities.kubeVersion.minor) ?? 0
        note(
            .warning, path,
            DeprecatedAPIs.warning(apiVersion: object.apiVersion, kind: object.kind, minor: minor))
        if ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"].contains(object.kind) {
            let text = manifest.string
            let selects = text.contains("matchLabels") || text.contains("matchExpressions")
            let words = "a \(object.kind) must contain matchLabels or matchExpressions, and"
            note(.error, path, selects ? nil : "\(words) \(Text(object.name).quoted) does not")
        }
        if object.kind == "List" { note(.error, path, LintedObject.listFault(manifest)) }
    }

    private static func indentFault(_ text: Text) -> String? {
        for line in GoText.lines(text.string) {
            if GoText.trimSpace(line).isEmpty { continue }
            guard line.hasPrefix(" ") || line.hasPrefix("\t") else { return nil }
            return "document starts with an illegal indent: \(Text(line).quoted), which may cause parsing problems"
        }
        return nil
    }
}
