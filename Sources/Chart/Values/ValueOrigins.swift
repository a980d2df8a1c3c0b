public import Document
import Template

/// Who wrote each value that templates see, and who would have written it otherwise: an addition of ours.
public struct ValueOrigins: Sendable {
    /// Something that gives values.
    public struct Writer: Sendable, Hashable {
        /// `flag`, `file`, `chart` or `import`.
        public let kind: String
        /// Such as `--set a=1`, `prod.yaml` or `app/charts/db/values.yaml`.
        public let name: String
        /// The line of the value in a file, from 1; nil where there is none.
        public let line: Int?
        /// What it gives.
        public let value: Value
    }

    /// One value at the end of a path.
    public struct Leaf: Sendable, Hashable {
        public let path: [String]
        public let value: Value
        public let winner: Writer?
        /// Those over whom the winner went, the nearest first.
        public let losers: [Writer]
    }

    public private(set) var leaves: [Leaf] = []
    var sources: [Source] = []

    /// A tree of values that someone gives, and where it hangs.
    struct Source {
        let kind: String
        let name: String
        let prefix: [Text]
        let tree: Object
        var place: YAML.Place?
        /// Its text, where it has places.
        var text: [UInt8] = []
    }

    /// Finds the writers for a chart and what a user says.
    public init(_ request: RenderRequest) throws(RenderError) {
        let (chart, values) = try ChartRenderer.values(request)
        try addUser(request.values)
        addCharts(chart)
        collect(.object(values.object ?? [:]), [], sources)
    }

    // MARK: - Sources, the strongest first

    private mutating func addUser(_ options: ValueOptions) throws(RenderError) {
        var given: [Source] = []
        for file in options.files { given.append(try source(file: file)) }
        let flags: [(String, [String], WritableKeyPath<ValueOptions, [String]>)] = [
            ("--set-json", options.json, \.json), ("--set", options.typed, \.typed),
            ("--set-string", options.strings, \.strings), ("--set-file", options.contents, \.contents),
            ("--set-literal", options.literals, \.literals),
        ]
        for (flag, texts, field) in flags {
            for text in texts {
                var single = ValueOptions()
                single[keyPath: field] = [text]
                given.append(
                    Source(
                        kind: "flag", name: "\(flag) \(text)", prefix: [], tree: try object(single), place: nil,
                        text: Array(text.utf8)))
            }
        }
        sources = given.reversed()
    }

    private func source(file: String) throws(RenderError) -> Source {
        var single = ValueOptions()
        single.files = [file]
        let text = (try? HostFile.read(file)) ?? []
        let place = try? YAML.locate(text).place
        return Source(kind: "file", name: file, prefix: [], tree: try object(single), place: place, text: text)
    }

    private func object(_ options: ValueOptions) throws(RenderError) -> Object {
        do throws(ValueOptions.Failure) {
            return try options.merged().object ?? [:]
        } catch {
            throw .values(error.message, error.place.map { [$0] } ?? [])
        }
    }

    /// Charts nearer to the root are stronger, and each is stronger than what it imports.
    private mutating func addCharts(_ root: LoadedChart) {
        var level: [(chart: LoadedChart, prefix: [Text], path: String)] = [(root, [], root.name)]
        while !level.isEmpty {
            for (chart, prefix, path) in level {
                let raw = chart.rawFile("values.yaml")?.bytes ?? []
                let own = (try? ValuesReader.read(raw)) ?? [:]
                sources.append(
                    Source(
                        kind: "chart", name: "\(path)/values.yaml", prefix: prefix, tree: own,
                        place: try? YAML.locate(raw).place, text: raw))
                addImports(of: chart, prefix, path)
            }
            level = level.flatMap { chart, prefix, path in
                chart.dependencies.map { ($0, prefix + [Text($0.name)], "\(path)/charts/\($0.name)") }
            }
        }
    }

    /// What a chart takes over from its subcharts' values.
    private mutating func addImports(of chart: LoadedChart, _ prefix: [Text], _ path: String) {
        for dependency in (chart.metadata.dependencies ?? []).compactMap({ $0 }) {
            guard let giver = chart.dependencies.first(where: { $0.name == dependency.name }) else { continue }
            for entry in dependency.importValues {
                guard let (child, parent) = entry.paths,
                    case .object(let tree)? = Value.object(giver.values)[path: steps(child)]
                else { continue }
                sources.append(
                    Source(
                        kind: "import", name: "import-values of \(path) from \(dependency.name)",
                        prefix: prefix + steps(parent), tree: tree, place: nil))
            }
        }
    }

