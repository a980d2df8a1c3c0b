import Document
import Template

/// Brings a chart's subcharts into the form in which they are rendered: aliases, conditions and tags, imported values.
struct DependencyProcessing {
    private(set) var warnings: [Warning] = []

    /// What Helm tells on the way.
    struct Warning {
        let message: String
        var attributes: [(String, String)] = []
    }

    /// Removes disabled subcharts, names the others by their aliases, and imports values, deepest first.
    mutating func process(_ chart: inout LoadedChart, _ user: GoMap) throws(Coalescing.Mismatch) {
        try enable(&chart, user, "")
        try importAll(&chart)
    }

    // MARK: - Conditions and tags

    private mutating func enable(
        _ chart: inout LoadedChart, _ user: GoMap, _ path: String
    ) throws(Coalescing.Mismatch) {
        guard var wanted = chart.metadata.dependencies?.compactMap({ $0 }) else { return }
        chart.dependencies = named(chart, &wanted)
        for index in wanted.indices { wanted[index].enabled = true }
        chart.metadata.dependencies = wanted
        var coalescing = Coalescing(merges: false)
        let sought = SoughtKeys(conditionsOf: chart, path: path)
        let values = try coalescing.values(chart, user, only: sought)
        applyTags(&wanted, values)
        applyConditions(&wanted, values, path)
        let disabled = Set(wanted.lazy.filter { !$0.enabled }.map(\.name))
        chart.dependencies.removeAll { disabled.contains($0.metadata.name) }
        for index in chart.dependencies.indices {
            let inner = path + chart.dependencies[index].metadata.name + "."
            try enable(&chart.dependencies[index], values, inner)
        }
        let kept = wanted.filter { !disabled.contains($0.name) }
        // Where none is left Helm's list is nil, and nothing is imported nor merged.
        chart.metadata.dependencies = kept.isEmpty ? nil : kept
    }

    /// The subcharts that Chart.yaml does not name, then those that it does, by their aliases.
    private func named(_ chart: LoadedChart, _ wanted: inout [Dependency]) -> [LoadedChart] {
        var result = chart.dependencies.filter { existing in
            !wanted.contains { $0.name == existing.name && isCompatible($0.version, existing.metadata.version) }
        }
        for index in wanted.indices {
            let dependency = wanted[index]
            let match = chart.dependencies.first {
                $0.name == dependency.name && isCompatible(dependency.version, $0.metadata.version)
            }
            if var subchart = match {
                if !dependency.alias.isEmpty { subchart.metadata.name = dependency.alias }
                result.append(subchart)
            }
            if !dependency.alias.isEmpty { wanted[index].name = dependency.alias }
        }
        return result
    }

    private func isCompatible(_ constraint: String, _ version: String) -> Bool {
        VersionRange.allows(constraint, version)
    }

    private mutating func applyTags(_ wanted: inout [Dependency], _ values: GoMap) {
        guard case .map(let tags)? = values["tags"] else { return }
        for index in wanted.indices {
            var (hasTrue, hasFalse) = (false, false)
            for tag in wanted[index].tags {
                switch tags[Text(tag)] {
                case nil: continue
                case .bool(true)?: hasTrue = true
                case .bool(false)?: hasFalse = true
                default:
                    let attributes = [("tag", tag), ("chart", wanted[index].name)]
                    warnings.append(Warning(message: "returned non-bool value", attributes: attributes))
                }
            }
            wanted[index].enabled = hasTrue || !hasFalse
        }
    }

    /// The first condition that is a boolean counts.
    private mutating func applyConditions(_ wanted: inout [Dependency], _ values: GoMap, _ path: String) {
        for index in wanted.indices {
            for condition in DependencyProcessing.conditions(of: wanted[index]) {
                guard let value = DependencyProcessing.value(at: path + condition, in: values) else { continue }
                if case .bool(let enabled) = value {
                    wanted[index].enabled = enabled
                    break
                }
                let attributes = [("path", condition), ("chart", wanted[index].name)]
                warnings.append(Warning(message: "returned non-bool value", attributes: attributes))
            }
        }
    }

