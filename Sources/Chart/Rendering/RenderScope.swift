import Document
import Template

/// The data that each chart's templates see: `.Values`, `.Chart`, `.Release`, `.Files`, `.Capabilities`, `.Subcharts`.
struct RenderScope {
    private let release: GoValue
    private let capabilities: GoValue

    init(_ release: ReleaseInfo, _ capabilities: Capabilities) {
        self.release = .map(
            GoMap([
                ("Name", .string(release.name)), ("Namespace", .string(release.namespace)),
                ("IsUpgrade", .bool(release.isUpgrade)), ("IsInstall", .bool(!release.isUpgrade)),
                ("Revision", .int(release.revision)), ("Service", .string("Helm")),
            ]))
        self.capabilities = capabilities.value
    }

    /// The templates of a chart and its subcharts, with what they see.
    func files(_ chart: LoadedChart, _ values: GoMap) -> [TemplateFile] {
        var result: [TemplateFile] = []
        _ = collect(chart, chart.name, values, isRoot: true, &result)
        return result
    }

    private func collect(
        _ chart: LoadedChart, _ path: String, _ values: GoMap, isRoot: Bool, _ result: inout [TemplateFile]
    ) -> GoMap {
        let subcharts = GoMap()
        let files = FilesObject(chart.files.map { (path: Text($0.name), contents: $0.contents) })
        let data = GoMap(
            [
                ("Chart", .map(chart.metadata.goValue(isRoot: isRoot))), ("Files", .object(files)),
                ("Release", release), ("Capabilities", capabilities), ("Values", .map(values.asValues)),
                ("Subcharts", .map(subcharts)),
            ], kind: .values)
        for subchart in chart.dependencies {
            let inner = values[Text(subchart.name)]?.map ?? GoMap()
            let path = "\(path)/charts/\(subchart.name)"
            subcharts[Text(subchart.name)] = .map(collect(subchart, path, inner, isRoot: false, &result))
        }
        let isLibrary = chart.metadata.type == "library"
        for template in chart.templates {
            // Of a library only what others include counts.
            if isLibrary, !Engine.isPartial(Text(template.name)) { continue }
            var file = TemplateFile(
                name: Text(SlashPath.clean("\(path)/\(template.name)")), contents: template.contents,
                basePath: Text(SlashPath.clean("\(path)/templates")), data: data)
            file.reading = template.reading
            result.append(file)
        }
        return data
    }
}

extension Metadata {
    /// `.Chart`: the metadata under the names that Go's struct has.
    func goValue(isRoot: Bool) -> GoMap {
        func strings(_ texts: [String]) -> GoValue { .list(texts.map { GoValue.string($0) }) }
        let notes = GoMap(kind: .string, isNil: annotations == nil)
        for note in annotations ?? [:] { notes[note.key] = note.value.text.map(GoValue.string) }
        return GoMap([
            ("APIVersion", .string(apiVersion)), ("Annotations", .map(notes)), ("AppVersion", .string(appVersion)),
            ("Condition", .string(condition)),
            ("Dependencies", .list((dependencies ?? []).compactMap { $0.map { .map($0.goValue) } })),
            ("Deprecated", .bool(deprecated)), ("Description", .string(description)), ("Home", .string(home)),
            ("Icon", .string(icon)), ("IsRoot", .bool(isRoot)), ("Keywords", strings(keywords)),
            ("KubeVersion", .string(kubeVersion)),
            ("Maintainers", .list(maintainers.compactMap { $0.map { .map($0.goValue) } })), ("Name", .string(name)),
            ("Sources", strings(sources)), ("Tags", .string(tags)), ("Type", .string(type)),
            ("Version", .string(version)),
        ])
    }
}

extension Metadata.Maintainer {
    fileprivate var goValue: GoMap {
        GoMap([("Email", .string(email)), ("Name", .string(name)), ("URL", .string(url))])
    }
}

extension Dependency {
    fileprivate var goValue: GoMap {
        let imports: [GoValue] = importValues.map { entry in
            entry.written.object.map { .map(GoMap($0, kind: .string)) } ?? GoValue(entry.written)
        }
        return GoMap([
            ("Alias", .string(alias)), ("Condition", .string(condition)), ("Enabled", .bool(enabled)),
            ("ImportValues", .list(imports)), ("Name", .string(name)), ("Repository", .string(repository)),
            ("Tags", .list(tags.map { GoValue.string($0) })), ("Version", .string(version)),
        ])
    }
}
