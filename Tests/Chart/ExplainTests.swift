import Chart
import Document
import Template
import TestSupport
import Testing

/// `values explain` on public charts, checked by taking each writer away: what it had won then belongs to the next, or
/// to nobody.
struct ExplainTests {
    /// Twenty of the smaller ones, evenly chosen; two subcharts of one name cannot be told apart by their folder.
    private static let charts: [String] = {
        guard let shared = Machine.shared else { return [] }
        let names = (try? Command("ls", ["-Sr", "\(shared)/helm/charts"]).run().output.split(separator: "\n")) ?? []
        let small = names.prefix(names.count * 2 / 3)
        return (0..<20).compactMap { number in
            small[(number * small.count / 20)...].prefix(6).map(String.init).first { name in
                guard let chart = try? ChartLoader.load("\(shared)/helm/charts/\(name)") else { return false }
                return !hasAliases(chart) && chart.metadata.type != "library" && !chart.values.isEmpty
            }
        }
    }()

    private static func hasAliases(_ chart: LoadedChart) -> Bool {
        (chart.metadata.dependencies ?? []).contains { $0?.alias.isEmpty == false }
            || chart.dependencies.contains(where: hasAliases)
    }

    private typealias Leaves = [[String]: ValueOrigins.Leaf]

    private func leaves(_ chart: LoadedChart, _ values: ValueOptions) throws -> Leaves {
        let request = RenderRequest(
            chart: chart, values: values, release: ReleaseInfo(name: "demo", namespace: "ns"),
            capabilities: .helmDefault, host: Charts.host)
        return Dictionary(try ValueOrigins(request).leaves.map { ($0.path, $0) }) { first, _ in first }
    }

    @Test(.needsShared, arguments: charts)
    func everyLeafNamesItsWriter(name: String) throws {
        guard let shared = Machine.shared else { return }
        let chart = try ChartLoader.load("\(shared)/helm/charts/\(name)")
        let folder = try ScratchFolder()
        let plain = try leaves(chart, ValueOptions())
        let values = try overrides(plain, folder)
        let before = try leaves(chart, values)
        var faults = before.isEmpty ? ["no leaves"] : []
        for (path, leaf) in before {
            // Helm adds empty maps by itself; every other value was written by someone.
            if !isEqual(leaf.value, leaf.winner?.value ?? [:]) { faults.append("\(path): \(leaf.text)") }
        }
        let writers = Set(before.values.compactMap(\.winner).map { Removed(kind: $0.kind, name: $0.name) })
        for writer in writers {
            guard let (rest, options) = taken(writer, chart, values) else { continue }
            let after = try leaves(rest, options)
            for (path, leaf) in before where !isRight(leaf, after[path], without: writer) {
                faults.append("\(path) without \(writer.name)\n\(leaf.text)\(after[path]?.text ?? "")")
            }
        }
        #expect(faults.isEmpty, "\(faults.prefix(5))")
    }

    private struct Removed: Hashable {
        let kind: String
        let name: String
    }

    private func isRight(
        _ leaf: ValueOrigins.Leaf, _ after: ValueOrigins.Leaf?, without writer: Removed
    ) -> Bool {
        guard let after else { return true }
        let others = ([leaf.winner].compactMap { $0 } + leaf.losers).filter { $0.name != writer.name }
        return after.winner?.name == others.first?.name
    }

    /// A file and a flag that each give some texts anew.
    private func overrides(_ leaves: Leaves, _ folder: ScratchFolder) throws -> ValueOptions {
        let texts = leaves.values.filter { $0.value.string != nil && $0.path.allSatisfy(isName) }
            .map(\.path).sorted { $0.lexicographicallyPrecedes($1) }
        var tree: Object = [:]
        var values = ValueOptions()
        for (index, path) in texts.enumerated() where index % 7 == 0 {
            tree = merged(tree, path[...])
            if index % 56 == 0, values.strings.count < 5 {
                values.strings.append("\(path.joined(separator: "."))=flag")
            }
        }
        values.files = [try folder.write(JSON.text(.object(tree)).string, to: "user.yaml")]
        return values
    }

    private func isName(_ step: String) -> Bool { step.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } }

    private func merged(_ tree: Object, _ path: ArraySlice<String>) -> Object {
        guard let first = path.first else { return tree }
        var tree = tree
        let key = Text(first)
        if path.count == 1 {
            tree[key] = "file"
        } else if case .object(let inner) = tree[key] ?? [:] {
            tree[key] = .object(merged(inner, path.dropFirst()))
        }
        return tree
    }

    /// The chart and the values without what a writer gives; nil for imports, which come from another's values.
    private func taken(
        _ writer: Removed, _ chart: LoadedChart, _ values: ValueOptions
    ) -> (LoadedChart, ValueOptions)? {
        var values = values
        switch writer.kind {
        case "flag": values.strings.removeAll { "--set-string \($0)" == writer.name }
        case "file": values.files = []
        case "chart":
            let path = writer.name.replacing("/charts/", with: "/").split(separator: "/").map(String.init)
            return without(chart, path.dropLast()).map { ($0, values) }
        default: return nil
        }
        return (chart, values)
    }

    private func without(_ chart: LoadedChart, _ path: ArraySlice<String>) -> LoadedChart? {
        guard path.first == chart.name else { return nil }
        var chart = chart
        if path.count == 1 {
            chart.values = [:]
            chart.raw.removeAll { $0.name == "values.yaml" }
            return chart
        }
        let rest = path.dropFirst()
        guard let index = chart.dependencies.firstIndex(where: { $0.name == rest.first }),
            let inner = without(chart.dependencies[index], rest)
        else { return nil }
        chart.dependencies[index] = inner
        return chart
    }

    /// Whether both are the same to templates, to whom every number of a file is a float64 and nulls are no values.
    private func isEqual(_ left: Value, _ right: Value) -> Bool {
        func plain(_ value: Value) -> Object? { GoMap(["v": withoutNulls(value)] as Object).object }
        return plain(left) == plain(right)
    }

    private func withoutNulls(_ value: Value) -> Value {
        guard case .object(let object) = value else { return value }
        return .object(Object(object.filter { !$0.value.isNull }.map { ($0.key, withoutNulls($0.value)) }))
    }
}