    /// The paths of a dependency's condition, the most important one first.
    static func conditions(of dependency: Dependency) -> [String] {
        GoText.trimSpace(dependency.condition).split(separator: ",").map { String($0) }
    }

    /// The keys of a dotted path, of which there is always one.
    static func keys(of path: String) -> [Text] {
        path.split(separator: ".", omittingEmptySubsequences: false).map { Text($0) }
    }

    /// The value at the end of a dotted path; nil where there is none or a table.
    private static func value(at path: String, in values: GoMap) -> GoValue? {
        var keys = DependencyProcessing.keys(of: path)
        let last = keys.removeLast()
        guard let value = table(at: keys, in: values)?[last], value.map == nil else { return nil }
        return value
    }

    private static func table(at keys: some Sequence<Text>, in values: GoMap) -> GoMap? {
        var table: GoMap? = values
        for key in keys { table = table?[key]?.map }
        return table
    }

    // MARK: - Imported values

    private mutating func importAll(_ chart: inout LoadedChart) throws(Coalescing.Mismatch) {
        for index in chart.dependencies.indices { try importAll(&chart.dependencies[index]) }
        guard var wanted = chart.metadata.dependencies?.compactMap({ $0 }) else { return }
        var merging = Coalescing(merges: true)
        let values = try merging.values(chart, GoMap())
        let imported = GoMap()
        for index in wanted.indices {
            let entries = wanted[index].importValues
            for entry in entries { importOne(entry, of: wanted[index], values, into: imported) }
            // What templates see of them: two paths each.
            wanted[index].importValues = entries.compactMap(\.paths).map { child, parent in
                Dependency.Import(["child": .string(child), "parent": .string(parent)])
            }
        }
        chart.metadata.dependencies = wanted
        // Nothing of `imported` is laid into `values` while its tables are parts of them.
        let result = imported.entries.isEmpty ? values : values.deepCopy()
        merging.tables(result, imported, merges: true)
        chart.values = result.object ?? chart.values
    }

    private mutating func importOne(
        _ entry: Dependency.Import, of dependency: Dependency, _ values: GoMap, into imported: GoMap
    ) {
        guard let (child, parent) = entry.paths else { return }
        let keys = DependencyProcessing.keys(of: "\(dependency.name).\(child)")
        guard let table = DependencyProcessing.table(at: keys, in: values) else {
            warnings.append(missing(entry, dependency, keys, values))
            return
        }
        var source = table
        if parent != "." {
            for key in parent.split(separator: ".", omittingEmptySubsequences: false).reversed() {
                source = GoMap([(Text(key), .map(source))])
            }
        }
        var merging = Coalescing(merges: true)
        merging.tables(imported, source, merges: true)
    }

    private func missing(
        _ entry: Dependency.Import, _ dependency: Dependency, _ keys: [Text], _ values: GoMap
    ) -> Warning {
        // Helm names the first key that is no table.
        let depth = keys.indices.first { DependencyProcessing.table(at: keys[...$0], in: values) == nil } ?? 0
        let error = ("error", "\(keys[depth].quoted) is not a table")
        if case .string = entry.written { return Warning(message: "ImportValues missing table", attributes: [error]) }
        return Warning(
            message: "ImportValues missing table from chart", attributes: [("chart", dependency.name), error])
    }
}

extension Dependency.Import {
    /// Where it is taken from in the subchart's values, and where it is put; nil for what Helm passes over.
    var paths: (child: String, parent: String)? {
        func printed(_ value: Value?) -> String { GoValue(value ?? .null).printed.string }
        switch written {
        case .string(let path): return ("exports.\(path.string)", ".")
        case .object(let pair): return (printed(pair["child"]), printed(pair["parent"]))
        default: return nil
        }
    }
}

/// Whether versions lie in the ranges that Chart.yaml states.
enum VersionRange {
    /// Helm's IsCompatibleRange: false for a range or version that cannot be read.
    static func allows(_ constraint: String, _ version: String) -> Bool {
        guard let version = try? SemanticVersion(version), let range = try? VersionConstraint(constraint) else {
            return false
        }
        return range.allows(version)
    }
}