    /// The names of a path with points; one point stands for the whole.
    private func steps(_ path: String) -> [Text] { path.split(separator: ".").map { Text(String($0)) } }

    // MARK: - Leaves

    private mutating func collect(_ value: Value, _ path: [Text], _ near: [Source]) {
        if case .object(let object) = value, !object.isEmpty {
            for member in object {
                let next = path + [member.key]
                // Globals come from other paths too.
                let reach = member.key == "global" || path.contains("global")
                collect(member.value, next, reach ? sources : near.filter { reaches($0, next) })
            }
            return
        }
        var writers: [Writer] = []
        for place in places(path) {
            for source in near { if let writer = writer(source, place) { writers.append(writer) } }
        }
        leaves.append(
            Leaf(
                path: path.map(\.string), value: value, winner: writers.first, losers: Array(writers.dropFirst())))
    }

    /// Whether a source may give something at a path or below it.
    private func reaches(_ source: Source, _ path: [Text]) -> Bool {
        if path.count <= source.prefix.count { return source.prefix.starts(with: path) }
        return path.starts(with: source.prefix)
            && Value.object(source.tree)[path: path.dropFirst(source.prefix.count)] != nil
    }

    /// Where a value may have been written: globals of a subchart also come from those above, which are stronger.
    func places(_ path: [Text]) -> [[Text]] {
        guard let index = path.firstIndex(of: "global"), index > 0 else { return [path] }
        return (0...index).map { Array(path[..<$0]) + path[index...] }
    }

    private func writer(_ source: Source, _ path: [Text]) -> Writer? {
        guard path.starts(with: source.prefix) else { return nil }
        var value = Value.object(source.tree)
        var place = source.place
        for key in path.dropFirst(source.prefix.count) {
            guard case .object(let object) = value else { return nil }
            let (index, found) = object.position(of: key)
            guard found else { return nil }
            value = object[index].value
            place = place.flatMap { $0.children.indices.contains(index) ? $0.children[index] : nil }
        }
        if value.isNull { return nil }
        return Writer(kind: source.kind, name: source.name, line: place?.line, value: value)
    }
}

extension ValueOrigins.Leaf {
    /// The path with points; a name that holds one stands in brackets.
    public var dotted: String {
        path.enumerated().map { index, name in
            name.contains(".") ? "[\"\(name)\"]" : index == 0 ? name : ".\(name)"
        }.joined()
    }

    /// Why the winner won over a loser.
    public func reason(over loser: ValueOrigins.Writer) -> String {
        switch (winner?.kind, loser.kind) {
        case ("flag", "flag"):
            "of two flags the later one counts, and --set-literal, --set-file, --set-string, --set and "
                + "--set-json in that order"
        case ("flag", _): "flags go over files and charts"
        case ("file", "file"): "of two files the later one counts"
        case ("file", _): "files go over charts"
        case (_, "import"): "a chart's own values go over imported ones"
        default: "a chart's values go over those of its subcharts"
        }
    }

    /// The leaf with its writers, one a line.
    public var text: String {
        func line(_ writer: ValueOrigins.Writer) -> String {
            writer.name + (writer.line.map { ":\($0)" } ?? "")
        }
        var result = "\(dotted): \(JSON.text(value).string)\n"
        if let winner { result += "  from \(line(winner))\n" }
        for loser in losers {
            result += "  over \(line(loser)) (\(JSON.text(loser.value).string); \(reason(over: loser)))\n"
        }
        return result
    }

    /// The leaf as JSON.
    public var json: Value {
        func object(_ writer: ValueOrigins.Writer) -> Object {
            var object: Object = [
                "kind": .string(writer.kind), "source": .string(writer.name), "value": writer.value,
            ]
            if let line = writer.line { object["line"] = .number(Number(Int64(line))) }
            return object
        }
        let lost = losers.map { loser -> Value in
            var entry = object(loser)
            entry["reason"] = .string(reason(over: loser))
            return .object(entry)
        }
        return [
            "path": .string(dotted), "value": value, "winner": winner.map { .object(object($0)) } ?? .null,
            "losers": .array(lost),
        ]
    }
}
